package org.latent4j.compute.graph;

/**
 * A window that slides over images (N, C, H, W): sizes in pixels, height first.
 *
 * <p>Throws {@link IllegalArgumentException} for sizes below 1, negative padding, or an image smaller than the window.
 *
 * @param top padding above; {@code left}, {@code bottom} and {@code right} likewise
 * @param dilationHeight 1 for a dense window
 */
public record Window(
        int height,
        int width,
        int strideHeight,
        int strideWidth,
        int top,
        int left,
        int bottom,
        int right,
        int dilationHeight,
        int dilationWidth) {

    public Window {
        if (Math.min(Math.min(height, width), Math.min(strideHeight, strideWidth)) < 1
                || Math.min(dilationHeight, dilationWidth) < 1) {
            throw new IllegalArgumentException("kernel, stride and dilation must be positive: " + height + "x" + width
                    + ", " + strideHeight + "x" + strideWidth + ", " + dilationHeight + "x" + dilationWidth);
        }
        if (Math.min(Math.min(top, bottom), Math.min(left, right)) < 0) {
            throw new IllegalArgumentException(
                    "padding must not be negative: " + top + ", " + left + ", " + bottom + ", " + right);
        }
    }

    /** A window without padding or dilation that steps by its own size. */
    public static Window tile(int height, int width) {
        return new Window(height, width, height, width, 0, 0, 0, 0, 1, 1);
    }

    public long outputHeight(long inputHeight) {
        return outputs(inputHeight, top + bottom, height, strideHeight, dilationHeight);
    }

    public long outputWidth(long inputWidth) {
        return outputs(inputWidth, left + right, width, strideWidth, dilationWidth);
    }

    private static long outputs(long input, int padding, int kernel, int stride, int dilation) {
        long room = input + padding - ((long) (kernel - 1) * dilation + 1);
        if (room < 0) {
            throw new IllegalArgumentException("a window of " + kernel + " pixels (dilation " + dilation
                    + ") does not fit into " + input + " pixels with " + padding + " of padding");
        }
        return room / stride + 1;
    }

    @Override
    public String toString() {
        String dilation = dilationHeight * dilationWidth == 1 ? "" : " dilated " + dilationHeight + "x" + dilationWidth;
        return height + "x" + width + "/" + strideHeight + "x" + strideWidth + " padded " + top + "," + left + ","
                + bottom + "," + right + dilation;
    }
}
