package org.latent4j.gan.run;

import java.awt.image.BufferedImage;
import java.util.Locale;
import org.latent4j.compute.Philox;
import org.latent4j.data.Dataset;
import org.latent4j.data.PointDistribution;
import org.latent4j.data.PointSet;
import org.latent4j.data.SampleShape;
import org.latent4j.data.picture.ImageGrid;
import org.latent4j.data.picture.Scatter;

/** Draws samples (n, elements): a grid of images, or points over the real ones. */
public final class SamplePictures {
    private static final int REAL_POINTS = 5000;
    private static final int MOST_COLUMNS = 20;

    private final SampleShape shape;
    private final Scatter scatter;
    private final int columns;

    public SamplePictures(Dataset data) {
        this(data.shape(), data.shape() instanceof SampleShape.Point ? new Scatter(realPoints(data)) : null, 0);
    }

    private SamplePictures(SampleShape shape, Scatter scatter, int columns) {
        this.shape = shape;
        this.scatter = scatter;
        this.columns = columns;
    }

    /** The same, in a grid of so many columns, as for images whose classes take turns; 0, or too many: as it looks best. */
    public SamplePictures withColumns(int count) {
        return new SamplePictures(shape, scatter, count <= MOST_COLUMNS ? count : 0);
    }

    /** Images need no real ones beside them. */
    public static SamplePictures ofShape(SampleShape.Image shape) {
        return new SamplePictures(shape, null, 0);
    }

    private static PointSet realPoints(Dataset data) {
        if (data instanceof PointSet points) {
            return points;
        }
        PointDistribution distribution = (PointDistribution) data;
        int features = distribution.shape().features();
        float[] values = new float[REAL_POINTS * features];
        distribution.sample(new Philox(0, Philox.Purpose.EVALUATION, 1), values);
        return new PointSet(data.name(), PointSet.numbered(features), values);
    }

    public BufferedImage draw(float[] samples, double kimg) {
        if (shape instanceof SampleShape.Image image) {
            int n = samples.length / image.elements();
            ImageGrid grid = columns == 0
                    ? ImageGrid.forSamples(n, image)
                    : ImageGrid.of(image, (n + columns - 1) / columns, Math.min(n, columns));
            return grid.draw(toBytes(samples, image));
        }
        return scatter.draw(samples, String.format(Locale.ROOT, "after %.1f thousand real samples", kimg));
    }

    /** Network images (n, c, h, w) in -1 .. 1 as bytes (n, h, w, c) in 0 .. 255. */
    public static byte[] toBytes(float[] samples, SampleShape.Image image) {
        byte[] bytes = new byte[samples.length];
        int pixels = image.height() * image.width();
        int channels = image.channels();
        for (int start = 0; start < samples.length; start += image.elements()) {
            for (int c = 0; c < channels; c++) {
                for (int p = 0; p < pixels; p++) {
                    int level = Math.round((samples[start + c * pixels + p] + 1) * 127.5f);
                    bytes[start + p * channels + c] = (byte) Math.max(0, Math.min(255, level));
                }
            }
        }
        return bytes;
    }
}
