package org.latent4j.ensembles.forest;

import java.util.Arrays;
import java.util.List;
import org.latent4j.compute.Histograms;
import org.latent4j.compute.Philox;
import org.latent4j.data.PointSet;
import org.latent4j.ensembles.Points;
import org.latent4j.ensembles.Samples;
import org.latent4j.ensembles.tree.DecisionTree;
import org.latent4j.ensembles.tree.Grower;
import org.latent4j.ensembles.tree.Quantised;
import org.latent4j.ensembles.tree.Tree;
import org.latent4j.ensembles.tree.TreeOptions;
import org.latent4j.ensembles.tree.Workers;

/** The growing of a forest. */
public final class ForestFit {
    private ForestFit() {}

    public static RandomForest fit(Samples samples, ForestOptions options) {
        samples.requireTwoClasses();
        int n = samples.size();
        int p = samples.features();
        boolean classified = samples.classified();
        TreeOptions tree = options.tree();
        float[] points = Points.floats(samples.points());
        Quantised data = Quantised.of(points, p, tree, options.threads());
        Tree[] trees = new Tree[options.trees()];
        double[][] importances = new double[trees.length][];
        Histograms histograms = data.histograms();
        Workers.run(
                options.threads(),
                trees.length,
                () -> new Grower(
                        data,
                        classified ? samples.labels() : null,
                        classified ? null : samples.values(),
                        samples.outputs(),
                        tree,
                        histograms,
                        true),
                (grower, t) -> {
                    double[] weights = weights(samples, options, t);
                    trees[t] = grower.grow(weights, new Philox(options.seed(), Philox.Purpose.TREE, t));
                    importances[t] = DecisionTree.shares(grower.importance());
                });
        double[] mean = new double[p];
        for (double[] importance : importances) {
            for (int f = 0; f < p; f++) {
                mean[f] += importance[f] / trees.length;
            }
        }
        return new RandomForest(List.of(trees), PointSet.numbered(p), samples.classNames(), mean);
    }

    static double[] weights(Samples samples, ForestOptions options, int tree) {
        int n = samples.size();
        double[] weights = new double[n];
        if (options.bootstrap()) {
            Philox draws = new Philox(options.seed(), Philox.Purpose.RESAMPLE, tree);
            long count = Math.max(1, Math.round(options.sampleShare() * n));
            for (long i = 0; i < count; i++) {
                weights[draws.nextInt(n)]++;
            }
        } else {
            Arrays.fill(weights, 1);
        }
        if (samples.weights() != null) {
            for (int i = 0; i < n; i++) {
                weights[i] *= samples.weights()[i];
            }
        }
        return weights;
    }
}
