package org.latent4j.compute.graph;

import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.latent4j.compute.BackendUnderTest;

/** Random networks against DL4J; the seed and the layers are the test's name. They convolve in every way by turns. */
class RandomGraphParityTest {
    private static final int GRAPHS = 200;
    private static final int TRAINED = 200;
    private static final int LOWERED = 40;

    @TestFactory
    Stream<DynamicTest> gradients() {
        return LongStream.range(0, GRAPHS).mapToObj(seed -> {
            RandomGraphs.Sample sample = RandomGraphs.make(seed);
            return DynamicTest.dynamicTest(
                    "seed " + seed + ": " + sample.words(), () -> new Dl4jParity(sample.graph(), sample.batch(), seed)
                            .way(BackendUnderTest.way(seed))
                            .input("in", sample.input())
                            .checkGradients());
        });
    }

    @TestFactory
    Stream<DynamicTest> training() {
        return LongStream.range(GRAPHS, GRAPHS + TRAINED).mapToObj(seed -> {
            RandomGraphs.Sample sample = RandomGraphs.make(seed);
            return DynamicTest.dynamicTest(
                    "seed " + seed + ": " + sample.words(), () -> new Dl4jParity(sample.graph(), sample.batch(), seed)
                            .way(BackendUnderTest.way(seed))
                            .input("in", sample.input())
                            .checkTraining());
        });
    }

    @TestFactory
    Stream<DynamicTest> sixteenBits() {
        return LongStream.range(0, LOWERED).mapToObj(seed -> {
            RandomGraphs.Sample sample = RandomGraphs.smooth(seed);
            return DynamicTest.dynamicTest(
                    "seed " + seed + ": " + sample.words(), () -> new Dl4jParity(sample.graph(), sample.batch(), seed)
                            .way(BackendUnderTest.way(seed))
                            .input("in", sample.input())
                            .checkBf16());
        });
    }
}
