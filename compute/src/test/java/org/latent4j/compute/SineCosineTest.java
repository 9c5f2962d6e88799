package org.latent4j.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Against fdlibm, which Java's StrictMath is. */
class SineCosineTest {

    @Test
    void sinesAndCosinesAreThoseOfStrictMath() {
        Random random = new Random(1);
        DoubleStream edges = DoubleStream.of(0, -0.0, 1e-300, 1e-9, 1_647_099, 1_647_100, -1e9, 1e300);
        DoubleStream quarters =
                DoubleStream.iterate(-1000 * Math.PI, x -> x + Math.PI / 4).limit(8000);
        DoubleStream others =
                DoubleStream.generate(() -> 1e3 * random.nextGaussian()).limit(50_000);
        DoubleStream far =
                DoubleStream.generate(() -> 1e6 * random.nextGaussian()).limit(50_000);
        double[] angles = Stream.of(edges, quarters, others, far)
                .flatMapToDouble(part -> part)
                .toArray();
        double[] sines = new double[angles.length];
        double[] cosines = new double[angles.length];
        new SineCosine().of(angles, sines, cosines);
        for (int i = 0; i < angles.length; i++) {
            assertThat(sines[i]).as("sin " + angles[i]).isCloseTo(StrictMath.sin(angles[i]), within(3e-16));
            assertThat(cosines[i]).as("cos " + angles[i]).isCloseTo(StrictMath.cos(angles[i]), within(3e-16));
        }
    }

    @Test
    void numbersThatAreNotFiniteHaveNone() {
        double[] angles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        double[] sines = new double[3];
        double[] cosines = new double[3];
        new SineCosine().of(angles, sines, cosines);
        assertThat(sines).containsOnly(Double.NaN);
        assertThat(cosines).containsOnly(Double.NaN);
    }
}
