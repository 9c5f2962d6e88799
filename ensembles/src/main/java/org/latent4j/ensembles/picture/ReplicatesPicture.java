package org.latent4j.ensembles.picture;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.latent4j.data.picture.Charts;
import org.latent4j.ensembles.bootstrap.BootstrapResult;
import org.latent4j.ensembles.bootstrap.Interval;

/** How a bootstrap's replicates are spread, with the estimate, and the ends of intervals below them. */
public final class ReplicatesPicture {
    private static final int WIDTH = 840;
    private static final int HEIGHT = 560;
    private static final int BINS = 60;

    private ReplicatesPicture() {}

    /** @param name of the statistic, on the horizontal axis; replicates that are not finite are left out */
    public static BufferedImage draw(String title, String name, BootstrapResult result, List<Interval> intervals) {
        double[] finite = Arrays.stream(result.replicates())
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        XYChart chart = Charts.xy(WIDTH, HEIGHT, title, name, "density");
        if (finite.length == 0) {
            return Charts.draw(chart);
        }
        double low = finite[0];
        double high = finite[finite.length - 1];
        double width = high > low ? (high - low) / BINS : 1;
        double[] density = new double[BINS];
        for (double value : finite) {
            density[(int) Math.min(BINS - 1, (value - low) / width)] += 1 / (width * finite.length);
        }
        double top = Arrays.stream(density).max().orElseThrow();
        XYSeries bars = chart.addSeries("resamples", edges(low, width), heights(density));
        bars.setXYSeriesRenderStyle(XYSeriesRenderStyle.Area).setMarker(SeriesMarkers.NONE);
        bars.setLineColor(Charts.BLUE).setFillColor(Charts.faded(Charts.BLUE, 90));
        Charts.line(
                chart,
                String.format(Locale.ROOT, "estimate %.4g", result.estimate()),
                new double[] {result.estimate(), result.estimate()},
                new double[] {0, top},
                Charts.INK);
        int row = 1;
        for (Interval interval : intervals) {
            if (interval.isDefined()) {
                double y = -0.07 * top * row;
                String label = interval.kind().name().toLowerCase(Locale.ROOT);
                Charts.line(
                                chart,
                                label,
                                new double[] {interval.low(), interval.high()},
                                new double[] {y, y},
                                Charts.category(row++))
                        .setLineWidth(6);
            }
        }
        chart.getStyler().setYAxisMin(-0.07 * top * row).setYAxisMax(1.05 * top);
        chart.getStyler().setyAxisTickLabelsFormattingFunction(y -> y < 0 ? "" : Charts.tickLabel(y));
        return Charts.draw(chart);
    }

    /** Both edges of every bin; one more place in the first keeps XChart from labelling edges instead of round numbers. */
    private static double[] edges(double low, double width) {
        double[] edges = new double[2 * BINS + 1];
        Arrays.setAll(edges, i -> i == 1 ? low + 0.3 * width : low + width * (i / 2));
        return edges;
    }

    private static double[] heights(double[] density) {
        double[] heights = new double[2 * BINS + 1];
        Arrays.setAll(heights, i -> density[Math.max(0, i - 1) / 2]);
        return heights;
    }
}
