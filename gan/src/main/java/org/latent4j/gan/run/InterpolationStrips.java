package org.latent4j.gan.run;

import java.awt.image.BufferedImage;
import org.latent4j.data.DataException;
import org.latent4j.data.SampleShape;
import org.latent4j.data.picture.ImageGrid;

/**
 * Walks through the latent space as strips of images: each row goes on a great arc from one latent vector to another.
 *
 * <p>Images that change smoothly and are plausible on the way speak against a generator that only repeats what it was shown; jumps and
 * sudden blurs are borders between memorised images. Throws {@link DataException} for generators of points.
 */
public final class InterpolationStrips {
    private InterpolationStrips() {}

    /** {@code rows} walks of {@code columns} images, ends included; a seed's walk i starts at its latents 2 i and ends at 2 i + 1. */
    public static BufferedImage draw(TrainedGenerator generator, long seed, int rows, int columns) {
        if (!(generator.shape() instanceof SampleShape.Image image)) {
            throw new DataException("strips are of images, but the run's samples are " + generator.shape());
        }
        byte[] pixels = new byte[rows * columns * image.elements()];
        for (int row = 0; row < rows; row++) {
            float[] start = generator.latents(seed, 2 * row, 1);
            float[] end = generator.latents(seed, 2 * row + 1, 1);
            for (int column = 0; column < columns; column++) {
                double t = columns == 1 ? 0 : column / (columns - 1.0);
                byte[] one = SamplePictures.toBytes(generator.generate(generator.between(start, end, t)), image);
                System.arraycopy(one, 0, pixels, (row * columns + column) * one.length, one.length);
            }
        }
        return ImageGrid.of(image, rows, columns).draw(pixels);
    }
}
