package org.latent4j.ensembles.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataException;
import org.latent4j.ensembles.Points;
import org.latent4j.ensembles.Samples;
import org.latent4j.ensembles.Score;
import org.latent4j.ensembles.Sets;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class DecisionTreeTest {
    private static final TreeOptions LIMITED = TreeOptions.defaults().withMinLeaf(5);
    private final Samples classes = Samples.ofClasses(Sets.referencePoints(), Sets.referenceLabels());
    private final Samples numbers = Samples.ofValues(Sets.referencePoints(), Sets.referenceValues());

    /** Feature (-2: leaf), threshold, impurity and points of each node in pre-order: trees of scikit-learn 1.2.1 on the same points. */
    private static final double[][] GINI = {
        {2, 0.6005858, 0.6496767719, 207}, {0, 0.661948, 0.569168844, 119}, {0, 0.25084, 0.4070294785, 84},
        {-2, -2.0, 0.0, 32}, {3, 0.4117756, 0.5414201183, 52}, {-2, -2.0, 0.549382716, 18},
        {-2, -2.0, 0.3269896194, 34}, {1, 0.472313, 0.5812244898, 35}, {-2, -2.0, 0.5207100592, 13},
        {-2, -2.0, 0.2355371901, 22}, {3, 0.6175891, 0.412964876, 88}, {3, 0.3981688, 0.1371742112, 54},
        {-2, -2.0, 0.0, 36}, {-2, -2.0, 0.3456790123, 18}, {1, 0.4867006, 0.5069204152, 34},
        {-2, -2.0, 0.24, 15}, {-2, -2.0, 0.4653739612, 19}
    };

    private static final double[][] ENTROPY = {
        {2, 0.6005858, 1.5471637112, 207}, {1, 0.4607647, 1.3890588058, 119}, {1, 0.2473945, 0.5631028238, 53},
        {-2, -2.0, 0.0, 28}, {-2, -2.0, 0.8554508106, 25}, {0, 0.409712, 1.5726236639, 66},
        {0, 0.2471297, 0.7973265101, 29}, {-2, -2.0, 0.0, 16}, {-2, -2.0, 0.9957274521, 13},
        {1, 0.7972296, 1.152889911, 37}, {-2, -2.0, 1.3377780972, 23}, {-2, -2.0, 0.0, 14},
        {3, 0.3981688, 0.9297982641, 88}, {-2, -2.0, 0.0, 36}, {0, 0.3404425, 1.115419284, 52},
        {-2, -2.0, 0.9917601482, 20}, {1, 0.3926566, 0.8571484374, 32}, {-2, -2.0, 0.8904916402, 13},
        {-2, -2.0, 0.0, 19}
    };

    private static final double[][] GINI_WEIGHTED = {
        {2, 0.6005858, 0.6523372774, 207}, {1, 0.3542894, 0.5560302457, 119}, {3, 0.1351695, 0.095, 40},
        {-2, -2.0, 0.42, 5}, {-2, -2.0, 0.0281632653, 35}, {0, 0.660042, 0.6552, 79},
        {-2, -2.0, 0.5240833255, 52}, {-2, -2.0, 0.3902218198, 27}, {3, 0.6175891, 0.4178284499, 88},
        {0, 0.1175269, 0.1690606148, 54}, {-2, -2.0, 0.426035503, 6}, {-2, -2.0, 0.0373696145, 48},
        {1, 0.3337509, 0.4733700643, 34}, {-2, -2.0, 0.0798611111, 11}, {-2, -2.0, 0.4954648526, 23}
    };

    private static final double[][] VARIANCE = {
        {2, 0.6005858, 0.6994676243, 207}, {0, 0.6770639, 0.5243526554, 119}, {3, 0.4900668, 0.2524481174, 87},
        {-2, -2.0, 0.1892798692, 39}, {-2, -2.0, 0.1705705798, 48}, {1, 0.6861119, 0.6319007892, 32},
        {-2, -2.0, 0.2628383138, 19}, {-2, -2.0, 0.1671367121, 13}, {1, 0.8647748, 0.4282864473, 88},
        {3, 0.5661685, 0.230525868, 74}, {-2, -2.0, 0.1916815893, 40}, {-2, -2.0, 0.1306702964, 34},
        {0, 0.4071354, 0.7992102326, 14}, {-2, -2.0, 0.2834120383, 6}, {-2, -2.0, 0.1008190017, 8}
    };

    private static final double[][] ABSOLUTE_ERROR = {
        {2, 0.6005858, 0.6676079722, 207}, {0, 0.6770639, 0.5416563177, 119}, {3, 0.7123428, 0.3754140718, 87},
        {-2, -2.0, 0.3078961525, 54}, {-2, -2.0, 0.3657014989, 33}, {1, 0.4475133, 0.6441467933, 32},
        {-2, -2.0, 0.246764529, 10}, {-2, -2.0, 0.466421287, 22}, {0, 0.7812873, 0.4883228123, 88},
        {3, 0.6175891, 0.3678694611, 72}, {-2, -2.0, 0.3930789296, 44}, {-2, -2.0, 0.2098622773, 28},
        {1, 0.5778166, 0.6322409608, 16}, {-2, -2.0, 0.3836384977, 10}, {-2, -2.0, 0.2515844789, 6}
    };

    private static final double[][] ABSOLUTE_ERROR_WEIGHTED = {
        {2, 0.6005858, 0.6713675688, 207}, {1, 0.821621, 0.5195411862, 119}, {-2, -2.0, 0.4028232038, 100},
        {-2, -2.0, 0.7004340074, 19}, {0, 0.7812873, 0.5009563447, 88}, {-2, -2.0, 0.3798344352, 72},
        {-2, -2.0, 0.6314548203, 16}
    };

    @Test
    void treesAreThoseOfScikitLearn() {
        same(
                DecisionTree.fit(classes, LIMITED.withMinLeaf(13).withMaxDepth(4), 1),
                GINI,
                0.2321278707,
                0.1591215228,
                0.36701252,
                0.2417380865);
        same(
                DecisionTree.fit(
                        classes, LIMITED.withMinLeaf(13).withMaxDepth(4).withCriterion(Criterion.ENTROPY), 1),
                ENTROPY,
                0.2633706729,
                0.3032779813,
                0.3268920536,
                0.1064592922);
        same(
                DecisionTree.fit(classes.withWeights(Sets.referenceWeights()), LIMITED.withMaxDepth(3), 1),
                GINI_WEIGHTED,
                0.2286631538,
                0.1915039564,
                0.40969684,
                0.1701360498);
        same(
                DecisionTree.fit(numbers, LIMITED.withMaxDepth(3), 1),
                VARIANCE,
                0.2689590262,
                0.2093834539,
                0.4160833283,
                0.1055741917);
        DecisionTree medians =
                DecisionTree.fit(numbers, LIMITED.withMaxDepth(3).withCriterion(Criterion.ABSOLUTE_ERROR), 1);
        same(medians, ABSOLUTE_ERROR, 0.2571770197, 0.1853923339, 0.450748559, 0.1066820873);
        assertThat(Arrays.stream(Points.doubles(medians.predict(numbers.points())))
                        .distinct()
                        .sorted()
                        .toArray())
                .containsExactly(
                        new double[] {
                            -0.36359991, 0.08495305, 0.16480324, 0.7210678, 1.1829689, 1.28212549, 1.62927012, 2.8396393
                        },
                        within(1e-8));
        same(
                DecisionTree.fit(
                        numbers.withWeights(Sets.referenceWeights()),
                        LIMITED.withMaxDepth(2).withCriterion(Criterion.ABSOLUTE_ERROR),
                        1),
                ABSOLUTE_ERROR_WEIGHTED,
                0.1428291315,
                0.1677911997,
                0.6893796688,
                0);
    }

    /** 207 points have fewer values than 255 bins: the same tree comes of bytes. */
    @Test
    void binsAreExactForFewValues() {
        same(
                DecisionTree.fit(
                        classes, LIMITED.withMinLeaf(13).withMaxDepth(4).withBins(255), 1),
                GINI,
                0.2321278707,
                0.1591215228,
                0.36701252,
                0.2417380865);
    }

    private static void same(DecisionTree fitted, double[][] expected, double... importances) {
        Tree tree = fitted.tree();
        assertThat(tree.size()).isEqualTo(expected.length);
        int[] order = preOrder(tree);
        for (int i = 0; i < expected.length; i++) {
            int node = order[i];
            assertThat(tree.isLeaf(node) ? -2 : tree.feature()[node])
                    .as("node " + i)
                    .isEqualTo((int) expected[i][0]);
            if (!tree.isLeaf(node)) {
                assertThat((double) tree.threshold()[node]).as("node " + i).isCloseTo(expected[i][1], within(1e-6));
            }
            assertThat(tree.statistics().impurity()[node]).as("node " + i).isCloseTo(expected[i][2], within(1e-8));
            assertThat(tree.statistics().rows()[node]).as("node " + i).isEqualTo((int) expected[i][3]);
        }
        assertThat(fitted.importances()).containsExactly(importances, within(1e-8));
    }

    static int[] preOrder(Tree tree) {
        int[] order = new int[tree.size()];
        int[] stack = new int[tree.size()];
        int depth = 1;
        for (int i = 0; depth > 0; i++) {
            int node = stack[--depth];
            order[i] = node;
            if (!tree.isLeaf(node)) {
                stack[depth++] = tree.left()[node] + 1;
                stack[depth++] = tree.left()[node];
            }
        }
        return order;
    }

    /** scikit-learn's toy of its own tests. */
    @Test
    void toy() {
        INDArray x = Nd4j.createFromArray(new double[][] {{-2, -1}, {-1, -1}, {-1, -2}, {1, 1}, {1, 2}, {2, 1}});
        DecisionTree tree = DecisionTree.fit(
                Samples.ofClasses(x, new int[] {0, 0, 0, 1, 1, 1}, List.of("-1", "1")), TreeOptions.defaults(), 1);
        assertThat(tree.tree().size()).isEqualTo(3);
        assertThat(tree.tree().threshold()[0]).isZero();
        INDArray predicted = tree.predict(Nd4j.createFromArray(new double[][] {{-1, -1}, {2, 2}, {3, 2}}));
        assertThat(predicted.toDoubleMatrix()).isDeepEqualTo(new double[][] {{1, 0}, {0, 1}, {0, 1}});
    }

    @ParameterizedTest
    @EnumSource(Criterion.class)
    void unlimitedTreesFitDistinctPoints(Criterion criterion) {
        Samples samples = criterion.ofClasses() ? classes : numbers;
        DecisionTree tree = DecisionTree.fit(samples, TreeOptions.defaults().withCriterion(criterion), 1);
        assertThat(Score.of(tree, samples)).isEqualTo(1);
        DecisionTree random = DecisionTree.fit(samples, TreeOptions.defaults().withFeaturesPerSplit(1), 3);
        assertThat(Score.of(random, samples)).isEqualTo(1);
    }

    /** No first cut of the exclusive or lowers the impurity; the tree must cut nevertheless. */
    @Test
    void exclusiveOr() {
        INDArray x = Nd4j.createFromArray(new double[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}});
        Samples samples = Samples.ofClasses(x, new int[] {0, 1, 1, 0});
        assertThat(Score.of(DecisionTree.fit(samples, TreeOptions.defaults(), 1), samples))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 13, 40})
    void limitsHold(int minLeaf) {
        DecisionTree tree = DecisionTree.fit(
                classes,
                TreeOptions.defaults().withMinLeaf(minLeaf).withMaxDepth(6).withMinSplit(20),
                1);
        Tree nodes = tree.tree();
        assertThat(nodes.depth()).isLessThanOrEqualTo(6);
        for (int node = 0; node < nodes.size(); node++) {
            int rows = nodes.statistics().rows()[node];
            assertThat(rows).isGreaterThanOrEqualTo(nodes.isLeaf(node) ? minLeaf : 20);
        }
    }

    @Test
    void splitsOfLittleGainAreLeftOut() {
        int all = DecisionTree.fit(classes, LIMITED, 1).tree().size();
        int fewer =
                DecisionTree.fit(classes, LIMITED.withMinGain(0.01), 1).tree().size();
        assertThat(fewer).isLessThan(all).isGreaterThan(1);
        assertThat(DecisionTree.fit(classes, LIMITED.withMinGain(0.5), 1).tree().size())
                .isOne();
    }

    /** Rows of weight 2 count as two rows. */
    @Test
    void weightsAreRepetitions() {
        int[] twice = IntStream.concat(IntStream.range(0, 207), IntStream.range(0, 100))
                .toArray();
        double[] weights =
                IntStream.range(0, 207).mapToDouble(i -> i < 100 ? 2 : 1).toArray();
        TreeOptions options = TreeOptions.defaults().withMaxDepth(4);
        for (Samples samples : List.of(classes, numbers)) {
            DecisionTree weighted = DecisionTree.fit(samples.withWeights(weights), options, 1);
            DecisionTree repeated = DecisionTree.fit(samples.subset(twice), options, 1);
            assertThat(Points.doubles(weighted.predict(samples.points())))
                    .containsExactly(Points.doubles(repeated.predict(samples.points())), within(1e-12));
        }
    }

    @Test
    void missingValuesGoWhereTheyDoBetter() {
        double nan = Double.NaN;
        INDArray x = Nd4j.createFromArray(new double[][] {{1}, {2}, {nan}, {nan}, {8}, {9}});
        DecisionTree low =
                DecisionTree.fit(Samples.ofClasses(x, new int[] {0, 0, 0, 0, 1, 1}), TreeOptions.defaults(), 1);
        assertThat(low.predict(Nd4j.createFromArray(new double[][] {{nan}, {1}, {9}}))
                        .toDoubleMatrix())
                .isDeepEqualTo(new double[][] {{1, 0}, {1, 0}, {0, 1}});
        DecisionTree high =
                DecisionTree.fit(Samples.ofClasses(x, new int[] {0, 0, 1, 1, 1, 1}), TreeOptions.defaults(), 1);
        assertThat(high.predict(Nd4j.createFromArray(new double[][] {{nan}, {1}, {9}}))
                        .toDoubleMatrix())
                .isDeepEqualTo(new double[][] {{0, 1}, {1, 0}, {0, 1}});
        // Missing itself may be what tells the classes apart.
        DecisionTree alone =
                DecisionTree.fit(Samples.ofClasses(x, new int[] {0, 0, 1, 1, 0, 0}), TreeOptions.defaults(), 1);
        assertThat(alone.tree().size()).isEqualTo(3);
        assertThat(Score.of(alone, Samples.ofClasses(x, new int[] {0, 0, 1, 1, 0, 0})))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Criterion.class)
    void categoriesAreDividedIntoSets(Criterion criterion) {
        int n = 300;
        Philox random = new Philox(5, Philox.Purpose.SYNTHETIC, 0);
        double[][] x = new double[n][];
        int[] labels = new int[n];
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            int category = random.nextInt(12);
            x[i] = new double[] {random.nextDouble(), category};
            labels[i] = Set.of(1, 4, 5, 9, 11).contains(category) ? 1 : 0;
            values[i] = labels[i];
        }
        INDArray points = Nd4j.createFromArray(x);
        Samples samples = criterion.ofClasses() ? Samples.ofClasses(points, labels) : Samples.ofValues(points, values);
        DecisionTree tree = DecisionTree.fit(
                samples, TreeOptions.defaults().withCriterion(criterion).withCategorical(Set.of(1)), 1);
        assertThat(tree.tree().size()).isEqualTo(3); // one division, where a number would need many cuts
        assertThat(Score.of(tree, samples)).isEqualTo(1);
        INDArray strange = Nd4j.createFromArray(new double[][] {{0.5, 200}, {0.5, Double.NaN}, {0.5, 1.5}, {0.5, -3}});
        double[] predicted = Points.doubles(tree.predict(strange));
        assertThat(Arrays.stream(predicted).distinct().count()).isLessThanOrEqualTo(2);
    }

    /** Brute force over all divisions finds nothing better than the order by the mean (Fisher 1958). */
    @Test
    void divisionOfCategoriesIsTheBest() {
        Philox random = new Philox(11, Philox.Purpose.SYNTHETIC, 0);
        int n = 60;
        int categories = 6;
        double[][] x = new double[n][];
        double[] y = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = new double[] {random.nextInt(categories)};
            y[i] = random.nextGaussian() + x[i][0] % 3;
        }
        double best = Double.POSITIVE_INFINITY;
        for (int left = 1; left < (1 << categories) - 1; left++) {
            best = Math.min(best, squares(x, y, left, 0) + squares(x, y, left, 1));
        }
        Samples samples = Samples.ofValues(Nd4j.createFromArray(x), y);
        DecisionTree stump =
                DecisionTree.fit(samples, TreeOptions.defaults().withMaxDepth(1).withCategorical(Set.of(0)), 1);
        Tree tree = stump.tree();
        double found = tree.statistics().impurity()[1] * tree.statistics().weight()[1]
                + tree.statistics().impurity()[2] * tree.statistics().weight()[2];
        assertThat(found).isCloseTo(best, within(1e-9));
    }

    private static double squares(double[][] x, double[] y, int set, int side) {
        double[] in = IntStream.range(0, y.length)
                .filter(i -> (set >> (int) x[i][0] & 1) == side)
                .mapToDouble(i -> y[i])
                .toArray();
        double mean = Arrays.stream(in).average().orElse(0);
        return Arrays.stream(in).map(v -> (v - mean) * (v - mean)).sum();
    }

    @Test
    void badInputIsNamed() {
        INDArray x = Sets.referencePoints();
        assertThatThrownBy(() -> Samples.ofClasses(Nd4j.empty(), new int[0])).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> Samples.ofClasses(x, new int[3])).hasMessageContaining("3 values for 207 points");
        assertThatThrownBy(() -> Samples.ofClasses(x, Sets.referenceLabels(), List.of("a", "b")))
                .hasMessageContaining("label 2")
                .hasMessageContaining("2 classes");
        double[] y = Sets.referenceValues();
        y[4] = Double.NaN;
        assertThatThrownBy(() -> Samples.ofValues(x, y)).hasMessageContaining("target of point 5 is NaN");
        assertThatThrownBy(() -> classes.withWeights(new double[207])).hasMessageContaining("all weights are 0");
        assertThatThrownBy(() -> DecisionTree.fit(
                        Samples.ofClasses(x, new int[207], List.of("a", "b")), TreeOptions.defaults(), 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("all 207 points are of class 'a'");
        assertThatThrownBy(
                        () -> DecisionTree.fit(classes, TreeOptions.defaults().withCriterion(Criterion.VARIANCE), 1))
                .hasMessageContaining("GINI or ENTROPY");
        DecisionTree tree = DecisionTree.fit(classes, LIMITED, 1);
        assertThatThrownBy(() -> tree.predict(Nd4j.zeros(2, 3)))
                .hasMessageContaining("4 features")
                .hasMessageContaining("of 3");
        assertThatThrownBy(() -> TreeOptions.defaults().withMinLeaf(0)).hasMessageContaining("minLeaf");
        assertThatThrownBy(
                        () -> DecisionTree.fit(classes, TreeOptions.defaults().withCategorical(Set.of(1)), 1))
                .hasMessageContaining("whole numbers 0 ... 254");
    }

    /** 5,000 values in three bands: the borders lie within bins of 255 quantiles, and finer codes find them all the same. */
    @Test
    void bordersWithinBinsAreFoundWithManyClasses() {
        int n = 5000;
        float[] x = new float[n];
        int[] bands = new int[n];
        for (int i = 0; i < n; i++) {
            int place = (int) (i * 1237L % n); // in no order
            x[i] = place;
            bands[i] = place < 1234 ? 0 : place < 3333 ? 1 : 2;
        }
        Samples samples = Samples.ofClasses(Nd4j.create(x, new long[] {n, 1}, 'c'), bands);
        DecisionTree tree = DecisionTree.fit(samples, TreeOptions.defaults().withBins(255), 1);
        assertThat(tree.tree().leaves()).isEqualTo(3);
        assertThat(Score.of(tree, samples)).isEqualTo(1);
    }
}
