package org.latent4j.data.picture;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * At most 256 colours for a set of pictures: all of theirs, or the means of the boxes of a median cut, which cuts the box with the largest
 * squared error next.
 *
 * <p>Sources: Heckbert, "Color image quantization for frame buffer display", SIGGRAPH 1982; Floyd and Steinberg, "An adaptive algorithm
 * for spatial grey scale", 1976.
 */
final class Palette {
    private static final int SIZE = 256;
    /** Colours are counted with 6 bits a channel when there are too many to keep. */
    private static final int BITS = 6;

    private static final int CELLS = 1 << 3 * BITS;

    private final int[] colours;
    private final boolean exact;
    private final short[] nearest = new short[CELLS];

    private Palette(int[] colours, boolean exact) {
        this.colours = colours;
        this.exact = exact;
        Arrays.fill(nearest, (short) -1);
    }

    static Palette of(List<int[]> pictures) {
        int[] few = distinct(pictures);
        return few != null ? new Palette(few, true) : new Palette(medianCut(pictures), false);
    }

    /** All colours in ascending order, or null when there are more than fit. */
    private static int[] distinct(List<int[]> pictures) {
        int[] found = new int[0];
        for (int[] picture : pictures) {
            int previous = -1;
            for (int rgb : picture) {
                if (rgb == previous) {
                    continue;
                }
                previous = rgb;
                int at = Arrays.binarySearch(found, rgb);
                if (at < 0) {
                    if (found.length == SIZE) {
                        return null;
                    }
                    int[] more = Arrays.copyOf(found, found.length + 1);
                    System.arraycopy(found, -at - 1, more, -at, found.length + at + 1);
                    more[-at - 1] = rgb;
                    found = more;
                }
            }
        }
        return found;
    }

    private static int[] medianCut(List<int[]> pictures) {
        long[] count = new long[CELLS];
        for (int[] picture : pictures) {
            for (int rgb : picture) {
                count[cell(rgb)]++;
            }
        }
        List<Integer> used = new ArrayList<>();
        for (int cell = 0; cell < CELLS; cell++) {
            if (count[cell] > 0) {
                used.add(cell);
            }
        }
        PriorityQueue<Box> boxes = new PriorityQueue<>(Comparator.comparingDouble(box -> -box.error));
        boxes.add(new Box(used, count));
        while (boxes.size() < SIZE && boxes.peek().error > 0) {
            Box widest = boxes.remove();
            widest.cut(count, boxes);
        }
        return boxes.stream().mapToInt(box -> box.mean).toArray();
    }

    /** A set of cells with their mean colour and squared error. */
    private static final class Box {
        final List<Integer> cells;
        final int mean;
        final double error;
        final int longestAxis;

        Box(List<Integer> cells, long[] count) {
            this.cells = cells;
            double weight = 0;
            double[] sum = new double[3];
            double[] square = new double[3];
            for (int cell : cells) {
                weight += count[cell];
                for (int axis = 0; axis < 3; axis++) {
                    double value = level(cell, axis);
                    sum[axis] += count[cell] * value;
                    square[axis] += count[cell] * value * value;
                }
            }
            int rgb = 0;
            int longest = 0;
            double total = 0;
            double[] errors = new double[3];
            for (int axis = 0; axis < 3; axis++) {
                rgb = rgb << 8 | (int) Math.round(sum[axis] / weight);
                errors[axis] = cells.size() == 1 ? 0 : square[axis] - sum[axis] * sum[axis] / weight;
                total += errors[axis];
                longest = errors[axis] > errors[longest] ? axis : longest;
            }
            this.mean = rgb;
            this.error = total;
            this.longestAxis = longest;
        }

