package org.latent4j.gan.report;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.latent4j.data.ImageSet;
import org.latent4j.data.SampleShape;
import org.latent4j.data.picture.ImageGrid;
import org.latent4j.gan.evaluate.NearestImages;
import org.latent4j.gan.run.SamplePictures;

/**
 * Generated images above their nearest training images: in the first two rows those that are nearest of all, where copies would show, in
 * the other two the first ones of the seed.
 */
public final class NearestPicture {
    private static final int COLUMNS = 12;

    private NearestPicture() {}

    /** Draws generated images (n, c, h, w) in -1 .. 1, n as in {@code found}. */
    public static BufferedImage draw(float[] generated, ImageSet training, NearestImages found) {
        SampleShape.Image shape = training.shape();
        int columns = Math.min(COLUMNS, found.nearest().length);
        int[] closest = IntStream.range(0, found.nearest().length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> found.distance()[i]))
                .limit(columns)
                .mapToInt(Integer::intValue)
                .toArray();
        int elements = shape.elements();
        byte[] pixels = new byte[4 * columns * elements];
        for (int column = 0; column < columns; column++) {
            pair(generated, training, found, closest[column], pixels, column, columns);
            pair(generated, training, found, column, pixels, 2 * columns + column, columns);
        }
        return ImageGrid.of(shape, 4, columns).draw(pixels);
    }

    private static void pair(
            float[] generated, ImageSet training, NearestImages found, int sample, byte[] pixels, int cell, int below) {
        int elements = training.shape().elements();
        float[] one = Arrays.copyOfRange(generated, sample * elements, (sample + 1) * elements);
        System.arraycopy(SamplePictures.toBytes(one, training.shape()), 0, pixels, cell * elements, elements);
        training.read(found.nearest()[sample], pixels, (cell + below) * elements);
    }
}
