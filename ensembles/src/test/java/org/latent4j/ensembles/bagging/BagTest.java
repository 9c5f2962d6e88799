package org.latent4j.ensembles.bagging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Test;
import org.latent4j.compute.Device;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.latent4j.ensembles.EnsembleDiagnostics;
import org.latent4j.ensembles.Learner;
import org.latent4j.ensembles.Model;
import org.latent4j.ensembles.Points;
import org.latent4j.ensembles.Samples;
import org.latent4j.ensembles.Score;
import org.latent4j.ensembles.Sets;
import org.latent4j.ensembles.forest.ForestOptions;
import org.latent4j.ensembles.forest.RandomForest;
import org.latent4j.ensembles.tree.DecisionTree;
import org.latent4j.ensembles.tree.TreeOptions;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

class BagTest {

    /** Two overlapping clouds in the plane. */
    private static Samples clouds(int n, double apart, long seed) {
        Philox random = new Philox(seed, Philox.Purpose.SYNTHETIC, 0);
        float[] points = new float[2 * n];
        int[] labels = new int[n];
        for (int i = 0; i < n; i++) {
            labels[i] = i % 2;
            points[2 * i] = (float) (random.nextGaussian() + apart * labels[i]);
            points[2 * i + 1] = (float) random.nextGaussian();
        }
        return Samples.ofClasses(Nd4j.create(points, new long[] {n, 2}, 'c'), labels);
    }

    @Test
    void partsHoldEachPointOnce() {
        Samples samples = clouds(207, 2, 1);
        Bag<Perceptron> bag = Bag.fit(Perceptron.learner(20), samples, BaggingOptions.partition(13));
        int[] all = bag.bags().stream().flatMapToInt(Arrays::stream).sorted().toArray();
        assertThat(all).containsExactly(IntStream.range(0, 207).toArray());
        assertThat(bag.bags()).allMatch(rows -> rows.length == 15 || rows.length == 16);
        // Of a partition, every member but one is out of a point's bag.
        assertThat(bag.outOfBag(samples)).doesNotContain(Double.NaN);
    }

    @Test
    void drawsLeaveOutOneInE() {
        Samples samples = clouds(1000, 2, 1);
        Bag<Perceptron> bag = Bag.fit(Perceptron.learner(1), samples, BaggingOptions.bootstrap(50));
        double seen = bag.bags().stream()
                .mapToLong(rows -> Arrays.stream(rows).distinct().count())
                .average()
                .orElseThrow();
        assertThat(1 - seen / 1000).isCloseTo(1 / Math.E, within(0.004));
    }

    /** The lecture's example: 500 points, 25 bags of 50, perceptrons; their vote beats the typical one of them. */
    @Test
    void votesOfPerceptronsBeatTheTypicalPerceptron() {
        Samples samples = clouds(500, 1.5, 3);
        Samples test = clouds(4000, 1.5, 4);
        Bag<Perceptron> bag = Bag.fit(
                Perceptron.learner(50), samples, BaggingOptions.bootstrap(25).withSize(50));
        double[] single = bag.members().stream()
                .mapToDouble(m -> Score.of(m, test))
                .sorted()
                .toArray();
        double together = Score.of(bag, test);
        assertThat(together).isGreaterThan(single[12] + 0.02).isGreaterThan(0.75);
        assertThat(Score.of(samples, bag.outOfBag(samples))).isCloseTo(together, within(0.04));
    }

    @Test
    void membersThatLearnAtOnceAreThoseThatLearnInTurn() {
        Samples samples = clouds(207, 1, 3);
        BaggingOptions options = BaggingOptions.bootstrap(13);
        for (Learner<? extends Model> learner : List.of(
                DecisionTree.learner(TreeOptions.defaults().withFeaturesPerSplit(1)),
                Perceptron.learner(5),
                LogisticRegression.learner(1))) {
            assertThat(learner.concurrent()).isTrue();
            Learner<Model> inTurn = learner::fit;
            assertThat(inTurn.concurrent()).isFalse();
            assertThat(Bag.fit(learner, samples, options).memberPredictions(samples.points()))
                    .isDeepEqualTo(Bag.fit(inTurn, samples, options).memberPredictions(samples.points()));
        }
    }

