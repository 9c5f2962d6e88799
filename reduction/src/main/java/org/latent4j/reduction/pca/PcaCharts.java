package org.latent4j.reduction.pca;

import java.awt.Color;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.latent4j.data.picture.Charts;
import org.latent4j.data.table.Table;

/** Pictures of principal components: shares of the variance, and scores in the plane. */
public final class PcaCharts {
    private static final int WIDTH = 840;
    private static final int MOST_POINTS = 20_000;
    private static final int SHADES = 25;
    /** Every so many shades one stands in the legend. */
    private static final int LEGEND_STEP = 6;

    private static final int MOST_CLASSES = 12;

    private PcaCharts() {}

    /** The share of the variance of each component and of the first so many together; {@code shown} of them. */
    public static XYChart spectrum(double[] variances, double total, int shown, String title) {
        int count = Math.min(shown, variances.length);
        double[] number = numbers(count);
        double[] each = new double[count];
        double[] together = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++) {
            each[i] = 100 * variances[i] / total;
            sum += each[i];
            together[i] = sum;
        }
        XYChart chart = Charts.xy(WIDTH, 480, title, "component", "share of the variance, %");
        marked(Charts.line(chart, "first so many together", number, together, Charts.SKY), Charts.SKY, count);
        marked(Charts.line(chart, "each", number, each, Charts.BLUE), Charts.BLUE, count);
        chart.getStyler().setYAxisMin(0.0).setYAxisMax(104.0);
        wholeNumbers(chart, count);
        return chart;
    }

    private static void marked(XYSeries series, Color colour, int count) {
        series.setMarkerColor(colour).setMarker(count > 60 ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE);
    }

    /** 1 ... count; the first a little less, as XChart labels every place, not round numbers, where all are equally far apart. */
    static double[] numbers(int count) {
        double[] numbers = IntStream.rangeClosed(1, count).asDoubleStream().toArray();
        numbers[0] -= 0.01;
        return numbers;
    }

    /** The x axis from 0 to a number above {@code upTo}, labelled at whole numbers. */
    static void wholeNumbers(XYChart chart, int upTo) {
        chart.getStyler().setXAxisMin(0.0).setXAxisMax(upTo + 0.5);
        chart.getStyler().setXAxisTickMarkSpacingHint(50);
        chart.getStyler()
                .setxAxisTickLabelsFormattingFunction(x -> x == Math.rint(x) ? String.valueOf((long) (double) x) : " ");
    }

    /** Scores (n) along two components; coloured by the target, if there is one. */
    public static XYChart scores(
            double[] x, double[] y, Table.Target target, String title, String xTitle, String yTitle) {
        XYChart chart = Charts.xy(WIDTH, WIDTH, title, xTitle, yTitle);
        chart.getStyler().setMarkerSize(x.length > 2000 ? 3 : 5);
        double[] across = around(x);
        double[] up = around(y);
        chart.getStyler().setXAxisMin(across[0]).setXAxisMax(across[1]);
        chart.getStyler().setYAxisMin(up[0]).setYAxisMax(up[1]);
        if (target instanceof Table.Classes classes && classes.names().size() <= MOST_CLASSES) {
            for (int c = 0; c < classes.names().size(); c++) {
                int label = c;
                add(
                        chart,
                        classes.names().get(c),
                        x,
                        y,
                        Charts.faded(Charts.category(c), 170),
                        i -> classes.labels()[i] == label);
            }
        } else if (target instanceof Table.Values values) {
            byValue(chart, x, y, values);
        } else {
            add(chart, "points", x, y, Charts.faded(Charts.BLUE, 150), i -> true);
            chart.getStyler().setLegendVisible(false);
        }
        return chart;
    }

    /** From a little below the least to a little above the largest. */
    static double[] around(double[] values) {
        double low = Arrays.stream(values).min().orElseThrow();
        double high = Arrays.stream(values).max().orElseThrow();
        double margin = high > low ? 0.04 * (high - low) : 1;
        return new double[] {low - margin, high + margin};
    }

    private static void byValue(XYChart chart, double[] x, double[] y, Table.Values target) {
        double low = Arrays.stream(target.values()).min().orElseThrow();
        double high = Arrays.stream(target.values()).max().orElseThrow();
        double width = high > low ? (high - low) / (SHADES - 1) : 1;
        for (int shade = 0; shade < SHADES; shade++) {
            int wanted = shade;
            XYSeries series = add(
                    chart,
                    String.format(Locale.ROOT, "%s = %s", target.column(), Charts.tickLabel(low + shade * width)),
                    x,
                    y,
                    Charts.faded(Charts.ramp(shade / (SHADES - 1.0)), 150),
                    i -> Math.round((target.values()[i] - low) / width) == wanted);
            if (series != null) {
                series.setShowInLegend(shade % LEGEND_STEP == 0);
            }
        }
    }

    private static XYSeries add(XYChart chart, String name, double[] x, double[] y, Color colour, IntPredicate member) {
        int every = Math.max(1, x.length / MOST_POINTS);
        int[] rows = IntStream.range(0, x.length)
                .filter(i -> i % every == 0 && member.test(i))
                .toArray();
        if (rows.length == 0) {
            return null;
        }
        return Charts.points(
                chart,
                name,
                Arrays.stream(rows).mapToDouble(i -> x[i]).toArray(),
                Arrays.stream(rows).mapToDouble(i -> y[i]).toArray(),
                colour);
    }
}
