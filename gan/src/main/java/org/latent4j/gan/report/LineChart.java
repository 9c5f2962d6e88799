package org.latent4j.gan.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Curves over one x axis as inline SVG; colours come from the page's style sheet (classes {@code s0}, {@code s1}, ...).
 *
 * <p>A curve is thinned to about {@value #MOST_POINTS} points, the smallest and the largest of each piece, so that no peak is lost. Rare
 * peaks that would flatten the rest are cut off, and the picture says so. NaN leaves a gap.
 */
record LineChart(String xTitle, double[] x, List<Series> series, List<Reference> references) {
    static final int MOST_POINTS = 600;

    private static final int WIDTH = 520;
    private static final int HEIGHT = 250;
    private static final int LEFT = 54;
    private static final int RIGHT = 12;
    private static final int TOP = 12;
    private static final int BOTTOM = 40;

    /** A curve: y[i] belongs to x[i]. */
    record Series(String name, double[] y) {}

    /** A level to compare with, drawn as a dashed line. */
    record Reference(String name, double y) {}

    private record Range(double low, double high, boolean cut) {}

    String svg() {
        Range xs = xRange();
        Range ys = yRange();
        StringBuilder svg = new StringBuilder();
        String names = String.join(", ", series.stream().map(Series::name).toList());
        append(svg, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">", WIDTH, HEIGHT, Html.escape(names));
        grid(svg, xs, ys);
        // A nested svg clips what it holds.
        append(
                svg,
                "<svg x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\">",
                LEFT,
                TOP - 2,
                WIDTH - LEFT - RIGHT,
                HEIGHT - TOP - BOTTOM + 4);
        append(svg, "<g transform=\"translate(%d %d)\">", -LEFT, -TOP + 2);
        for (int i = 0; i < series.size(); i++) {
            append(
                    svg,
                    "<path class=\"curve s%d\" d=\"%s\"/>",
                    i,
                    path(series.get(i).y(), xs, ys));
        }
        svg.append("</g></svg>");
        for (Reference reference : references) {
            double y = y(reference.y(), ys);
            append(svg, "<path class=\"level\" d=\"M%d %.1fH%d\"/>", LEFT, y, WIDTH - RIGHT);
            // Above the line, unless that is above the picture.
            double at = y - 5 < TOP + 8 ? y + 13 : y - 5;
            append(svg, "<text class=\"note\" x=\"%d\" y=\"%.1f\">", LEFT + 4, at);
            svg.append(Html.escape(reference.name())).append("</text>");
        }
        if (ys.cut()) {
            append(
                    svg,
                    "<text class=\"note right\" x=\"%d\" y=\"%d\">peaks cut off</text>",
                    WIDTH - RIGHT - 3,
                    TOP + 10);
        }
        return svg.append("</svg>").toString();
    }

    private void grid(StringBuilder svg, Range xs, Range ys) {
        for (double tick : ticks(ys, 5)) {
            append(svg, "<path class=\"grid\" d=\"M%d %.1fH%d\"/>", LEFT, y(tick, ys), WIDTH - RIGHT);
            append(
                    svg,
                    "<text class=\"y\" x=\"%d\" y=\"%.1f\">%s</text>",
                    LEFT - 8,
                    y(tick, ys) + 4,
                    Html.number(tick));
        }
        for (double tick : ticks(xs, 6)) {
            append(svg, "<text class=\"x\" x=\"%.1f\" y=\"%d\">%s</text>", x(tick, xs), HEIGHT - 22, Html.number(tick));
        }
        append(svg, "<text class=\"x\" x=\"%d\" y=\"%d\">", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 4);
        svg.append(Html.escape(xTitle)).append("</text>");
    }

    private Range xRange() {
        double low = finite(x).min().orElse(0);
        double high = finite(x).max().orElse(1);
        double from = low > 0 && low < 0.1 * high ? 0 : low; // training begins at 0
        return new Range(from, Math.max(high, from + 1e-9), false);
    }

    /** All values and levels, unless a hundredth of the values takes more than three quarters of the height. */
    private Range yRange() {
        double[] all = series.stream()
                .flatMapToDouble(curve -> finite(curve.y()))
                .sorted()
                .toArray();
        if (all.length == 0) {
            all = new double[] {0, 1};
        }
        double low = all[0];
        double high = all[all.length - 1];
        double lower = all[all.length / 200];
        double upper = all[all.length - 1 - all.length / 200];
        boolean cut = high - low > 4 * (upper - lower) && upper > lower;
        if (cut) {
            low = Math.max(low, lower - 0.3 * (upper - lower));
            high = Math.min(high, upper + 0.3 * (upper - lower));
        }
        for (Reference reference : references) {
            low = Math.min(low, reference.y());
            high = Math.max(high, reference.y());
        }
        double around = high > low ? 0.06 * (high - low) : Math.max(1e-3, Math.abs(high) * 0.1);
        // Quantities that are never negative keep their zero.
        return new Range(low >= 0 && low < around ? 0 : low - around, high + around, cut);
    }

    private String path(double[] y, Range xs, Range ys) {
        StringBuilder path = new StringBuilder();
        boolean pen = false;
        for (int i : thinned(y)) {
            if (!Double.isFinite(y[i]) || !Double.isFinite(x[i])) {
                pen = false;
                continue;
            }
            append(path, pen ? "L%.1f %.1f" : "M%.1f %.1f", x(x[i], xs), y(y[i], ys));
            if (!pen) {
                path.append("h.01"); // a point alone shows as a dot
            }
            pen = true;
        }
        return path.toString();
    }

    /** Indices of the points to draw: all of a short curve, else the smallest and the largest of each piece, and a gap where there is one. */
    static int[] thinned(double[] y) {
        int pieces = MOST_POINTS / 2;
        if (y.length <= MOST_POINTS) {
            int[] all = new int[y.length];
            Arrays.setAll(all, i -> i);
            return all;
        }
        List<Integer> kept = new ArrayList<>();
        for (int piece = 0; piece < pieces; piece++) {
            int from = (int) ((long) y.length * piece / pieces);
            int to = (int) ((long) y.length * (piece + 1) / pieces);
            int low = from;
            int high = from;
            for (int i = from; i < to; i++) {
                low = y[i] < y[low] || Double.isNaN(y[low]) ? i : low;
                high = y[i] > y[high] || Double.isNaN(y[high]) ? i : high;
            }
            kept.add(Math.min(low, high));
            if (low != high) {
                kept.add(Math.max(low, high));
            }
        }
        return kept.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Round numbers (1, 2 or 5 times a power of ten apart) within the range, about as many as asked for. */
    static double[] ticks(double low, double high, int about) {
        double raw = (high - low) / about;
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double step =
                raw / power < 1.5 ? power : raw / power < 3.5 ? 2 * power : raw / power < 7.5 ? 5 * power : 10 * power;
        long first = (long) Math.ceil(low / step - 1e-9);
        long last = (long) Math.floor(high / step + 1e-9);
        // Dividing by a whole number rounds better than multiplying by 0.1 and the like.
        double inverse = Math.rint(1 / step);
        boolean fraction = step < 1 && Math.abs(inverse * step - 1) < 1e-9;
        double[] ticks = new double[(int) (last - first + 1)];
        Arrays.setAll(ticks, i -> fraction ? (first + i) / inverse : (first + i) * step);
        return ticks;
    }

    private static double[] ticks(Range range, int about) {
        return ticks(range.low(), range.high(), about);
    }

    private static double x(double value, Range range) {
        return LEFT + (value - range.low()) / (range.high() - range.low()) * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double value, Range range) {
        double y = HEIGHT - BOTTOM - (value - range.low()) / (range.high() - range.low()) * (HEIGHT - TOP - BOTTOM);
        return Math.max(-1e4, Math.min(1e4, y));
    }

    private static DoubleStream finite(double[] values) {
        return Arrays.stream(values).filter(Double::isFinite);
    }

    private static void append(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }
}
