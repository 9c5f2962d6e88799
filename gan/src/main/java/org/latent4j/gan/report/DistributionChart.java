package org.latent4j.gan.report;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.latent4j.data.picture.Charts;
import org.latent4j.gan.evaluate.Histograms;
import org.latent4j.gan.evaluate.IsingEvaluation;

/** How magnetisation and energy of generated Ising configurations are distributed, beside a Monte-Carlo replica: two histograms, left and right. */
public final class DistributionChart {
    private static final int WIDTH = 620;
    private static final int HEIGHT = 460;

    private DistributionChart() {}

    public static BufferedImage draw(IsingEvaluation evaluation) {
        double temperature = evaluation.generated().temperature();
        BufferedImage picture = new BufferedImage(2 * WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.drawImage(
                panel("Magnetisation", "magnetisation per spin m", evaluation.magnetisation(), temperature),
                0,
                0,
                null);
        graphics.drawImage(
                panel("Energy", "energy per spin e", evaluation.energyPerSpin(), temperature), WIDTH, 0, null);
        graphics.dispose();
        return picture;
    }

    private static BufferedImage panel(String title, String quantity, Histograms histograms, double temperature) {
        XYChart chart = Charts.xy(
                WIDTH,
                HEIGHT,
                String.format(Locale.ROOT, "%s at T = %.4g", title, temperature),
                quantity,
                "probability density");
        chart.getStyler().setYAxisMin(0.0);
        add(chart, "Monte Carlo replica", histograms, histograms.replica())
                .setXYSeriesRenderStyle(XYSeriesRenderStyle.Area)
                .setLineColor(Charts.faded(Charts.INK, 140))
                .setFillColor(Charts.faded(Charts.INK, 50));
        add(chart, "generated", histograms, histograms.generated())
                .setXYSeriesRenderStyle(XYSeriesRenderStyle.Line)
                .setLineColor(Charts.VERMILION)
                .setLineWidth(2);
        return Charts.draw(chart);
    }

    /** Steps: two corners to each bin, from the ground and back to it. */
    private static XYSeries add(XYChart chart, String name, Histograms histograms, double[] densities) {
        int bins = densities.length;
        double[] x = new double[2 * bins + 2];
        double[] y = new double[2 * bins + 2];
        for (int edge = 0; edge <= bins; edge++) {
            x[2 * edge] = histograms.low() + edge * histograms.width();
            x[2 * edge + 1] = x[2 * edge];
            y[2 * edge] = edge == 0 ? 0 : densities[edge - 1];
            y[2 * edge + 1] = edge == bins ? 0 : densities[edge];
        }
        x[2 * bins + 1] +=
                1e-5 * histograms.width(); // equal distances would be XChart's tick labels, instead of round numbers
        var series = chart.addSeries(name, x, y);
        series.setMarker(SeriesMarkers.NONE);
        return series;
    }
}
