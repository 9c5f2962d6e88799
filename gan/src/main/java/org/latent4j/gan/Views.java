package org.latent4j.gan;

import java.util.Arrays;
import org.latent4j.compute.Philox;
import org.latent4j.compute.graph.GameKernels;
import org.latent4j.data.DataException;
import org.latent4j.data.SampleShape;
import org.latent4j.gan.Augmentation.Kind;

/**
 * The random views of {@link Augmentation} on minibatches of images, in place, and the way of gradients back through them. A view is a
 * function of the seed and the number of the pass. Images are (m, c, h, w) or (m, h, w, c) in -1 .. 1. Nothing is allocated.
 *
 * <p>Throws {@link DataException} for samples that are no images.
 */
public final class Views {
    private static final double SHIFT = 1.0 / 8;

    private final Augmentation augmentation;
    private final int channels;
    private final int height;
    private final int width;
    private final int elements;
    private final int pixelStep;
    private final int channelStep;
    private final Philox random;
    private final float[] shifted;

    // Of one image.
    private float brightness;
    private float saturation;
    private float contrast;
    private int down;
    private int right;
    private int cutTop;
    private int cutLeft;
    private int rollDown;
    private int rollRight;

    /** {@code channelsLast}: whether images lie in memory as (h, w, c). */
    public Views(Augmentation augmentation, SampleShape shape, boolean channelsLast, long seed) {
        this.augmentation = augmentation;
        if (any() && !(shape instanceof SampleShape.Image)) {
            throw new DataException(
                    "--augment " + augmentation + " changes images, but the data are " + shape + "; leave it out");
        }
        SampleShape.Image image = shape instanceof SampleShape.Image i ? i : new SampleShape.Image(1, 1, 1);
        this.channels = image.channels();
        this.height = image.height();
        this.width = image.width();
        this.elements = image.elements();
        this.pixelStep = channelsLast ? channels : 1;
        this.channelStep = channelsLast ? 1 : height * width;
        this.random = new Philox(seed, Philox.Purpose.VIEW, 0);
        this.shifted = new float[elements];
    }

    /** Whether anything changes. */
    public boolean any() {
        return !augmentation.kinds().isEmpty();
    }

    /** What the views of a pass are, {@link GameKernels#VIEW_NUMBERS} numbers for each image as {@link GameKernels#view} takes them. */
    public void numbers(float[] out, long pass) {
        random.restart(pass);
        boolean colour = augmentation.has(Kind.COLOUR);
        boolean rolls = augmentation.has(Kind.ROLL);
        boolean translates = augmentation.has(Kind.TRANSLATION);
        boolean cuts = augmentation.has(Kind.CUTOUT);
        for (int from = 0; from < out.length; from += GameKernels.VIEW_NUMBERS) {
            draw();
            out[from] = colour ? brightness : 0;
            out[from + 1] = colour ? saturation : 1;
            out[from + 2] = colour ? contrast : 1;
            out[from + 3] = translates ? down : 0;
            out[from + 4] = translates ? right : 0;
            out[from + 5] = rolls ? rollDown : 0;
            out[from + 6] = rolls ? rollRight : 0;
            out[from + 7] = cuts ? cutTop : height;
            out[from + 8] = cuts ? cutLeft : width;
        }
    }

    /** How the images lie. */
    public GameKernels.Images images() {
        return new GameKernels.Images(channels, height, width, channelStep == 1);
    }

    /** Turns images into their views. */
    public void show(float[] images, long pass) {
        random.restart(pass);
        for (int from = 0; from < images.length; from += elements) {
            draw();
            if (augmentation.has(Kind.COLOUR)) {
                add(images, from, brightness);
                mixChannels(images, from);
                mixAll(images, from);
            }
            if (augmentation.has(Kind.ROLL)) {
                roll(images, from, rollDown, rollRight);
            }
            if (augmentation.has(Kind.TRANSLATION)) {
                translate(images, from, down, right);
            }
            if (augmentation.has(Kind.CUTOUT)) {
                cut(images, from);
            }
        }
    }

