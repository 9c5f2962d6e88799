package org.latent4j.cli.lecture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.latent4j.compute.Philox;
import org.latent4j.data.picture.Charts;
import org.latent4j.ensembles.bootstrap.Bootstrap;
import org.latent4j.ensembles.bootstrap.BootstrapOptions;
import org.latent4j.ensembles.bootstrap.BootstrapResult;
import org.latent4j.ensembles.bootstrap.Interval;
import org.latent4j.ensembles.picture.ReplicatesPicture;

/** What a statistic's error is, from one sample: the bootstrap's variance beside that of new samples, and five intervals' coverage. */
final class BootstrapLecture implements Lecture {
    private static final int POINTS = 200;
    private static final int FEW = 20;
    private static final int RESAMPLES = 2000;
    private static final int INNER = 25;
    private static final int SETS = 1000;
    private static final double LEVEL = 0.9;

    @Override
    public String name() {
        return "bootstrap";
    }

    @Override
    public String title() {
        return "The bootstrap: errors from one sample";
    }

    @Override
    public Exhibit compute(LectureRoom room) {
        double[] sample = exponential(POINTS, room.seed(), 0);
        BootstrapResult median = of(sample, RESAMPLES, 0, room.seed(), true);
        double[] medians = new double[RESAMPLES];
        Arrays.setAll(medians, i -> median(exponential(POINTS, room.seed(), 1 + i)));
        List<Interval> intervals = Arrays.stream(new Interval.Kind[] {
                    Interval.Kind.NORMAL, Interval.Kind.BASIC, Interval.Kind.PERCENTILE, Interval.Kind.BCA
                })
                .map(kind -> median.interval(kind, LEVEL))
                .toList();
        return new Exhibit(
                "From " + POINTS
                        + " points, as many are drawn with replacement, again and again; how much the statistic of these sets varies is how "
                        + "much it varies from sample to sample. Beside it stand the medians of new samples, which nobody has who has one. Intervals are "
                        + "made of the same replicates in five ways; of few points of a skewed distribution the mean's plain ones miss the truth more often than they "
                        + "say, and the studentised one, which resamples each set once more, least.",
                List.of(
                        new Exhibit.Figure(
                                "bootstrap-median.png",
                                "Medians of " + RESAMPLES + " resamples of one sample of " + POINTS
                                        + ", and intervals of 90 %.",
                                ReplicatesPicture.draw(RESAMPLES + " resamples", "median", median, intervals)),
                        densities(median.replicates(), medians)),
                List.of(errors(median, medians), coverage(room)));
    }

    private static BootstrapResult of(double[] x, int resamples, int inner, long seed, boolean ofMedian) {
        BootstrapOptions options = BootstrapOptions.of(resamples).withSeed(seed).withInner(inner);
        return Bootstrap.of(
                x.length,
                rows -> {
                    double[] drawn =
                            Arrays.stream(rows).mapToDouble(row -> x[row]).toArray();
                    return ofMedian
                            ? median(drawn)
                            : Arrays.stream(drawn).average().orElseThrow();
                },
                options);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    private static double[] exponential(int n, long seed, long stream) {
        Philox random = new Philox(seed, Philox.Purpose.SYNTHETIC, stream);
        double[] x = new double[n];
        Arrays.setAll(x, i -> -StrictMath.log(1 - random.nextDouble()));
        return x;
    }

    private static Exhibit.Figure densities(double[] replicates, double[] medians) {
        XYChart chart = Charts.xy(840, 520, "Distribution of the median", "median", "share of sets below");
        chart.getStyler().setYAxisMin(0.0).setYAxisMax(1.0);
        double[][] both = {replicates, medians};
        String[] names = {"resamples of one sample", "new samples"};
        for (int s = 0; s < both.length; s++) {
            double[] sorted = both[s].clone();
            Arrays.sort(sorted);
            double[] shares = new double[sorted.length];
            Arrays.setAll(
                    shares,
                    i -> i == 0 ? 0 : (i + 0.5) / shares.length); // XChart labels places that are equally far apart
            Charts.line(chart, names[s], sorted, shares, Charts.category(s));
        }
        return new Exhibit.Figure(
                "bootstrap-distribution.png",
                "A resample's median lies at or between points of the sample, so that its curve has steps; the widths are alike.",
                Charts.draw(chart));
    }

    private static Exhibit.NumberTable errors(BootstrapResult median, double[] medians) {
        double mean = Arrays.stream(medians).average().orElseThrow();
        double variance =
                Arrays.stream(medians).map(m -> (m - mean) * (m - mean)).sum() / (medians.length - 1);
        return new Exhibit.NumberTable(
                "Standard error of the median of " + POINTS + " exponential numbers",
                List.of("by", "standard error"),
                List.of(
                        List.of("bootstrap of one sample", number(median.standardError())),
                        List.of(RESAMPLES + " new samples", number(Math.sqrt(variance))),
                        List.of("1 / sqrt(n), for large n", number(1 / Math.sqrt(POINTS)))));
    }

    /** How often intervals of the mean hold the true mean, which is 1. */
    private static Exhibit.NumberTable coverage(LectureRoom room) {
        room.progress().accept("intervals of " + SETS + " samples");
        Interval.Kind[] kinds = Interval.Kind.values();
        int[] holds = new int[kinds.length];
        for (int set = 0; set < SETS; set++) {
            BootstrapResult mean = of(exponential(FEW, room.seed(), -1 - set), 500, INNER, room.seed() + set, false);
            for (int kind = 0; kind < kinds.length; kind++) {
                holds[kind] += mean.interval(kinds[kind], LEVEL).contains(1) ? 1 : 0;
            }
        }
        List<List<String>> rows = new ArrayList<>();
        for (int kind = 0; kind < kinds.length; kind++) {
            rows.add(List.of(kinds[kind].name().toLowerCase(Locale.ROOT), number((double) holds[kind] / SETS)));
        }
        return new Exhibit.NumberTable(
                "Share of " + SETS + " samples of " + FEW + " whose 90 % interval of the mean holds the truth",
                List.of("interval", "share"),
                rows);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
