package org.latent4j.clustering.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.latent4j.clustering.ChoiceOfK;
import org.latent4j.data.picture.Charts;

/** Curves over the number of clusters, one below the other: inertia with its elbow, mean silhouette, and gap with its errors. */
public final class ChoicePicture {
    private static final int WIDTH = 840;
    private static final int HEIGHT = 330;

    private ChoicePicture() {}

    public static BufferedImage draw(ChoiceOfK choice) {
        double[] k = IntStream.range(0, choice.models().size())
                .mapToDouble(i -> choice.from() + i)
                .toArray();
        boolean gap = choice.gaps().length > 0;
        BufferedImage all = new BufferedImage(WIDTH, HEIGHT * (gap ? 3 : 2), BufferedImage.TYPE_INT_RGB);
        Graphics2D g = all.createGraphics();
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, all.getWidth(), all.getHeight());
        curve(
                g,
                0,
                "Inertia: the elbow is at k = " + choice.byElbow(),
                k,
                choice.inertias(),
                null,
                choice.byElbow(),
                Charts.BLUE);
        curve(
                g,
                1,
                "Mean silhouette: highest at k = " + choice.bySilhouette(),
                k,
                choice.silhouettes(),
                null,
                choice.bySilhouette(),
                Charts.GREEN);
        if (gap) {
            curve(
                    g,
                    2,
                    "Gap statistic: k = " + choice.byGap(),
                    k,
                    choice.gaps(),
                    choice.gapErrors(),
                    choice.byGap(),
                    Charts.VERMILION);
        }
        g.dispose();
        return all;
    }

    private static void curve(
            Graphics2D g,
            int row,
            String title,
            double[] k,
            double[] values,
            double[] errors,
            int chosen,
            Color colour) {
        int[] known = IntStream.range(0, k.length)
                .filter(i -> Double.isFinite(values[i]))
                .toArray();
        if (known.length == 0) {
            return;
        }
        double[] x = Arrays.stream(known).mapToDouble(i -> k[i]).toArray();
        double[] y = Arrays.stream(known).mapToDouble(i -> values[i]).toArray();
        XYChart chart = Charts.xy(WIDTH, HEIGHT, title, "number of clusters k", "");
        chart.getStyler().setLegendVisible(false);
        chart.getStyler()
                .setXAxisMin(k[0] - 0.3)
                .setXAxisMax(k[k.length - 1] + 0.3)
                .setXAxisDecimalPattern("#");
        // Labels at whole numbers: none closer than three quarters of the way from one k to the next.
        chart.getStyler().setXAxisTickMarkSpacingHint(Math.max(40, (int) (0.75 * WIDTH / k.length)));
        double low = Arrays.stream(y).min().orElseThrow();
        double high = Arrays.stream(y).max().orElseThrow();
        double around = high > low ? 0.08 * (high - low) : Math.max(1e-9, Math.abs(low)) * 0.1;
        chart.getStyler().setYAxisMin(low - around).setYAxisMax(high + around).setMarkerSize(7);
        chart.getStyler().setYAxisTickMarkSpacingHint(45);
        XYSeries curve = Charts.line(chart, "value", x, y, colour);
        curve.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(colour);
        if (errors != null) {
            XYSeries withErrors = chart.addSeries(
                    "errors",
                    x,
                    y,
                    Arrays.stream(known).mapToDouble(i -> errors[i]).toArray());
            withErrors.setMarker(SeriesMarkers.NONE).setLineColor(colour).setLineStyle(new BasicStroke(1.2f));
        }
        for (int i = 0; i < x.length; i++) {
            if (x[i] == chosen) {
                XYSeries mark = Charts.points(chart, "chosen", new double[] {x[i]}, new double[] {y[i]}, Charts.INK);
                mark.setMarker(SeriesMarkers.DIAMOND);
            }
        }
        g.drawImage(Charts.draw(chart), 0, row * HEIGHT, null);
    }
}