    /** Turns gradients with respect to views into gradients with respect to the images: the adjoint of {@link #show}. */
    public void back(float[] gradients, long pass) {
        random.restart(pass);
        for (int from = 0; from < gradients.length; from += elements) {
            draw();
            if (augmentation.has(Kind.CUTOUT)) {
                cut(gradients, from);
            }
            if (augmentation.has(Kind.TRANSLATION)) {
                translate(gradients, from, -down, -right);
            }
            if (augmentation.has(Kind.ROLL)) {
                roll(gradients, from, height - rollDown, width - rollRight);
            }
            if (augmentation.has(Kind.COLOUR)) {
                mixAll(gradients, from); // both mixtures are symmetric
                mixChannels(gradients, from);
            }
        }
    }

    /** The same numbers whatever changes, so that each kind is independent of the others. */
    private void draw() {
        brightness = (float) (random.nextDouble() - 0.5);
        saturation = (float) (2 * random.nextDouble());
        contrast = (float) (0.5 + random.nextDouble());
        down = shift(height);
        right = shift(width);
        cutTop = random.nextInt(height) - window(height) / 2;
        cutLeft = random.nextInt(width) - window(width) / 2;
        boolean rolls = random.nextBoolean(); // or else the generator would be free in where it puts things
        rollDown = rolls ? random.nextInt(height) : 0;
        rollRight = rolls ? random.nextInt(width) : 0;
    }

    private int shift(int side) {
        int most = (int) Math.round(SHIFT * side);
        return random.nextInt(2 * most + 1) - most;
    }

    private static int window(int side) {
        return (side + 1) / 2;
    }

    private void add(float[] images, int from, float value) {
        for (int i = from; i < from + elements; i++) {
            images[i] += value;
        }
    }

    /** Each pixel's channels towards their mean, or away from it. */
    private void mixChannels(float[] images, int from) {
        for (int pixel = 0, at = from; pixel < height * width; pixel++, at += pixelStep) {
            float sum = 0;
            for (int c = 0; c < channels; c++) {
                sum += images[at + c * channelStep];
            }
            float rest = (1 - saturation) * sum / channels;
            for (int c = 0; c < channels; c++) {
                int i = at + c * channelStep;
                images[i] = saturation * images[i] + rest;
            }
        }
    }

    /** All numbers of an image towards their mean, or away from it. */
    private void mixAll(float[] images, int from) {
        double sum = 0;
        for (int i = from; i < from + elements; i++) {
            sum += images[i];
        }
        float rest = (float) ((1 - contrast) * sum / elements);
        for (int i = from; i < from + elements; i++) {
            images[i] = contrast * images[i] + rest;
        }
    }

    /** Cyclic: row y goes to row y + rows, and from the last one on to the first. */
    private void roll(float[] images, int from, int rows, int columns) {
        int planes = pixelStep == 1 ? channels : 1;
        int row = width * pixelStep;
        int head = columns % width * pixelStep; // numbers that come in on the left
        for (int plane = 0; plane < planes; plane++) {
            for (int y = 0; y < height; y++) {
                int source = from + (plane * height + y) * row;
                int target = (plane * height + (y + rows) % height) * row;
                System.arraycopy(images, source, shifted, target + head, row - head);
                System.arraycopy(images, source + row - head, shifted, target, head);
            }
        }
        System.arraycopy(shifted, 0, images, from, elements);
    }

    private void translate(float[] images, int from, int rows, int columns) {
        Arrays.fill(shifted, 0);
        int planes = pixelStep == 1 ? channels : 1;
        int kept = Math.max(0, width - Math.abs(columns)) * pixelStep;
        for (int plane = 0; plane < planes; plane++) {
            int start = plane * height * width;
            for (int y = Math.max(0, rows); y < Math.min(height, height + rows); y++) {
                int source = start + ((y - rows) * width + Math.max(0, -columns)) * pixelStep;
                int target = start + (y * width + Math.max(0, columns)) * pixelStep;
                System.arraycopy(images, from + source, shifted, target, kept);
            }
        }
        System.arraycopy(shifted, 0, images, from, elements);
    }

    private void cut(float[] images, int from) {
        for (int y = Math.max(0, cutTop); y < Math.min(height, cutTop + window(height)); y++) {
            for (int x = Math.max(0, cutLeft); x < Math.min(width, cutLeft + window(width)); x++) {
                for (int c = 0; c < channels; c++) {
                    images[from + (y * width + x) * pixelStep + c * channelStep] = 0;
                }
            }
        }
    }
}
