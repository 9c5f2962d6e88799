package org.latent4j.data.picture;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.util.Arrays;
import org.latent4j.data.DataException;
import org.latent4j.data.SampleShape;

/**
 * Lays samples out as one picture, row after row, and enlarges small ones by a whole factor, so that every pixel stays a sharp square.
 *
 * <p>Samples are uint8 (n, h, w, c) with 1 (grey), 3 (RGB) or 4 (RGBA) channels, n at most rows x columns. The picture is
 * {@code columns * (w * scale + 2) + 2} by {@code rows * (h * scale + 2) + 2} pixels and has the channels of the samples; gaps are mid-grey
 * (transparent with 4 channels), which separates black images as well as white ones.
 *
 * <p>Throws {@link DataException} for other channel counts, {@link IllegalArgumentException} for samples that don't fit the grid.
 */
public record ImageGrid(SampleShape.Image shape, int rows, int columns, int scale) {
    private static final int GAP = 2;
    private static final byte GAP_GREY = (byte) 128;
    /** A grid whose longer side would be below this many pixels is enlarged, samples at most {@link #MAX_SCALE} times. */
    private static final int COMFORTABLE_PIXELS = 900;

    private static final int MAX_SCALE = 8;

    public ImageGrid {
        if (shape.channels() != 1 && shape.channels() != 3 && shape.channels() != 4) {
            throw new DataException("images of " + shape.channels()
                    + " channels can't be drawn: 1 (grey), 3 (RGB) or 4 (RGBA) are needed; write them as NPY instead");
        }
        if (rows < 1 || columns < 1 || scale < 1) {
            throw new IllegalArgumentException("a grid needs rows, columns and scale of at least 1, but got " + rows
                    + ", " + columns + ", " + scale);
        }
    }

    /** A grid of this many rows and columns, with a comfortable scale. */
    public static ImageGrid of(SampleShape.Image shape, int rows, int columns) {
        int longer = Math.max(columns * (shape.width() + GAP), rows * (shape.height() + GAP));
        int scale = Math.max(1, Math.min(MAX_SCALE, COMFORTABLE_PIXELS / Math.max(1, longer)));
        return new ImageGrid(shape, rows, columns, scale);
    }

    /** A grid for n samples whose picture is near square; one without empty cells is preferred while its sides stay within 1 : 2. */
    public static ImageGrid forSamples(int n, SampleShape.Image shape) {
        if (n < 1) {
            throw new IllegalArgumentException("a grid needs at least one sample, but got " + n);
        }
        int best = n;
        double lowest = Double.POSITIVE_INFINITY;
        for (int columns = n; columns >= 1; columns--) {
            int rows = (n + columns - 1) / columns;
            int empty = rows * columns - n;
            double cost = Math.abs(Math.log((double) columns * shape.width() / ((double) rows * shape.height())));
            cost += empty == 0 ? 0 : Math.log(2) + (double) empty / n;
            if (cost < lowest) {
                lowest = cost;
                best = columns;
            }
        }
        return of(shape, (n + best - 1) / best, best);
    }

    /** One sample (h, w, c) as it is: no frame, not enlarged. */
    public static BufferedImage single(SampleShape.Image shape, byte[] sample) {
        return new ImageGrid(shape, 1, 1, 1).draw(sample).getSubimage(GAP, GAP, shape.width(), shape.height());
    }

    public BufferedImage draw(byte[] samples) {
        int n = samples.length / shape.elements();
        if (samples.length % shape.elements() != 0 || n > rows * columns) {
            throw new IllegalArgumentException(samples.length + " bytes are not 1 to " + rows * columns + " images of "
                    + shape.elements() + " bytes (" + shape + ")");
        }
        BufferedImage picture = new BufferedImage(
                columns * (shape.width() * scale + GAP) + GAP,
                rows * (shape.height() * scale + GAP) + GAP,
                switch (shape.channels()) {
                    case 1 -> BufferedImage.TYPE_BYTE_GRAY;
                    case 3 -> BufferedImage.TYPE_3BYTE_BGR;
                    default -> BufferedImage.TYPE_4BYTE_ABGR;
                });
        // Bands of a raster are in the order R, G, B, A whatever the order in memory, and grey is not colour-managed on
        // the way.
        WritableRaster raster = picture.getRaster();
        if (shape.channels() < 4) {
            byte[] row = new byte[picture.getWidth() * shape.channels()];
            Arrays.fill(row, GAP_GREY);
            for (int y = 0; y < picture.getHeight(); y++) {
                raster.setDataElements(0, y, picture.getWidth(), 1, row);
            }
        }
        for (int i = 0; i < n; i++) {
            int left = GAP + i % columns * (shape.width() * scale + GAP);
            int top = GAP + i / columns * (shape.height() * scale + GAP);
            drawSample(samples, i * shape.elements(), raster, left, top);
        }
        return picture;
    }

    private void drawSample(byte[] samples, int from, WritableRaster raster, int left, int top) {
        int channels = shape.channels();
        int width = shape.width() * scale;
        byte[] row = new byte[width * channels];
        for (int y = 0; y < shape.height(); y++) {
            for (int x = 0; x < width; x++) {
                System.arraycopy(
                        samples, from + (y * shape.width() + x / scale) * channels, row, x * channels, channels);
            }
            for (int copy = 0; copy < scale; copy++) {
                raster.setDataElements(left, top + y * scale + copy, width, 1, row);
            }
        }
    }
}