    @Test
    void perceptronsSeparateWhatPlanesSeparate() {
        Samples apart = clouds(100, 12, 5);
        assertThat(Score.of(Perceptron.learner(1000).fit(apart, 1), apart)).isEqualTo(1);
        // Three classes on the corners of a triangle.
        float[] corners = {0, 0, 0, 1, 5, 0, 5, 1, 0, 5, 1, 5};
        Samples three = Samples.ofClasses(Nd4j.create(corners, new long[] {6, 2}, 'c'), new int[] {0, 0, 1, 1, 2, 2});
        assertThat(Score.of(Perceptron.learner(1000).fit(three, 1), three)).isEqualTo(1);
    }

    /** scikit-learn 1.9.1: LogisticRegression(C=1, tol=1e-14).fit(standardised, y).predict_proba(...)[[0, 3, 9]]. */
    @Test
    void logisticRegressionIsThatOfScikitLearn() {
        double[] x = {1, 2, 2, 1, 3, 5, 4, 3, 5, 5, 6, 4, 1, 7, 2, 8, 9, 1, 7, 2};
        Samples samples = Samples.ofClasses(
                Nd4j.create(x, new long[] {10, 2}, DataType.DOUBLE), new int[] {0, 0, 1, 2, 1, 1, 2, 1, 1, 0});
        LogisticRegression model = LogisticRegression.learner(1).fit(samples, 1);
        double[][] expected = {
            {0.6672849056532852, 0.11083434611429134, 0.22188074823242337},
            {0.37770914914994896, 0.419271505057955, 0.20301934579209613},
            {0.31792444014103266, 0.5840126108828358, 0.09806294897613145}
        };
        double[][] shares = model.predict(samples.points()).toDoubleMatrix();
        assertThat(shares[0]).containsExactly(expected[0], within(1e-5));
        assertThat(shares[3]).containsExactly(expected[1], within(1e-5));
        assertThat(shares[9]).containsExactly(expected[2], within(1e-5));
    }

    @Test
    void nearestNeighboursByHand() {
        float[] line = {0, 1, 3, 7};
        Samples classes = Samples.ofClasses(Nd4j.create(line, new long[] {4, 1}, 'c'), new int[] {0, 1, 1, 0});
        Samples numbers = Samples.ofValues(classes.points(), new double[] {1, 2, 4, 8});
        try (Primitives primitives = Devices.primitives(new Device(Device.Kind.CPU, 0))) {
            INDArray asked = Nd4j.create(new float[] {0.9f, 6}, new long[] {2, 1}, 'c');
            assertThat(Points.doubles(
                            KNearest.learner(3, primitives).fit(classes, 1).predict(asked)))
                    .containsExactly(new double[] {1.0 / 3, 2.0 / 3, 1.0 / 3, 2.0 / 3}, within(1e-12));
            assertThat(Points.doubles(
                            KNearest.learner(2, primitives).fit(numbers, 1).predict(asked)))
                    .containsExactly(new double[] {1.5, 6}, within(1e-12));
            fails(() -> KNearest.learner(5, primitives).fit(classes, 1), "k must be 1 ... 4");
            fails(() -> KNearest.learner(0, primitives).fit(classes, 1), "but is 0");
        }
    }

    @Test
    void anyLearnerCanBeBagged() {
        Samples samples = clouds(120, 2, 7);
        try (Primitives primitives = Devices.primitives(new Device(Device.Kind.CPU, 0))) {
            List<Learner<? extends Model>> learners = List.of(
                    Perceptron.learner(20),
                    LogisticRegression.learner(1),
                    KNearest.learner(5, primitives),
                    DecisionTree.learner(TreeOptions.defaults()),
                    new Dl4jLearner(BagTest::network, 12, 40));
            for (Learner<? extends Model> learner : learners) {
                Bag<? extends Model> bag = Bag.fit(learner, samples, BaggingOptions.bootstrap(3));
                double[] shares = Points.doubles(bag.predict(samples.points()));
                assertThat(shares).hasSize(240);
                assertThat(shares[0] + shares[1]).isCloseTo(1, within(1e-6));
                assertThat(Score.of(bag, samples)).as(learner.toString()).isGreaterThan(0.75);
                // The same seed gives the same bag.
                Bag<? extends Model> again = Bag.fit(learner, samples, BaggingOptions.bootstrap(3));
                assertThat(Points.doubles(again.predict(samples.points()))).containsExactly(shares);
            }
        }
    }

