package org.latent4j.clustering.picture;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.latent4j.data.picture.Charts;

/** Axes, grid and legend of the common chart style, and a canvas over them that is addressed in the axes' units. */
final class Frame {
    private final XYChart chart;
    private final double[] x; // low, high
    private final double[] y;
    private BufferedImage image;

    Frame(int width, int height, String title, String xTitle, String yTitle, double[] x, double[] y) {
        this.x = x;
        this.y = y;
        this.chart = Charts.xy(width, height, title, xTitle, yTitle);
        chart.getStyler().setXAxisMin(x[0]).setXAxisMax(x[1]).setYAxisMin(y[0]).setYAxisMax(y[1]);
        chart.getStyler().setLegendVisible(false);
        // XChart draws no axes without places on them, and takes evenly spaced ones for ticks.
        XYSeries corners = Charts.points(chart, " ", uneven(x), uneven(y), Charts.faded(Charts.INK, 0));
        corners.setMarker(SeriesMarkers.NONE).setShowInLegend(false);
    }

    private static double[] uneven(double[] ends) {
        return new double[] {ends[0], ends[0] + 0.4 * (ends[1] - ends[0]), ends[1]};
    }

    XYChart chart() {
        return chart;
    }

    Frame withoutXTicks() {
        chart.getStyler().setXAxisTicksVisible(false);
        chart.getStyler().setPlotGridVerticalLinesVisible(false);
        return this;
    }

    Frame withoutYTicks() {
        chart.getStyler().setYAxisTicksVisible(false);
        chart.getStyler().setPlotGridHorizontalLinesVisible(false);
        return this;
    }

    /** An entry of the legend in each colour. */
    Frame legend(List<String> names, List<Color> colours) {
        chart.getStyler().setLegendVisible(true);
        for (int i = 0; i < names.size(); i++) {
            XYSeries series = Charts.points(
                    chart,
                    names.get(i),
                    new double[] {x[0] - 10 * (x[1] - x[0])},
                    new double[] {y[0] - 10 * (y[1] - y[0])},
                    colours.get(i));
            series.setMarker(SeriesMarkers.CIRCLE);
        }
        return this;
    }

    /** Draws the axes; what follows is drawn over them, inside of the axes only. */
    Graphics2D open() {
        image = Charts.draw(chart);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.clip(new Rectangle2D.Double(px(x[0]), py(y[1]), px(x[1]) - px(x[0]), py(y[0]) - py(y[1])));
        return g;
    }

    BufferedImage image() {
        return image;
    }

    /** Pixel of a place on the horizontal axis. */
    double px(double value) {
        return chart.getScreenXFromChart(value);
    }

    double py(double value) {
        return chart.getScreenYFromChart(value);
    }

    /** Place on the horizontal axis of a pixel. */
    double x(double pixel) {
        return x[0] + (pixel - px(x[0])) / (px(x[1]) - px(x[0])) * (x[1] - x[0]);
    }

    double y(double pixel) {
        return y[0] + (pixel - py(y[0])) / (py(y[1]) - py(y[0])) * (y[1] - y[0]);
    }
}
