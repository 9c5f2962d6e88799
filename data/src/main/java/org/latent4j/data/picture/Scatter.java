package org.latent4j.data.picture;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Locale;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.latent4j.data.PointSet;

/**
 * Draws generated points over real ones: a scatter plot of two features with equal units on both axes, or the two densities of one feature.
 *
 * <p>Points are (n, p) in the data's units; of more than two features the first two are drawn, and the axes say so. The axes come from the
 * real points alone (their 0.1 to 99.9 % quantiles and 15 % around), so that pictures of one run can be laid over each other; the legend
 * counts what lies outside. Pictures are 840 by 840 pixels, or 840 by 560 for one feature.
 *
 * <p>Throws {@link IllegalArgumentException} when the generated values are no whole number of points.
 */
public final class Scatter {
    private static final int WIDTH = 840;
    private static final int BINS = 60;
    /** More real points than this only make the cloud denser. */
    private static final int MOST_REAL = 4000;

    private static final Color REAL = Charts.SKY;
    private static final Color GENERATED = Charts.VERMILION;

    private final PointSet real;
    private final int features;
    private final double[] low;
    private final double[] high;

    public Scatter(PointSet real) {
        this.real = real;
        this.features = real.shape().features();
        int axes = Math.min(2, features);
        this.low = new double[axes];
        this.high = new double[axes];
        for (int axis = 0; axis < axes; axis++) {
            double[] sorted = column(real.values(), axis, 1);
            Arrays.sort(sorted);
            int tail = (int) (sorted.length * 0.001);
            low[axis] = sorted[tail];
            high[axis] = sorted[sorted.length - 1 - tail];
            double range = high[axis] - low[axis];
            double around = range > 0 ? 0.15 * range : Math.max(1, Math.abs(low[axis])) * 0.5;
            low[axis] -= around;
            high[axis] += around;
        }
        if (axes == 2) {
            equalizeUnits();
        }
    }

    /** The ends of the axes: {@code {low, high}} of the first feature, then of the second. */
    double[][] limits() {
        double[][] limits = new double[low.length][];
        for (int axis = 0; axis < low.length; axis++) {
            limits[axis] = new double[] {low[axis], high[axis]};
        }
        return limits;
    }

    /** Generated points (n, p) over the real ones. */
    public BufferedImage draw(float[] generated, String title) {
        if (generated.length == 0 || generated.length % features != 0) {
            throw new IllegalArgumentException(
                    generated.length + " generated values are no whole number of points of " + features + " features");
        }
        XYChart chart = low.length == 1 ? densities(generated) : cloud(generated);
        chart.setTitle(title);
        return BitmapEncoder.getBufferedImage(chart);
    }

    private XYChart cloud(float[] generated) {
        XYChart chart = chart(WIDTH);
        int every = Math.max(1, real.size() / MOST_REAL);
        add(chart, "real", real.values(), every, Charts.faded(REAL, 130));
        Color over = Charts.faded(GENERATED, 190);
        add(chart, "generated", generated, 1, over);
        chart.setXAxisTitle(axisTitle(0));
        chart.setYAxisTitle(axisTitle(1));
        chart.getStyler().setYAxisMin(low[1]).setYAxisMax(high[1]);
        return chart;
    }

    private void add(XYChart chart, String name, float[] points, int every, Color colour) {
        Charts.points(chart, name, column(points, 0, every), column(points, 1, every), colour)
                .setLabel(label(name, points));
    }

    private XYChart densities(float[] generated) {
        XYChart chart = chart(WIDTH * 2 / 3);
        double[] realDensity = density(real.values());
        double[] generatedDensity = density(generated);
        XYSeries below = chart.addSeries("real", stepEdges(), steps(realDensity));
        below.setXYSeriesRenderStyle(XYSeriesRenderStyle.Area).setMarker(SeriesMarkers.NONE);
        below.setLineColor(REAL).setFillColor(Charts.faded(REAL, 120));
        below.setLabel(label("real", real.values()));
        XYSeries over = chart.addSeries("generated", stepEdges(), steps(generatedDensity));
        over.setXYSeriesRenderStyle(XYSeriesRenderStyle.Area).setMarker(SeriesMarkers.NONE);
        over.setLineColor(GENERATED).setLineWidth(2.2f);
        over.setFillColor(Charts.faded(GENERATED, 40));
        over.setLabel(label("generated", generated));
        chart.setXAxisTitle(axisTitle(0));
        chart.setYAxisTitle("density");
        chart.getStyler()
                .setYAxisMin(0.0)
                .setYAxisMax(1.6 * Arrays.stream(realDensity).max().orElseThrow());
        return chart;
    }