    private static MultiLayerConfiguration network(long seed) {
        return new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Adam(0.1))
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(2)
                        .nOut(8)
                        .activation(Activation.TANH)
                        .build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .nIn(8)
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build();
    }

    @Test
    void averagesAndVotes() {
        Model sure = says(0.9, 0.1);
        Model unsure = says(0.4, 0.6);
        BaggingOptions options = BaggingOptions.bootstrap(3);
        List<int[]> bags = List.of(new int[] {0}, new int[] {0}, new int[] {0});
        Bag<Model> average = new Bag<>(List.of(sure, unsure, unsure), bags, options);
        Bag<Model> vote = new Bag<>(List.of(sure, unsure, unsure), bags, options.withVote(true));
        INDArray point = Nd4j.zeros(1, 1);
        assertThat(Points.doubles(average.predict(point)))
                .containsExactly(new double[] {1.7 / 3, 1.3 / 3}, within(1e-12));
        assertThat(Points.doubles(vote.predict(point))).containsExactly(new double[] {1.0 / 3, 2.0 / 3}, within(1e-12));
    }

    private static Model says(double... shares) {
        return new Model() {
            @Override
            public int features() {
                return 1;
            }

            @Override
            public int outputs() {
                return shares.length;
            }

            @Override
            public INDArray predict(INDArray points) {
                return Nd4j.createFromArray(new double[][] {shares});
            }
        };
    }

    /** Where few features are strong, trees that look at all features split alike; drawing features makes them differ. */
    @Test
    void membersOfAForestAreLessCorrelatedThanBaggedTrees() {
        Samples samples = Sets.friedman(300, 10, 1);
        Samples test = Sets.friedman(1000, 10, 2);
        Bag<DecisionTree> bag =
                Bag.fit(DecisionTree.learner(TreeOptions.defaults()), samples, BaggingOptions.bootstrap(30));
        RandomForest forest = RandomForest.fit(
                samples, ForestOptions.randomForest().withTrees(30).withSeed(1));
        EnsembleDiagnostics bagged = EnsembleDiagnostics.of(bag.memberPredictions(test.points()), test);
        EnsembleDiagnostics drawn = EnsembleDiagnostics.of(forest.memberPredictions(test.points()), test);
        assertThat(drawn.correlation()).isLessThan(bagged.correlation() - 0.03);
        assertThat(drawn.memberVariance()).isGreaterThan(bagged.memberVariance());
        for (EnsembleDiagnostics found : List.of(bagged, drawn)) {
            assertThat(found.predictedVariance())
                    .isCloseTo(found.ensembleVariance(), within(0.02 * found.ensembleVariance()));
            assertThat(found.ensembleError()).isLessThan(0.6 * found.memberError());
        }
        double mean = 1 - drawn.ensembleError() * 1000 / sumOfSquares(test.values());
        assertThat(mean).isCloseTo(Score.of(forest, test), within(1e-9));
    }

    private static double sumOfSquares(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    }

    @Test
    void badInputIsNamed() {
        Samples samples = clouds(10, 2, 1);
        fails(() -> Bag.fit(Perceptron.learner(5), samples, BaggingOptions.partition(11)), "11 parts", "there are 10");
        fails(() -> BaggingOptions.bootstrap(0), "at least 1 member, but B is 0");
        fails(() -> BaggingOptions.partition(3).withSize(4), "leave the size out");
        fails(() -> BaggingOptions.bootstrap(3).withSize(-4), "but are -4");
        Samples one = Samples.ofClasses(samples.points(), new int[10], List.of("a", "b"));
        fails(() -> Bag.fit(Perceptron.learner(5), one, BaggingOptions.bootstrap(2)), "all 10 points are of class 'a'");
        Samples numbers = Samples.ofValues(samples.points(), new double[10]);
        fails(
                () -> Bag.fit(Perceptron.learner(5), numbers, BaggingOptions.bootstrap(2)),
                "a perceptron learns classes");
        fails(() -> LogisticRegression.learner(1).fit(numbers, 1), "logistic regression learns classes");
        Bag<Perceptron> bag = Bag.fit(Perceptron.learner(5), samples, BaggingOptions.bootstrap(2));
        fails(() -> bag.predict(Nd4j.zeros(3, 3)), "2 features", "of 3");
    }

    private static void fails(Runnable call, String... said) {
        assertThatThrownBy(call::run).isInstanceOf(DataException.class).hasMessageContainingAll(said);
    }
}
