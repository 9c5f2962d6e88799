package org.latent4j.cli.lecture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.latent4j.compute.Philox;
import org.latent4j.data.picture.Charts;
import org.latent4j.ensembles.EnsembleDiagnostics;
import org.latent4j.ensembles.Samples;
import org.latent4j.ensembles.VarianceOfMean;
import org.latent4j.ensembles.forest.ForestOptions;
import org.latent4j.ensembles.forest.RandomForest;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What the mean of a number of trees gains, for bagged trees and for a forest: variance by the formula and measured. */
final class EnsembleVarianceLecture implements Lecture {
    private static final int POINTS = 300;
    private static final int TEST_POINTS = 1000;
    private static final int FEATURES = 12;
    private static final int STRONG = 2;
    private static final int TREES = 128;
    /** Share of the features' variance that is common to all. */
    private static final double COMMON = 0.3;

    private static final double NOISE = 1;
    private static final int[] COUNTS = {1, 2, 4, 8, 16, 32, 64, 128};
    private static final int DRAWS = 20;

    @Override
    public String name() {
        return "ensemble-variance";
    }

    @Override
    public String title() {
        return "What correlation costs an ensemble";
    }

    /** @param errors of each tree on each test point */
    private record Members(String name, double[][] errors, EnsembleDiagnostics found) {}

    @Override
    public Exhibit compute(LectureRoom room) {
        Samples samples = samples(POINTS, NOISE, room.seed(), 0);
        Samples test = samples(TEST_POINTS, 0, room.seed(), 1);
        List<Members> all = new ArrayList<>();
        // All features at every split make a forest of bagged trees.
        for (int drawn : new int[] {FEATURES, FEATURES / 3, 1}) {
            ForestOptions options =
                    ForestOptions.randomForest().withTrees(TREES).withSeed(room.seed());
            RandomForest forest =
                    RandomForest.fit(samples, options.withTree(options.tree().withFeaturesPerSplit(drawn)));
            double[][] errors = forest.memberPredictions(test.points());
            for (double[] own : errors) {
                Arrays.setAll(own, i -> own[i] - test.values()[i]);
            }
            String name = drawn == FEATURES
                    ? "bagged trees"
                    : drawn > 1 ? "forest, " + drawn + " features" : "forest, 1 feature";
            all.add(new Members(name, errors, EnsembleDiagnostics.of(errors, new double[TEST_POINTS])));
        }
        return new Exhibit(
                "The mean of n predictors of variance s2 and pairwise correlation rho has the variance s2/n + (n - 1)/n rho s2: more members "
                        + "remove the first part, and nothing removes rho s2. Two of twelve features are stronger than the others here, so bagged trees, which "
                        + "look at all features at every split, cut alike and err alike. A forest draws features for each split: its trees are "
                        + "worse each, but less alike, and their mean is better. With a single feature for each split this goes too far.",
                List.of(variances(all, room.seed()), errors(all, room.seed())),
                List.of(table(all)));
    }

    private static Samples samples(int n, double noise, long seed, long stream) {
        Philox random = new Philox(seed, Philox.Purpose.SYNTHETIC, stream);
        float[] x = new float[n * FEATURES];
        double[] y = new double[n];
        random.fillNormal(x, 0, x.length);
        for (int i = 0; i < n; i++) {
            double common = random.nextGaussian();
            for (int j = 0; j < FEATURES; j++) {
                int at = i * FEATURES + j;
                x[at] = (float) (Math.sqrt(COMMON) * common + Math.sqrt(1 - COMMON) * x[at]);
                y[i] += (j < STRONG ? 1 : 0.6) * x[at];
            }
            y[i] += noise * random.nextGaussian();
        }
        INDArray points = Nd4j.create(x, new long[] {n, FEATURES}, 'c');
        return Samples.ofValues(points, y);
    }

    private static Exhibit.Figure variances(List<Members> all, long seed) {
        XYChart chart = chart("Variance of the mean: formula (lines), measured (points)", "variance of the errors");
        double[] counts = DoublingAxis.places(COUNTS);
        for (int m = 0; m < all.size(); m++) {
            Members members = all.get(m);
            double[] formula = Arrays.stream(COUNTS)
                    .mapToDouble(n -> VarianceOfMean.of(
                            n, members.found().correlation(), members.found().memberVariance()))
                    .toArray();
            Charts.line(chart, members.name(), counts, formula, Charts.category(m));
            Charts.points(
                            chart,
                            members.name() + ", measured",
                            counts,
                            measured(members, seed, EnsembleDiagnostics::ensembleVariance),
                            Charts.category(m))
                    .setShowInLegend(false);
        }
        return new Exhibit.Figure(
                "ensemble-variance.png",
                "Points are means over " + DRAWS + " draws of members. The lines end at rho s2, not at 0.",
                Charts.draw(chart));
    }

    private static Exhibit.Figure errors(List<Members> all, long seed) {
        XYChart chart = chart("Error of the mean", "mean squared error");
        double[] counts = DoublingAxis.places(COUNTS);
        for (int m = 0; m < all.size(); m++) {
            double[] error = measured(all.get(m), seed, EnsembleDiagnostics::ensembleError);
            Charts.line(chart, all.get(m).name(), counts, error, Charts.category(m));
        }
        return new Exhibit.Figure(
                "ensemble-variance-error.png",
                "The worst trees alone make the best ensemble, as long as they are not too bad.",
                Charts.draw(chart));
    }

    private static XYChart chart(String title, String yTitle) {
        XYChart chart = Charts.xy(840, 520, title, "members", yTitle);
        chart.getStyler().setYAxisMin(0.0);
        DoublingAxis.label(chart);
        return chart;
    }

    /** A figure of the ensembles of each number of members, the mean over some draws of them. */
    private static double[] measured(Members members, long seed, ToDoubleFunction<EnsembleDiagnostics> figure) {
        double[][] errors = members.errors();
        double[] truth = new double[TEST_POINTS];
        return Arrays.stream(COUNTS)
                .mapToDouble(n -> IntStream.range(0, DRAWS)
                        .mapToDouble(draw -> {
                            int[] order = IntStream.range(0, errors.length).toArray();
                            new Philox(seed, Philox.Purpose.EVALUATION, draw).shuffle(order);
                            double[][] chosen = Arrays.stream(order, 0, n)
                                    .mapToObj(i -> errors[i])
                                    .toArray(double[][]::new);
                            return figure.applyAsDouble(EnsembleDiagnostics.of(chosen, truth));
                        })
                        .average()
                        .orElseThrow())
                .toArray();
    }

    private static Exhibit.NumberTable table(List<Members> all) {
        List<List<String>> rows = new ArrayList<>();
        for (Members members : all) {
            EnsembleDiagnostics found = members.found();
            rows.add(List.of(
                    members.name(),
                    number(found.memberVariance()),
                    number(found.correlation()),
                    number(found.predictedVariance()),
                    number(found.ensembleVariance()),
                    number(found.biasSquared()),
                    number(found.memberError()),
                    number(found.ambiguity()),
                    number(found.ensembleError())));
        }
        return new Exhibit.NumberTable(
                TREES + " trees on " + TEST_POINTS + " new points",
                List.of(
                        "members",
                        "their variance s2",
                        "correlation rho",
                        "variance of the mean, formula",
                        "measured",
                        "bias squared",
                        "members' squared error",
                        "ambiguity",
                        "ensemble's squared error"),
                rows);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
