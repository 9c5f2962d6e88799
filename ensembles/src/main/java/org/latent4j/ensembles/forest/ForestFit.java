package org.latent4j.ensembles.forest;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.latent4j.compute.Histograms;
import org.latent4j.compute.Philox;
import org.latent4j.data.PointSet;
import org.latent4j.data.Progress;
import org.latent4j.ensembles.Samples;
import org.latent4j.ensembles.tree.DecisionTree;
import org.latent4j.ensembles.tree.Grower;
import org.latent4j.ensembles.tree.Quantised;
import org.latent4j.ensembles.tree.Tree;
import org.latent4j.ensembles.tree.TreeOptions;
import org.latent4j.ensembles.tree.Workers;

/** Grows the trees of a forest in parallel, each from random numbers of its own. */
final class ForestFit {
    private ForestFit() {}

    static RandomForest fit(
            Samples samples, ForestOptions options, Function<byte[][], Histograms> counting, Progress progress) {
        samples.requireTwoClasses();
        int p = samples.features();
        TreeOptions tree = options.tree();
        if (tree.featuresPerSplit() == 0) {
            tree = tree.withFeaturesPerSplit(defaultFeatures(p, samples.classified()));
        }
        TreeOptions grown = tree;
        Quantised data = Quantised.of(samples, grown, options.threads());
        Tree[] trees = new Tree[options.trees()];
        double[][] importances = new double[trees.length][];
        double[][] decreases = new double[trees.length][];
        AtomicInteger done = new AtomicInteger();
        try (Histograms histograms = data.histograms(counting)) {
            Workers.run(
                    options.threads(),
                    trees.length,
                    () -> new Grower(
                            data,
                            samples.classified() ? samples.labels() : null,
                            samples.classified() ? null : samples.values(),
                            samples.outputs(),
                            grown,
                            histograms,
                            true),
                    (grower, t) -> {
                        double[] weights = weights(samples, options, t);
                        trees[t] = grower.grow(weights, new Philox(options.seed(), Philox.Purpose.TREE, t));
                        decreases[t] = grower.decreases();
                        importances[t] = DecisionTree.shares(decreases[t]);
                        synchronized (progress) {
                            progress.report("trees", done.incrementAndGet(), trees.length);
                        }
                    });
        }
        return new RandomForest(
                List.of(trees),
                PointSet.numbered(p),
                samples.classNames(),
                DecisionTree.shares(mean(importances)),
                mean(decreases));
    }

    /** The root of all features for classes, a third of them for numbers: Breiman's advice. */
    private static int defaultFeatures(int features, boolean classified) {
        return Math.max(1, classified ? (int) Math.sqrt(features) : features / 3);
    }

    private static double[] mean(double[][] rows) {
        double[] mean = new double[rows[0].length];
        for (double[] row : rows) {
            for (int f = 0; f < mean.length; f++) {
                mean[f] += row[f] / rows.length;
            }
        }
        return mean;
    }

    /** How often a tree draws each point. */
    static int[] draws(int n, ForestOptions options, int tree) {
        Philox random = new Philox(options.seed(), Philox.Purpose.RESAMPLE, tree);
        long count = Math.max(1, Math.round(options.sampleShare() * n));
        int[] draws = new int[n];
        for (long i = 0; i < count; i++) {
            draws[random.nextInt(n)]++;
        }
        return draws;
    }

    private static double[] weights(Samples samples, ForestOptions options, int tree) {
        double[] weights = new double[samples.size()];
        if (options.bootstrap()) {
            int[] draws = draws(weights.length, options, tree);
            Arrays.setAll(weights, i -> draws[i]);
        } else {
            Arrays.fill(weights, 1);
        }
        if (samples.weights() != null) {
            Arrays.setAll(weights, i -> weights[i] * samples.weights()[i]);
        }
        return weights;
    }
}
