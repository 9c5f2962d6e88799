package org.latent4j.data.image;

import java.util.Arrays;

/**
 * Crops a picture to the centre part of the target's aspect ratio and resizes it: area average where it shrinks, bilinear where it
 * grows, in integers, so that the result is the exact average rounded half up, the same everywhere.
 *
 * <p>With 4 channels, colours are averaged with alpha as weight: hidden colours of transparent pixels don't bleed.
 */
final class Resize {
    /** Which source pixels make target pixel j of one axis: first[j], first[j] + 1, ... with weights[j], which sum to {@code total}. */
    private record Taps(int[] first, int[][] weights, long total) {

        static Taps of(int source, int target) {
            int[] first = new int[target];
            int[][] weights = new int[target][];
            boolean shrink = source >= target;
            for (int j = 0; j < target; j++) {
                if (shrink) {
                    // On a grid of source * target steps a source pixel is `target` long and a target pixel `source`
                    // long.
                    long from = (long) j * source;
                    long to = from + source;
                    first[j] = (int) (from / target);
                    weights[j] = new int[(int) ((to - 1) / target) - first[j] + 1];
                    for (int i = 0; i < weights[j].length; i++) {
                        long start = (long) (first[j] + i) * target;
                        weights[j][i] = (int) (Math.min(to, start + target) - Math.max(from, start));
                    }
                } else {
                    // Centre of target pixel j between the centres of two source pixels, in steps of 1 / (2 target).
                    long centre = (2L * j + 1) * source - target;
                    int left = (int) Math.floorDiv(centre, 2L * target);
                    int right = (int) Math.floorMod(centre, 2L * target);
                    if (left < 0 || left + 1 >= source) {
                        first[j] = Math.max(0, left);
                        weights[j] = new int[] {2 * target};
                    } else {
                        first[j] = left;
                        weights[j] = new int[] {2 * target - right, right};
                    }
                }
            }
            return new Taps(first, weights, shrink ? source : 2L * target);
        }
    }

    private Resize() {}

    /** Writes (height, width, channels) bytes to {@code out[at ..]}. */
    static void fit(Pixels in, int width, int height, byte[] out, int at) {
        int channels = in.channels();
        if (in.width() == width && in.height() == height) {
            System.arraycopy(in.data(), 0, out, at, width * height * channels);
            return;
        }
        int cropWidth = in.width();
        int cropHeight = in.height();
        if ((long) in.width() * height > (long) in.height() * width) {
            cropWidth = (int) Math.max(1, Math.round((double) in.height() * width / height));
        } else {
            cropHeight = (int) Math.max(1, Math.round((double) in.width() * height / width));
        }
        int left = (in.width() - cropWidth) / 2;
        int top = (in.height() - cropHeight) / 2;
        Taps across = Taps.of(cropWidth, width);
        Taps down = Taps.of(cropHeight, height);

        // Row sums of the last two source rows are kept: neighbouring target rows share them.
        long[][] rows = new long[2][width * channels];
        int[] inCache = {-1, -1};
        long[] sum = new long[width * channels];
        for (int j = 0; j < height; j++) {
            Arrays.fill(sum, 0);
            int[] weights = down.weights[j];
            for (int i = 0; i < weights.length; i++) {
                int y = down.first[j] + i;
                long[] row = rows[y & 1];
                if (inCache[y & 1] != y) {
                    rowSums(in, left, top + y, across, row);
                    inCache[y & 1] = y;
                }
                for (int x = 0; x < sum.length; x++) {
                    sum[x] += row[x] * weights[i];
                }
            }
            emit(sum, across.total * down.total, channels, out, at + j * width * channels);
        }
    }

    private static void rowSums(Pixels in, int left, int y, Taps across, long[] row) {
        int channels = in.channels();
        byte[] data = in.data();
        int rowStart = (y * in.width() + left) * channels;
        for (int j = 0, to = 0; j < across.first.length; j++, to += channels) {
            int[] weights = across.weights[j];
            int from = rowStart + across.first[j] * channels;
            for (int c = 0; c < channels; c++) {
                long sum = 0;
                for (int i = 0, p = from + c; i < weights.length; i++, p += channels) {
                    int value = data[p] & 0xFF;
                    if (channels == 4 && c < 3) {
                        value *= data[p + 3 - c] & 0xFF;
                    }
                    sum += (long) value * weights[i];
                }
                row[to + c] = sum;
            }
        }
    }

    private static void emit(long[] sum, long total, int channels, byte[] out, int at) {
        for (int x = 0; x < sum.length; x++) {
            long weight = channels == 4 && x % 4 != 3 ? sum[x | 3] : total;
            out[at + x] = (byte) (weight == 0 ? 0 : (sum[x] + weight / 2) / weight);
        }
    }
}