    /** Share of the points in each bin by the bin's width; points outside the axes count in the whole. */
    private double[] density(float[] points) {
        double[] density = new double[BINS];
        double width = (high[0] - low[0]) / BINS;
        for (double x : column(points, 0, 1)) {
            int bin = (int) Math.floor((x - low[0]) / width);
            if (bin >= 0 && bin < BINS) {
                density[bin] += features / (width * points.length);
            }
        }
        return density;
    }

    /**
     * A histogram's outline: both edges of every bin, so that areas have upright sides. One more place in the first bin keeps XChart from
     * labelling the bins' edges, which it does when all places are equally far apart, instead of round numbers.
     */
    private double[] stepEdges() {
        double[] edges = new double[2 * BINS + 1];
        double width = (high[0] - low[0]) / BINS;
        edges[0] = low[0];
        edges[1] = low[0] + 0.3 * width;
        for (int i = 2; i < edges.length; i++) {
            edges[i] = low[0] + width * (i / 2);
        }
        return edges;
    }

    private static double[] steps(double[] density) {
        double[] steps = new double[2 * density.length + 1];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = density[Math.max(0, i - 1) / 2];
        }
        return steps;
    }

    /** Widens the shorter axis until a unit is as many pixels across as up. Labels change with the limits, hence the second round. */
    private void equalizeUnits() {
        for (int round = 0; round < 2; round++) {
            XYChart chart = cloud(Arrays.copyOf(real.values(), features));
            chart.setTitle("as tall as any");
            BitmapEncoder.getBufferedImage(chart);
            double xPixels = Math.abs(chart.getScreenXFromChart(high[0]) - chart.getScreenXFromChart(low[0]));
            double yPixels = Math.abs(chart.getScreenYFromChart(high[1]) - chart.getScreenYFromChart(low[1]));
            double unitsPerPixel = Math.max((high[0] - low[0]) / xPixels, (high[1] - low[1]) / yPixels);
            widen(0, unitsPerPixel * xPixels);
            widen(1, unitsPerPixel * yPixels);
        }
    }

    private void widen(int axis, double range) {
        double more = (range - (high[axis] - low[axis])) / 2;
        low[axis] -= more;
        high[axis] += more;
    }

    private XYChart chart(int height) {
        XYChart chart = Charts.xy(WIDTH, height, "", "", "");
        chart.getStyler().setXAxisMin(low[0]).setXAxisMax(high[0]);
        return chart;
    }

    private String axisTitle(int axis) {
        String name = real.columns().get(axis);
        return features <= 2 ? name : name + "  (feature " + (axis + 1) + " of " + features + ")";
    }

    private String label(String name, float[] points) {
        int n = points.length / features;
        int outside = 0;
        for (int i = 0; i < n; i++) {
            boolean inside = true;
            for (int axis = 0; axis < low.length; axis++) {
                float value = points[i * features + axis];
                inside &= value >= low[axis] && value <= high[axis];
            }
            outside += inside ? 0 : 1;
        }
        String count = String.format(Locale.ROOT, "%s  (%,d", name, n);
        return count + (outside == 0 ? ")" : String.format(Locale.ROOT, ", %,d outside)", outside));
    }

    /** One feature of every so-many-th point. */
    private double[] column(float[] points, int axis, int every) {
        int n = points.length / features;
        double[] column = new double[(n + every - 1) / every];
        for (int i = 0; i < column.length; i++) {
            column[i] = points[i * every * features + axis];
        }
        return column;
    }
}
