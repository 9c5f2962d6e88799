package org.latent4j.gan.report;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.latent4j.data.ising.Estimate;
import org.latent4j.data.picture.Charts;
import org.latent4j.gan.evaluate.IsingEvaluation;

/**
 * The spin correlation G(r) of generated Ising configurations beside a Monte-Carlo replica's, with error bars of one standard error.
 */
public final class CorrelationChart {
    private static final int WIDTH = 820;
    private static final int HEIGHT = 560;

    private CorrelationChart() {}

    public static BufferedImage draw(IsingEvaluation evaluation) {
        double temperature = evaluation.generated().temperature();
        int size = evaluation.generated().size();
        XYChart chart = Charts.xy(
                WIDTH,
                HEIGHT,
                String.format(Locale.ROOT, "Spin correlation, Ising %d x %d at T = %.4g", size, size, temperature),
                "distance r along the axes",
                "G(r) = mean of s(x) s(x + r)");
        add(chart, "Monte Carlo replica", evaluation.replica().correlation(), Charts.INK, SeriesMarkers.NONE);
        add(chart, "generated", evaluation.generated().correlation(), Charts.VERMILION, SeriesMarkers.CIRCLE);
        chart.getStyler().setErrorBarsColorSeriesColor(true);
        return Charts.draw(chart);
    }

    private static void add(XYChart chart, String name, List<Estimate> correlation, Color colour, Marker marker) {
        double[] r = IntStream.range(0, correlation.size()).asDoubleStream().toArray();
        XYSeries series = chart.addSeries(name, r, values(correlation), errors(correlation));
        series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Line);
        series.setMarker(marker).setMarkerColor(colour);
        series.setLineColor(colour).setLineWidth(1.8f);
    }

    private static double[] values(List<Estimate> estimates) {
        return estimates.stream().mapToDouble(Estimate::value).toArray();
    }

    private static double[] errors(List<Estimate> estimates) {
        return estimates.stream().mapToDouble(Estimate::standardError).toArray();
    }
}
