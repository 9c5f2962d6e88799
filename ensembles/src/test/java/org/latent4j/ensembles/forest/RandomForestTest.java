package org.latent4j.ensembles.forest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.latent4j.compute.Philox;
import org.latent4j.compute.cuda.CudaUnderTest;
import org.latent4j.data.DataException;
import org.latent4j.data.Progress;
import org.latent4j.ensembles.PermutationImportance;
import org.latent4j.ensembles.Points;
import org.latent4j.ensembles.Samples;
import org.latent4j.ensembles.Score;
import org.latent4j.ensembles.Sets;
import org.latent4j.ensembles.tree.Criterion;
import org.latent4j.ensembles.tree.Tree;
import org.latent4j.ensembles.tree.TreeOptions;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class RandomForestTest {
    private static final int[][] SEGMENTS = {
        {1, 1, 1, 0, 1, 1, 1},
        {0, 0, 1, 0, 0, 1, 0},
        {1, 0, 1, 1, 1, 0, 1},
        {1, 0, 1, 1, 0, 1, 1},
        {0, 1, 1, 1, 0, 1, 0},
        {1, 1, 0, 1, 0, 1, 1},
        {1, 1, 0, 1, 1, 1, 1},
        {1, 0, 1, 0, 0, 1, 0},
        {1, 1, 1, 1, 1, 1, 1},
        {1, 1, 1, 1, 0, 1, 1}
    };

    /**
     * Louppe et al., "Understanding variable importances in forests of randomized trees", NIPS 2013: with one random feature for each split the
     * decreases of entropy are what each segment of a digital display tells of the digit, and sum to log2 10. The numbers by segment are those of
     * its table 2.
     */
    @Test
    void importancesOfTheSevenSegmentDisplay() {
        Samples digits = Samples.ofClasses(
                Nd4j.createFromArray(SEGMENTS).castTo(org.nd4j.linalg.api.buffer.DataType.FLOAT),
                IntStream.range(0, 10).toArray());
        ForestOptions options = ForestOptions.extraTrees().withTrees(4000);
        RandomForest forest = RandomForest.fit(
                digits,
                options.withTree(options.tree().withCriterion(Criterion.ENTROPY).withFeaturesPerSplit(1)));
        double[] decreases = forest.decreases();
        assertThat(Arrays.stream(decreases).sum()).isCloseTo(Math.log(10) / Math.log(2), within(1e-9));
        assertThat(decreases)
                .containsExactly(new double[] {0.412, 0.581, 0.531, 0.542, 0.656, 0.225, 0.372}, within(0.012));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sameForestWithSumsOnACard(boolean classified) {
        String problem = CudaUnderTest.problem("emulated");
        assumeTrue(problem.isEmpty(), problem);
        Samples samples = classified ? Sets.quadrants(301, 5, 1) : Sets.friedman(301, 5, 1);
        ForestOptions options = ForestOptions.randomForest().withTrees(2).withThreads(2);
        AtomicInteger asked = new AtomicInteger();
        RandomForest here = RandomForest.fit(samples, options);
        RandomForest there = RandomForest.fit(
                samples,
                options,
                codes -> {
                    asked.incrementAndGet();
                    return CudaUnderTest.histograms("emulated", codes);
                },
                Progress.NONE);
        assertThat(asked).hasValue(1);
        for (int t = 0; t < 2; t++) {
            assertThat(there.trees().get(t))
                    .usingRecursiveComparison()
                    .isEqualTo(here.trees().get(t));
        }
    }

    @ParameterizedTest
    @CsvSource({"true, 0", "true, 6", "false, 0", "false, 6"})
    void sameForestAtAnyNumberOfThreads(boolean classified, int features) {
        Samples samples = classified ? Sets.quadrants(5003, 6, 1) : Sets.friedman(5003, 6, 1);
        ForestOptions options = ForestOptions.randomForest().withTrees(7);
        options = options.withTree(options.tree().withFeaturesPerSplit(features));
        RandomForest one = RandomForest.fit(samples, options.withThreads(1));
        RandomForest three = RandomForest.fit(samples, options.withThreads(3));
        for (int t = 0; t < 7; t++) {
            Tree a = one.trees().get(t);
            Tree b = three.trees().get(t);
            assertThat(a.feature()).isEqualTo(b.feature());
            assertThat(a.threshold()).isEqualTo(b.threshold());
            assertThat(a.left()).isEqualTo(b.left());
            assertThat(a.values()).isEqualTo(b.values());
        }
        assertThat(one.importances()).isEqualTo(three.importances());
        INDArray points = samples.points();
        assertThat(one.predict(points, 1)).isEqualTo(one.predict(points, 3));
        RandomForest other = RandomForest.fit(samples, options.withSeed(2));
        assertThat(other.predict(points)).isNotEqualTo(one.predict(points));
    }

    /** Large nodes grow on a backend's histograms, small ones on their own: limits that differ must not show. */
    @Test
    void trainingPointsReachTheLeavesThatTheyMade() {
        for (Samples samples : new Samples[] {Sets.quadrants(6001, 5, 3), Sets.friedman(6001, 5, 3)}) {
            ForestOptions options = ForestOptions.randomForest().withTrees(3).withBootstrap(false);
            for (int features : new int[] {2, 5}) {
                RandomForest forest = RandomForest.fit(
                        samples,
                        options.withTree(
                                options.tree().withFeaturesPerSplit(features).withMinLeaf(3)));
                // Every leaf's value is the mean of the targets of the training points that reach it.
                for (Tree tree : forest.trees()) {
                    checkLeaves(tree, samples);
                }
            }
        }
    }

    private static void checkLeaves(Tree tree, Samples samples) {
        float[] points = Points.floats(samples.points());
        double[] sums = new double[tree.size()];
        int[] counts = new int[tree.size()];
        for (int i = 0; i < samples.size(); i++) {
            int leaf = tree.leaf(points, i * tree.features());
            counts[leaf]++;
            sums[leaf] += samples.classified() ? samples.labels()[i] : samples.values()[i];
        }
        for (int node = 0; node < tree.size(); node++) {
            if (tree.isLeaf(node)) {
                assertThat(counts[node]).isGreaterThanOrEqualTo(3);
                double expected = sums[node] / counts[node];
                assertThat(tree.value(node, samples.classified() ? 1 : 0)).isCloseTo(expected, within(1e-9));
            } else {
                assertThat(counts[node]).isZero();
            }
        }
    }

    /** The walk of many points at once and the walk of one agree: numbers, 2 and 5 classes; 6, 1 and 300 features; with missing values. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 8, 13, 207, 5000})
    void manyPointsAtOnceAreAsOneAtATime(int n) {
        compareWalks(Sets.friedman(900, 6, 5), Sets.friedman(n, 6, 6));
        compareWalks(Sets.quadrants(900, 3, 5), Sets.quadrants(n, 3, 6));
        for (int features : new int[] {1, 300}) {
            compareWalks(fifths(600, features, 5), fifths(Math.min(n, 207), features, 6));
        }
    }

    private static Samples fifths(int n, int features, long seed) {
        Philox random = new Philox(seed, Philox.Purpose.SYNTHETIC, 8);
        float[] points = new float[n * features];
        random.fillNormal(points, 0, points.length);
        int[] labels = new int[n];
        Arrays.setAll(labels, i -> random.nextInt(5));
        return Samples.ofClasses(Nd4j.create(points, new long[] {n, features}, 'c'), labels);
    }

    private static void compareWalks(Samples training, Samples others) {
        RandomForest forest =
                RandomForest.fit(training, ForestOptions.randomForest().withTrees(11));
        int k = forest.outputs();
        int p = forest.features();
        float[] points = Points.floats(others.points());
        points[points.length / 2] = -0.0f;
        for (boolean missing : new boolean[] {false, true}) {
            for (int i = 0; missing && i < points.length; i += 1 + points.length / 4) {
                points[i] = Float.NaN;
            }
            double[] predicted =
                    Points.doubles(forest.predict(Nd4j.create(points, new long[] {others.size(), p}, 'c')));
            for (int i = 0; i < predicted.length; i++) {
                double sum = 0;
                for (Tree tree : forest.trees()) {
                    sum += tree.value(tree.leaf(points, i / k * p), i % k);
                }
                assertThat(predicted[i]).isEqualTo(sum / 11);
            }
        }
    }

    @Test
    void outOfBag() {
        Samples samples = Sets.quadrants(3000, 5, 1);
        ForestOptions options = ForestOptions.randomForest().withTrees(60);
        RandomForest forest = RandomForest.fit(samples, options);
        OutOfBag outOfBag = OutOfBag.of(forest, samples, options);
        // A draw misses a point with probability (1 - 1/n)^n; 60 draws of 3000 give it to about 0.001.
        assertThat(outOfBag.unseenShare()).isCloseTo(Math.exp(-1), within(0.003));
        assertThat(outOfBag.inEveryBag()).isZero();
        assertThat(Score.of(forest, samples)).isEqualTo(1);
        double test = Score.of(forest, Sets.quadrants(3000, 5, 2));
        assertThat(outOfBag.score()).isCloseTo(test, within(0.02)).isBetween(0.85, 0.99);
        assertThatThrownBy(() -> OutOfBag.of(forest, samples, ForestOptions.extraTrees()))
                .isInstanceOf(DataException.class);
    }

    @Test
    void forestsOfNumbersLearnFriedmansFunction() {
        Samples train = Sets.friedman(2000, 10, 1);
        Samples test = Sets.friedman(1000, 10, 2);
        RandomForest forest = RandomForest.fit(train, ForestOptions.randomForest());
        RandomForest extra = RandomForest.fit(train, ForestOptions.extraTrees());
        assertThat(Score.of(forest, test)).isGreaterThan(0.85);
        assertThat(Score.of(extra, test)).isGreaterThan(0.85);
        // Five features matter, five do not.
        PermutationImportance permuted = PermutationImportance.of(forest, test, 3, 1, Progress.NONE);
        assertThat(Arrays.stream(permuted.means(), 0, 5)).allMatch(v -> v > 0.02);
        assertThat(Arrays.stream(permuted.means(), 5, 10)).allMatch(v -> Math.abs(v) < 0.02);
        double[] importances = forest.importances();
        assertThat(Arrays.stream(importances).sum()).isCloseTo(1, within(1e-12));
        assertThat(Arrays.stream(importances, 0, 5).min().orElseThrow())
                .isGreaterThan(Arrays.stream(importances, 5, 10).max().orElseThrow());
    }

    @Test
    void missingValuesAndCategoriesInAForest() {
        Samples samples = Sets.quadrants(1500, 4, 1);
        float[] points = Points.floats(samples.points());
        for (int i = 0; i < points.length; i += 13) {
            points[i] = Float.NaN;
        }
        for (int i = 0; i < 1500; i++) {
            points[i * 4 + 3] = i % 7;
        }
        Samples gappy = Samples.ofClasses(Nd4j.create(points, new long[] {1500, 4}, 'c'), samples.labels());
        for (ForestOptions options : new ForestOptions[] {ForestOptions.randomForest(), ForestOptions.extraTrees()}) {
            TreeOptions tree = options.tree().withCategorical(java.util.Set.of(3));
            RandomForest forest = RandomForest.fit(gappy, options.withTrees(30).withTree(tree));
            assertThat(Score.of(forest, gappy)).isGreaterThan(0.97);
        }
    }

    /** Points of two far clouds share leaves only with their own; every point shares all with itself. */
    @Test
    void proximities() {
        Philox random = new Philox(5, Philox.Purpose.SYNTHETIC, 0);
        float[] x = new float[2 * 40];
        int[] labels = new int[40];
        for (int i = 0; i < 40; i++) {
            labels[i] = i % 2;
            x[2 * i] = (float) (random.nextGaussian() + 20 * labels[i]);
            x[2 * i + 1] = (float) (random.nextGaussian() - 20 * labels[i]);
        }
        INDArray points = Nd4j.create(x, new long[] {40, 2}, 'c');
        RandomForest forest = RandomForest.fit(Samples.ofClasses(points, labels), ForestOptions.randomForest());
        INDArray near = Proximity.of(forest, points);
        for (int i = 0; i < 40; i++) {
            for (int j = 0; j < 40; j++) {
                assertThat(near.getDouble(i, j)).isEqualTo(near.getDouble(j, i));
                // One cut tells the clouds apart, whichever feature it is of.
                assertThat(near.getDouble(i, j)).isEqualTo(labels[i] == labels[j] ? 1 : 0);
            }
        }
        Samples numbers = Sets.friedman(60, 5, 1);
        INDArray some = Proximity.of(RandomForest.fit(numbers, ForestOptions.randomForest()), numbers.points());
        assertThat(some.sumNumber().doubleValue()).isBetween(60.0, 600.0);
        assertThat(some.getDouble(7, 7)).isEqualTo(1);
    }

    @Test
    void badOptionsAreNamed() {
        assertThatThrownBy(() -> ForestOptions.randomForest().withTrees(0)).hasMessageContaining("at least 1 tree");
        assertThatThrownBy(() -> ForestOptions.randomForest().withSampleShare(1.5))
                .hasMessageContaining("sampleShare");
        RandomForest forest = RandomForest.fit(
                Sets.quadrants(50, 3, 1), ForestOptions.randomForest().withTrees(2));
        assertThatThrownBy(() -> forest.predict(Nd4j.zeros(2, 4)))
                .hasMessageContaining("3 features")
                .hasMessageContaining("of 4");
    }
}
