package org.latent4j.cli.lecture;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.latent4j.data.picture.Charts;
import org.latent4j.reduction.divergence.Gaussian;
import org.latent4j.reduction.divergence.GaussianFit;

/** One Gaussian fitted to two peaks by both directions of the divergence: covering, or sitting on one. */
final class KlAsymmetryLecture implements Lecture {
    private static final Gaussian LEFT = Gaussian.of(-2.5, 0.7);
    private static final Gaussian RIGHT = Gaussian.of(3, 0.9);
    private static final double LEFT_WEIGHT = 0.55;
    private static final double LOW = -14;
    private static final double HIGH = 14;

    @Override
    public String name() {
        return "kl-asymmetry";
    }

    @Override
    public String title() {
        return "The Kullback-Leibler divergence is not symmetric";
    }

    @Override
    public Exhibit compute(LectureRoom room) {
        DoubleUnaryOperator p = x -> LEFT_WEIGHT * density(LEFT, x) + (1 - LEFT_WEIGHT) * density(RIGHT, x);
        GaussianFit covering = GaussianFit.covering(p, LOW, HIGH);
        GaussianFit left = GaussianFit.seeking(p, LOW, HIGH, -2, 1);
        GaussianFit right = GaussianFit.seeking(p, LOW, HIGH, 2.5, 1);
        String text = String.format(
                Locale.ROOT,
                "One Gaussian q can't follow a density p with two peaks, and what is best depends on the direction of the divergence. KL(p||q)"
                        + " counts places where p is and q is not, and is least where q covers both peaks: mean %.2f, deviation %.2f, those of"
                        + " p, with most of q's height where p has a gap. KL(q||p) counts places where q is and p is not, and is least where q"
                        + " sits on one peak: %.2f +- %.2f here, with a second minimum at %.2f +- %.2f on the other. Fitting by maximum"
                        + " likelihood is the first; a GAN's generator is pulled to either side by the Jensen-Shannon divergence, the mean of"
                        + " both towards the mixture.",
                covering.mean(),
                covering.deviation(),
                left.mean(),
                left.deviation(),
                right.mean(),
                right.deviation());
        return new Exhibit(
                text,
                List.of(new Exhibit.Figure(
                        "kl-asymmetry.png",
                        "Two peaks, and the Gaussian nearest to them by either direction of the divergence.",
                        Charts.draw(chart(p, covering, left)))),
                List.of(new Exhibit.NumberTable(
                        "Divergences in nats",
                        List.of("fit", "mean", "deviation", "KL(p||q)", "KL(q||p)"),
                        List.of(
                                row("least KL(p||q)", covering),
                                row("least KL(q||p), from the left", left),
                                row("least KL(q||p), from the right", right)))));
    }

    private static double density(Gaussian gaussian, double x) {
        return Math.exp(gaussian.logDensity(new double[] {x}));
    }

    private static List<String> row(String name, GaussianFit fit) {
        return List.of(
                name,
                String.format(Locale.ROOT, "%.4f", fit.mean()),
                String.format(Locale.ROOT, "%.4f", fit.deviation()),
                String.format(Locale.ROOT, "%.4f", fit.klPq()),
                String.format(Locale.ROOT, "%.4f", fit.klQp()));
    }

    private static XYChart chart(DoubleUnaryOperator p, GaussianFit covering, GaussianFit seeking) {
        XYChart chart = Charts.xy(840, 480, "One Gaussian for two peaks", "x", "density");
        double[] x = new double[801];
        Arrays.setAll(x, i -> -7 + i * 0.0175 - (i == 0 ? 0.005 : 0));
        chart.addSeries("p, two peaks", x, Arrays.stream(x).map(p).toArray())
                .setXYSeriesRenderStyle(XYSeriesRenderStyle.Area)
                .setMarker(SeriesMarkers.NONE)
                .setLineColor(Charts.INK)
                .setFillColor(Charts.faded(Charts.SKY, 90));
        Charts.line(chart, "q of least KL(p||q): covers both", x, normal(x, covering), Charts.BLUE);
        Charts.line(chart, "q of least KL(q||p): sits on one", x, normal(x, seeking), Charts.VERMILION);
        chart.getStyler().setYAxisMin(0.0).setXAxisMin(-7.0).setXAxisMax(7.0);
        return chart;
    }

    private static double[] normal(double[] x, GaussianFit fit) {
        Gaussian gaussian = Gaussian.of(fit.mean(), fit.deviation());
        return Arrays.stream(x).map(v -> density(gaussian, v)).toArray();
    }
}
