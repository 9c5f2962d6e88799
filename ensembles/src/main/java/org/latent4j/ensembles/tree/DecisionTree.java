package org.latent4j.ensembles.tree;

import java.util.Arrays;
import java.util.List;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataException;
import org.latent4j.data.PointSet;
import org.latent4j.ensembles.Learner;
import org.latent4j.ensembles.Model;
import org.latent4j.ensembles.Points;
import org.latent4j.ensembles.Samples;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A classification or regression tree (CART).
 *
 * <p>Grown greedily: each node is split by the cut of one feature that lowers the impurity most, halfway between neighbouring values. Features
 * are taken as floats; NaN means missing and goes to the side where training found it to do better. Categories are divided into two sets.
 *
 * <p>Points are (n, p). Predictions are shares of the classes in a leaf (n, k), or means or medians (n, 1).
 *
 * <p>Throws {@link DataException} for one class only, infinite features, and another number of features at prediction.
 *
 * <p>Source: Breiman, Friedman, Olshen, Stone, "Classification and regression trees", 1984.
 *
 * @param criterion that it was grown by
 * @param importances decrease of impurity by each feature, of sum 1; all 0 where nothing was split
 */
public record DecisionTree(
        Tree tree, Criterion criterion, double[] importances, List<String> featureNames, List<String> classNames)
        implements Model {

    /** Grows a tree on samples of at least two classes, or of numbers. */
    public static DecisionTree fit(Samples samples, TreeOptions options, long seed) {
        return grow(samples.requireTwoClasses(), options, seed);
    }

    /** Makes trees for ensembles; of one class only they are a leaf. */
    public static Learner<DecisionTree> learner(TreeOptions options) {
        return Learner.concurrent((samples, seed) -> grow(samples, options, seed));
    }

    private static DecisionTree grow(Samples samples, TreeOptions options, long seed) {
        Quantised data = Quantised.of(samples, options, 1);
        boolean classified = samples.classified();
        Grower grower = new Grower(
                data,
                classified ? samples.labels() : null,
                classified ? null : samples.values(),
                samples.outputs(),
                options,
                null,
                false);
        double[] weights = samples.weights();
        if (weights == null) {
            weights = new double[samples.size()];
            Arrays.fill(weights, 1);
        }
        Tree tree = grower.grow(weights, new Philox(seed, Philox.Purpose.TREE, 0));
        return new DecisionTree(
                tree,
                options.criterionFor(classified),
                shares(grower.decreases()),
                PointSet.numbered(samples.features()),
                samples.classNames());
    }

    /** Scaled to sum 1, where the sum is not 0. */
    public static double[] shares(double[] values) {
        double sum = Arrays.stream(values).sum();
        return Arrays.stream(values).map(v -> sum > 0 ? v / sum : 0).toArray();
    }

    public DecisionTree withFeatureNames(List<String> names) {
        if (names.size() != features()) {
            throw new DataException(names.size() + " names for " + features() + " features");
        }
        return new DecisionTree(tree, criterion, importances, List.copyOf(names), classNames);
    }

    /** The sub-tree of least impurity + alpha * leaves; see {@link PruningPath} for the alphas at which it changes. */
    public DecisionTree pruned(double alpha) {
        return PruningPath.prune(this, alpha);
    }

    @Override
    public int features() {
        return tree.features();
    }

    @Override
    public int outputs() {
        return tree.outputs();
    }

    @Override
    public INDArray predict(INDArray points) {
        int[] leaves = leaves(points);
        double[] out = new double[leaves.length * outputs()];
        for (int i = 0; i < leaves.length; i++) {
            System.arraycopy(tree.values(), tree.value()[leaves[i]] * outputs(), out, i * outputs(), outputs());
        }
        return Nd4j.create(out, new long[] {leaves.length, outputs()}, DataType.DOUBLE);
    }

    /** The number of the leaf of each point. */
    public int[] leaves(INDArray points) {
        Points.require(points, features(), "this tree");
        float[] values = Points.floats(points);
        int[] leaves = new int[(int) points.size(0)];
        Arrays.setAll(leaves, i -> tree.leaf(values, i * features()));
        return leaves;
    }
}
