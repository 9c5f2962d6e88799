package org.latent4j.reduction.pca;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.latent4j.data.picture.Charts;

/** Pictures of a covariance's components: the spectrum, and directions drawn over the data points by group. */
public final class CovarianceCharts {
    private static final int WIDTH = 940;

    private CovarianceCharts() {}

    /** Eigenvalues as shares of the trace, on a logarithmic axis; {@code shown} of them. */
    public static XYChart spectrum(CovarianceModel model, int shown, String title) {
        int count = Math.min(shown, model.rank());
        double[] share = IntStream.range(0, count)
                .mapToDouble(i -> Math.log10(model.variances()[i] / model.totalVariance()))
                .toArray();
        XYChart chart = Charts.xy(WIDTH, 480, title, "component", "eigenvalue / trace");
        XYSeries series = Charts.line(chart, "eigenvalues", PcaCharts.numbers(count), share, Charts.BLUE);
        series.setMarker(count > 80 ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE).setMarkerColor(Charts.BLUE);
        Color[] colours = {Charts.GREEN, Charts.ORANGE, Charts.VERMILION};
        double[] shares = {0.9, 0.99, 0.999};
        double lowest = Math.floor(share[count - 1]);
        for (int i = 0; i < shares.length; i++) {
            int carrying = model.carrying(shares[i]);
            if (carrying <= count) {
                String name = String.format(Locale.ROOT, "%s %% in %d", Charts.tickLabel(100 * shares[i]), carrying);
                double[] x = {carrying, carrying};
                Charts.line(chart, name, x, new double[] {lowest, 0}, colours[i])
                        .setLineWidth(1.4f);
            }
        }
        chart.getStyler().setYAxisMin(lowest).setYAxisMax(0.0);
        chart.getStyler()
                .setyAxisTickLabelsFormattingFunction(
                        v -> v == Math.rint(v) ? String.format(Locale.ROOT, "1e%d", Math.round(v)) : " ");
        PcaCharts.wholeNumbers(chart, count);
        return chart;
    }

    /** The first directions, one above the other, as each point's shift for one standard deviation; points in the order of their groups. */
    public static BufferedImage directions(CovarianceModel model, int count, String unit) {
        List<BufferedImage> parts = new ArrayList<>();
        for (int k = 0; k < Math.min(count, model.kept()); k++) {
            parts.add(Charts.draw(direction(model, k, unit, k == Math.min(count, model.kept()) - 1)));
        }
        int height = parts.stream().mapToInt(BufferedImage::getHeight).sum();
        BufferedImage all = new BufferedImage(WIDTH, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = all.createGraphics();
        int y = 0;
        for (BufferedImage part : parts) {
            graphics.drawImage(part, 0, y, null);
            y += part.getHeight();
        }
        graphics.dispose();
        return all;
    }

    private static XYChart direction(CovarianceModel model, int k, String unit, boolean isLast) {
        double[] shift = model.shift(k);
        String title = String.format(
                Locale.ROOT,
                "Direction %d: %.2f %% of the trace",
                k + 1,
                100 * model.variances()[k] / model.totalVariance());
        XYChart chart = Charts.xy(WIDTH, isLast ? 270 : 210, title, isLast ? "data point, by group" : "", unit);
        List<String> groups = model.points().distinctGroups();
        Integer[] order = IntStream.range(0, shift.length).boxed().toArray(Integer[]::new);
        Arrays.sort(
                order,
                Comparator.comparingInt(
                        j -> groups.indexOf(model.points().groups().get(j))));
        int from = 0;
        for (int g = 0; g < groups.size(); g++) {
            int to = from;
            while (to < order.length && model.points().groups().get(order[to]).equals(groups.get(g))) {
                to++;
            }
            int start = from;
            double[] x =
                    IntStream.range(start, to).asDoubleStream().map(i -> i + 1).toArray();
            x[0] -= 0.01; // XChart labels every place, not round numbers, where all are equally far apart
            double[] y =
                    IntStream.range(start, to).mapToDouble(i -> shift[order[i]]).toArray();
            Charts.points(chart, groups.get(g), x, y, Charts.category(g));
            from = to;
        }
        chart.getStyler().setMarkerSize(shift.length > 500 ? 3 : 5).setLegendVisible(isLast && groups.size() > 1);
        double[] up = PcaCharts.around(shift);
        chart.getStyler().setXAxisMin(0.0).setXAxisMax(shift.length + 1.0);
        chart.getStyler().setYAxisMin(up[0]).setYAxisMax(up[1]);
        chart.getStyler().setXAxisTickMarkSpacingHint(110);
        chart.getStyler().setYAxisTickMarkSpacingHint(40);
        chart.getStyler().setChartPadding(8);
        return chart;
    }
}
