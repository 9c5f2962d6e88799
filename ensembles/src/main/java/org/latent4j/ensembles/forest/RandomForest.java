package org.latent4j.ensembles.forest;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.latent4j.data.DataException;
import org.latent4j.data.Progress;
import org.latent4j.ensembles.Model;
import org.latent4j.ensembles.Points;
import org.latent4j.ensembles.Samples;
import org.latent4j.ensembles.Score;
import org.latent4j.ensembles.tree.DecisionTree;
import org.latent4j.ensembles.tree.Tree;
import org.latent4j.ensembles.tree.Workers;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trees that were grown differently on purpose, and are averaged: a random forest, or extremely randomised trees.
 *
 * <p>Points are (n, p) of FLOAT or DOUBLE, compared as floats; NaN where a value is missing. Predictions are means over the trees: of the
 * shares of the classes in the leaves (n, k), or of numbers (n, 1). The same bits at any number of threads.
 *
 * <p>Throws {@link DataException} when the points have another number of features than the forest learned from.
 *
 * <p>Source: Breiman, "Random forests", Machine Learning 45 (2001) 5; Geurts, Ernst, Wehenkel, "Extremely randomized trees", Machine Learning 63
 * (2006) 3.
 */
public final class RandomForest implements Model {
    private final List<Tree> trees;
    private final List<String> featureNames;
    private final List<String> classNames;
    private final List<List<String>> categories;
    private final double[] importances;
    private final double[] decreases;
    private final ForestWalk walk;

    /**
     * @param importances share of each feature in the decrease of impurity, mean over the trees
     * @param decreases the same, not scaled: mean decrease of the impurity by each feature
     */
    public RandomForest(
            List<Tree> trees,
            List<String> featureNames,
            List<String> classNames,
            double[] importances,
            double[] decreases) {
        this(trees, featureNames, classNames, noNames(featureNames.size()), importances, decreases);
    }

    private RandomForest(
            List<Tree> trees,
            List<String> featureNames,
            List<String> classNames,
            List<List<String>> categories,
            double[] importances,
            double[] decreases) {
        this.categories = List.copyOf(categories);
        this.trees = List.copyOf(trees);
        this.featureNames = List.copyOf(featureNames);
        this.classNames = List.copyOf(classNames);
        this.importances = importances.clone();
        this.decreases = decreases.clone();
        this.walk = new ForestWalk(this.trees, trees.get(0).features());
    }

    /**
     * Grows a forest on samples of at least two classes, or of numbers.
     *
     * @param progress counts finished trees
     */
    public static RandomForest fit(Samples samples, ForestOptions options, Progress progress) {
        return ForestFit.fit(samples, options, progress);
    }

    public static RandomForest fit(Samples samples, ForestOptions options) {
        return fit(samples, options, Progress.NONE);
    }

    public List<Tree> trees() {
        return trees;
    }

    public List<String> featureNames() {
        return featureNames;
    }

    /** Names of the classes; none of a forest of numbers. */
    public List<String> classNames() {
        return classNames;
    }

    /** Of each feature, what its categories 0, 1, ... are called; none where it is numbers, or they have no names. */
    public List<List<String>> categories() {
        return categories;
    }

    /** Share of each feature in the decrease of impurity: the mean over the trees, of sum 1 unless no tree was split. */
    public double[] importances() {
        return importances.clone();
    }

    /** Decrease of impurity by each feature, mean over the trees; their sum is what the forest took away from the targets' impurity. */
    public double[] decreases() {
        return decreases.clone();
    }

    /** One of its trees, to be looked at; its own importances are not known. */
    public DecisionTree member(int tree) {
        return new DecisionTree(trees.get(tree), null, new double[features()], featureNames, classNames);
    }

    ForestWalk walk() {
        return walk;
    }

    public RandomForest withFeatureNames(List<String> names) {
        if (names.size() != features()) {
            throw new DataException(names.size() + " names for " + features() + " features");
        }
        return new RandomForest(trees, names, classNames, categories, importances, decreases);
    }

    /** @param names of each feature, what its categories 0, 1, ... are called; none where it is numbers, or they have no names */
    public RandomForest withCategories(List<List<String>> names) {
        if (names.size() != features()) {
            throw new DataException("names of categories for " + names.size() + " features, of " + features());
        }
        return new RandomForest(trees, featureNames, classNames, names, importances, decreases);
    }

    private static List<List<String>> noNames(int features) {
        return Collections.nCopies(features, List.of());
    }

    @Override
    public int features() {
        return trees.get(0).features();
    }

    @Override
    public int outputs() {
        return trees.get(0).outputs();
    }

    @Override
    public INDArray predict(INDArray points) {
        return predict(points, Workers.all());
    }

    public INDArray predict(INDArray points, int threads) {
        Points.require(points, features(), "this forest");
        double[] means = predict(Points.floats(points), threads);
        return Nd4j.create(means, new long[] {points.size(0), outputs()}, DataType.DOUBLE);
    }

    /** What each tree says of points (n, p): n * k numbers row by row; for {@link org.latent4j.ensembles.EnsembleDiagnostics}. */
    public double[][] memberPredictions(INDArray points) {
        Points.require(points, features(), "this forest");
        int k = outputs();
        double[][] predictions = new double[trees.size()][Math.toIntExact(points.size(0)) * k];
        walk.run(
                Points.floats(points),
                Workers.all(),
                (t, first, leaves, count) -> add(trees.get(t), leaves, count, predictions[t], first * k, k));
        return predictions;
    }

    /** The class of each point that most of the probability is for; the lowest of several. */
    public int[] classes(INDArray points) {
        double[] shares = Points.doubles(predict(points));
        int[] classes = new int[shares.length / outputs()];
        Arrays.setAll(classes, i -> Score.largest(shares, i * outputs(), outputs()));
        return classes;
    }

    private double[] predict(float[] points, int threads) {
        int k = outputs();
        double[] sums = new double[points.length / features() * k];
        walk.run(points, threads, (t, first, leaves, count) -> add(trees.get(t), leaves, count, sums, first * k, k));
        for (int i = 0; i < sums.length; i++) {
            sums[i] /= trees.size();
        }
        return sums;
    }

    private static void add(Tree tree, int[] leaves, int count, double[] sums, int at, int k) {
        int[] value = tree.value();
        double[] values = tree.values();
        if (k == 2) { // the usual case, without a loop inside the loop
            for (int i = 0; i < count; i++) {
                int from = value[leaves[i]] * 2;
                sums[at + 2 * i] += values[from];
                sums[at + 2 * i + 1] += values[from + 1];
            }
            return;
        }
        for (int i = 0; i < count; i++) {
            int from = value[leaves[i]] * k;
            for (int c = 0; c < k; c++) {
                sums[at + i * k + c] += values[from + c];
            }
        }
    }
}
