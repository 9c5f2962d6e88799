package org.latent4j.data;

/** The shape of one sample: an image of (channels, height, width) values or a point of p features. */
public sealed interface SampleShape {

    /** Numbers in one sample. */
    int elements();

    /** (channels, height, width): the order in which networks take images. */
    record Image(int channels, int height, int width) implements SampleShape {
        public Image {
            if (channels < 1 || height < 1 || width < 1) {
                throw new IllegalArgumentException("an image needs at least one channel and pixel, but has " + channels
                        + " x " + height + " x " + width);
            }
        }

        @Override
        public int elements() {
            return Math.multiplyExact(channels, Math.multiplyExact(height, width));
        }

        @Override
        public String toString() {
            return width + "x" + height + " pixels, " + channels + (channels == 1 ? " channel" : " channels");
        }
    }

    /** Features of a point. */
    record Point(int features) implements SampleShape {
        public Point {
            if (features < 1) {
                throw new IllegalArgumentException("a point needs at least one feature, but has " + features);
            }
        }

        @Override
        public int elements() {
            return features;
        }

        @Override
        public String toString() {
            return "points of " + features + (features == 1 ? " feature" : " features");
        }
    }
}
