package org.latent4j.compute.cpu;

import java.nio.ByteBuffer;
import org.latent4j.compute.graph.Kernel;
import org.latent4j.compute.graph.Shape;
import org.latent4j.compute.graph.Window;

/**
 * Copies each window of images into a row (h, w, channel) of a matrix, window by window; zeros where a window reaches beyond its image. Pixels side by side in an image and in its
 * windows are copied in one go. The library's own reorders, one for each place in a window, take two to three times as long.
 */
final class WindowCopy implements Kernel {
    /** Bytes to be written; fewer take less time than other threads to wake. */
    private static final long WORTH_SHARING = 400_000;
    /** More than one, in case a thread gets no core. */
    private static final int PARTS_OF_THREAD = 4;

    /** Bytes of pixels side by side; fewer are copied faster by the library. */
    private static final int WORTH_COPYING = 64;

    private final Array images;
    private final Array columns;
    private final Window window;
    private final int height;
    private final int width;
    private final int outputHeight;
    private final int outputWidth;
    private final int pixel; // bytes
    private final int together; // places side by side in a window and in the image
    private final int lines; // of windows side by side
    private final int parts;
    private final ByteBuffer zeros;
    private final Crew crew = Crew.ofAllCores();
    private final Crew.Work share = this::share;
    private ByteBuffer source; // known when nothing moves any more
    private ByteBuffer target;

    /**
     * Prepares the copies.
     *
     * @param images of a shape (N, C, H, W), channels last in memory
     * @param columns (windows, numbers of a window)
     */
    WindowCopy(Array images, Shape shape, Window window, Array columns) {
        this.images = images;
        this.columns = columns;
        this.window = window;
        this.height = Math.toIntExact(shape.size(2));
        this.width = Math.toIntExact(shape.size(3));
        this.outputHeight = Math.toIntExact(window.outputHeight(height));
        this.outputWidth = Math.toIntExact(window.outputWidth(width));
        this.pixel = pixel(images, shape);
        this.together = together(window);
        this.lines = Math.toIntExact(shape.size(0) * outputHeight);
        this.zeros = ByteBuffer.allocateDirect(together * pixel);
        long bytes = columns.desc().get_size();
        this.parts = bytes < WORTH_SHARING ? 1 : Math.min(lines, PARTS_OF_THREAD * crew.threads());
    }

    static boolean suits(Array images, Shape shape, Window window) {
        return together(window) * pixel(images, shape) >= WORTH_COPYING
                && images.desc().get_size() <= Integer.MAX_VALUE;
    }

    private static int pixel(Array images, Shape shape) {
        return Math.toIntExact(shape.size(1) * Dnnl.bytes(images.desc().get_data_type()));
    }

    private static int together(Window window) {
        return window.dilationWidth() == 1 ? window.width() : 1;
    }

    @Override
    public void run() {
        if (source == null) {
            source = images.bytes();
            target = columns.bytes();
        }
        crew.run(parts, share);
    }

    private void share(int part) {
        int end = (int) ((long) lines * (part + 1) / parts);
        for (int line = (int) ((long) lines * part / parts); line < end; line++) {
            line(line);
        }
    }

    /** The windows of a row of outputs. */
    private void line(int line) {
        int image = line / outputHeight;
        int top = line % outputHeight * window.strideHeight() - window.top();
        int row = window.height() * window.width() * pixel;
        int piece = together * pixel;
        int to = line * outputWidth * row;
        for (int h = 0; h < window.height(); h++) {
            int pixelRow = top + h * window.dilationHeight();
            boolean isThere = pixelRow >= 0 && pixelRow < height;
            int from = (image * height + pixelRow) * width;
            for (int w = 0; w < window.width(); w += together) {
                int column = w * window.dilationWidth() - window.left();
                if (isThere) {
                    pieces(from, column, to);
                } else {
                    for (int i = 0; i < outputWidth; i++) {
                        target.put(to + i * row, zeros, 0, piece);
                    }
                }
                to += piece;
            }
        }
    }

    /** Those of one place in the row's windows, or of some places side by side. */
    private void pieces(int from, int firstColumn, int firstTo) {
        int row = window.height() * window.width() * pixel;
        int to = firstTo;
        int column = firstColumn;
        for (int i = 0; i < outputWidth; i++) {
            if (column >= 0 && column + together <= width) {
                target.put(to, source, (from + column) * pixel, together * pixel);
            } else {
                int begin = Math.min(Math.max(-column, 0), together);
                int end = Math.min(Math.max(width - column, begin), together);
                target.put(to, zeros, 0, begin * pixel);
                if (begin < end) {
                    target.put(to + begin * pixel, source, (from + column + begin) * pixel, (end - begin) * pixel);
                }
                target.put(to + end * pixel, zeros, 0, (together - end) * pixel);
            }
            to += row;
            column += window.strideWidth();
        }
    }
}