        /** Cuts at the weighted median of the axis with the largest error; both halves hold at least one cell. */
        void cut(long[] count, PriorityQueue<Box> into) {
            cells.sort(Comparator.comparingInt(cell -> level(cell, longestAxis)));
            long half = cells.stream().mapToLong(cell -> count[cell]).sum() / 2;
            int at = 0;
            for (long seen = 0; at < cells.size() - 1 && seen + count[cells.get(at)] <= half; at++) {
                seen += count[cells.get(at)];
            }
            at = Math.max(1, at);
            into.add(new Box(new ArrayList<>(cells.subList(0, at)), count));
            into.add(new Box(new ArrayList<>(cells.subList(at, cells.size())), count));
        }
    }

    BufferedImage apply(int[] rgb, int width, int height) {
        byte[] red = new byte[colours.length];
        byte[] green = new byte[colours.length];
        byte[] blue = new byte[colours.length];
        for (int i = 0; i < colours.length; i++) {
            red[i] = (byte) (colours[i] >> 16);
            green[i] = (byte) (colours[i] >> 8);
            blue[i] = (byte) colours[i];
        }
        IndexColorModel model = new IndexColorModel(8, colours.length, red, green, blue);
        BufferedImage indexed = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, model);
        byte[] indices = new byte[width * height];
        if (exact) {
            for (int i = 0; i < rgb.length; i++) {
                indices[i] = (byte) Arrays.binarySearch(colours, rgb[i]);
            }
        } else {
            diffuse(rgb, width, height, indices);
        }
        indexed.getRaster().setDataElements(0, 0, width, height, indices);
        return indexed;
    }

    private void diffuse(int[] rgb, int width, int height, byte[] indices) {
        float[] here = new float[3 * (width + 2)]; // errors carried into this row, one pixel of margin on both sides
        float[] below = new float[3 * (width + 2)];
        for (int y = 0; y < height; y++) {
            boolean forward = y % 2 == 0; // serpentine: no slanted patterns
            int step = forward ? 3 : -3;
            for (int i = 0; i < width; i++) {
                int x = forward ? i : width - 1 - i;
                int pixel = rgb[y * width + x];
                int at = 3 * (x + 1);
                int[] wanted = new int[3];
                for (int axis = 0; axis < 3; axis++) {
                    int value = pixel >> 16 - 8 * axis & 255;
                    wanted[axis] = Math.max(0, Math.min(255, Math.round(value + here[at + axis])));
                }
                int index = nearest(wanted[0] << 16 | wanted[1] << 8 | wanted[2]);
                indices[y * width + x] = (byte) index;
                for (int axis = 0; axis < 3; axis++) {
                    float error = (wanted[axis] - (colours[index] >> 16 - 8 * axis & 255)) / 16f;
                    here[at + step + axis] += 7 * error;
                    below[at - step + axis] += 3 * error;
                    below[at + axis] += 5 * error;
                    below[at + step + axis] += error;
                }
            }
            float[] spent = here;
            here = below;
            below = spent;
            Arrays.fill(below, 0);
        }
    }

    private int nearest(int rgb) {
        int cell = cell(rgb);
        if (nearest[cell] < 0) {
            int best = 0;
            int lowest = Integer.MAX_VALUE;
            for (int i = 0; i < colours.length; i++) {
                int red = level(cell, 0) - (colours[i] >> 16 & 255);
                int green = level(cell, 1) - (colours[i] >> 8 & 255);
                int blue = level(cell, 2) - (colours[i] & 255);
                int distance = red * red + green * green + blue * blue;
                if (distance < lowest) {
                    lowest = distance;
                    best = i;
                }
            }
            nearest[cell] = (short) best;
        }
        return nearest[cell];
    }

    private static int cell(int rgb) {
        return (rgb >> 18 & 63) << 12 | (rgb >> 10 & 63) << 6 | rgb >> 2 & 63;
    }

    /** Value 0 .. 255 of a cell's channel; the ends of the scale stay black and white. */
    private static int level(int cell, int axis) {
        int value = cell >> 6 * (2 - axis) & 63;
        return value << 2 | value >> 4;
    }
}
