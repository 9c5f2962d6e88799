package org.latent4j.data.ising;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.assertj.core.data.Index;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.latent4j.data.DataException;
import org.latent4j.data.Progress;

class IsingSamplerTest {

    @ParameterizedTest
    @CsvSource({
        "WOLFF, 1.0",
        "WOLFF, 2.0",
        "WOLFF, 2.25",
        "WOLFF, 2.269185",
        "WOLFF, 2.5",
        "WOLFF, 4.0",
        "METROPOLIS, 1.0",
        "METROPOLIS, 2.0",
        "METROPOLIS, 2.5",
        "METROPOLIS, 4.0",
        "METROPOLIS, 300.0",
    })
    void observablesOf40x40AreExactWithinFourStandardErrors(IsingMethod method, double temperature) {
        IsingObservables measured = measure(IsingOptions.of(40, temperature, 2000, method, 11));
        IsingExact.Torus exact = IsingExact.torus(40, temperature);
        assertWithinFour(measured.energy(), exact.energy(), "energy");
        assertWithinFour(measured.specificHeat(), exact.specificHeat(), "specific heat");
        if (temperature <= 2) { // closer to Tc the finite lattice is not the infinite one
            assertWithinFour(measured.absMagnetisation(), IsingExact.magnetisation(temperature), "|m|");
        }
        assertThat(measured.energy().standardError()).isLessThan(2e-3);
        assertThat(measured.energy().autocorrelationTime()).isLessThan(0.9);
        assertThat(measured.absMagnetisation().autocorrelationTime()).isLessThan(0.9);
    }

    @ParameterizedTest
    @CsvSource({
        "WOLFF, 2, 2.0",
        "WOLFF, 3, 1.5",
        "WOLFF, 3, 3.0",
        "WOLFF, 4, 2.5",
        "METROPOLIS, 2, 2.0",
        "METROPOLIS, 3, 1.5",
        "METROPOLIS, 3, 3.0",
        "METROPOLIS, 4, 2.5",
    })
    void tinyLatticesAgreeWithTheSumOverAllStates(IsingMethod method, int size, double temperature) {
        IsingObservables measured = measure(IsingOptions.of(size, temperature, 50_000, method, 5));
        BruteForce exact = BruteForce.of(size, temperature);
        assertWithinFour(measured.energy(), exact.energy(), "energy");
        assertWithinFour(measured.absMagnetisation(), exact.absMagnetisation(), "|m|");
        assertWithinFour(measured.squaredMagnetisation(), exact.squaredMagnetisation(), "m^2");
        assertWithinFour(measured.specificHeat(), exact.specificHeat(), "specific heat");
        double spins = size * size;
        double variance = exact.squaredMagnetisation() - exact.absMagnetisation() * exact.absMagnetisation();
        assertWithinFour(measured.susceptibility(), spins * variance / temperature, "susceptibility");
    }

    @ParameterizedTest
    @EnumSource(names = {"WOLFF", "METROPOLIS"})
    void bothSignsAreEquallyFrequentAtLowTemperature(IsingMethod method) {
        IsingSamples samples = IsingSampler.sample(IsingOptions.of(13, 1, 1000, method, 3), Progress.NONE);
        double[] m = IsingSeries.of(samples.configurations(), 13).magnetisation();
        long up = 0;
        long repeated = 0;
        for (int i = 0; i < m.length; i++) {
            up += m[i] > 0 ? 1 : 0;
            repeated += i > 0 && m[i] > 0 == m[i - 1] > 0 ? 1 : 0;
        }
        assertThat(up).isBetween(437L, 563L); // 4 standard errors
        assertThat(repeated).isBetween(437L, 563L);
    }

    @ParameterizedTest
    @CsvSource({"WOLFF, 2.3, 101", "METROPOLIS, 3.0, 101", "AUTO, 2.0, 3"})
    void samplesDoNotDependOnTheNumberOfThreads(IsingMethod method, double temperature, int count) throws Exception {
        IsingOptions options = IsingOptions.of(9, temperature, count, method, 8);
        byte[][] parallel = onThreads(4, options);
        assertThat(parallel).hasDimensions(count, 81).isDeepEqualTo(onThreads(1, options));
        assertThat(parallel).doesNotContain(parallel[0], Index.atIndex(1));
        IsingOptions otherSeed = IsingOptions.of(9, temperature, count, method, 9);
        assertThat(onThreads(1, otherSeed)[0]).isNotEqualTo(parallel[0]);
    }

    @Test
    void moreChainsThanSamplesAndProgress() {
        List<Long> reported = new ArrayList<>();
        IsingOptions options = new IsingOptions(5, 2, 3, IsingMethod.WOLFF, 10, 1, 7, 1);
        IsingSamples samples = IsingSampler.sample(options, (task, done, total) -> reported.add(done * 10 + total));
        assertThat(samples.configurations()).hasDimensions(3, 25);
        assertThat(reported).containsExactly(13L, 23L, 33L);
    }

    @Test
    void imagesAreBlackAndWhite() {
        byte[][] spins = {{1, -1, -1, 1}};
        byte[] out = new byte[6];
        new IsingSamples(IsingOptions.of(2, 2, 1, IsingMethod.AUTO, 1), spins).readImage(0, out, 1);
        assertThat(out).containsExactly(0, -1, 0, 0, -1, 0); // uint8 255 is -1
        byte[] grey = {(byte) 255, 0, 127, (byte) 128, 0, 0, 0, 0};
        assertThat(IsingSamples.spins(grey, 2)).isDeepEqualTo(new byte[][] {{1, -1, -1, 1}, {-1, -1, -1, -1}});
        assertThatThrownBy(() -> IsingSamples.spins(grey, 3)).isInstanceOf(DataException.class);
    }

    @Test
    void autoTakesTheFasterMethod() {
        assertThat(IsingMethod.AUTO.at(2.269)).isEqualTo(IsingMethod.WOLFF);
        assertThat(IsingMethod.AUTO.at(4)).isEqualTo(IsingMethod.METROPOLIS);
        assertThat(IsingMethod.METROPOLIS.at(1)).isEqualTo(IsingMethod.METROPOLIS);
    }

    @Test
    void allProblemsOfTheOptionsAreNamedAtOnce() {
        assertThatThrownBy(() -> new IsingOptions(1, -3, 0, IsingMethod.WOLFF, 0, 1, 0, 1))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll(
                        "size must be 2 to 4096, but is 1", "above 0, but is -3.0", "but is 0", "chains");
        assertThatThrownBy(() -> IsingOptions.of(40, Double.NaN, 10, IsingMethod.AUTO, 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> new IsingOptions(1000, 2, 1_000_000, IsingMethod.WOLFF, 20, 5, 4, 1))
                .hasMessageContaining("use more chains");
        assertThatThrownBy(() -> IsingSampler.sample(
                        new IsingOptions(1000, 2, 2_000_000, IsingMethod.WOLFF, 1, 1, 100_000, 1), Progress.NONE))
                .hasMessageContaining("raise -Xmx");
    }

    @Test
    void configurationsOfOtherKindsAreRefused() {
        assertThatThrownBy(() -> IsingSeries.of(new byte[][] {{1, 1, 0, 1}, {1, 1, 1}}, 2))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("number 0 holds 0 at 2", "number 1 has 3 spins instead of 2 x 2");
        assertThatThrownBy(() -> IsingSeries.of(new byte[0][], 2)).hasMessageContaining("there is none");
    }

    @Test
    void correlationsOfStripes() {
        byte[][] stripes = {{1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1}};
        IsingSeries series = IsingSeries.of(stripes, 4);
        assertThat(series.correlation()).isDeepEqualTo(new double[][] {{1}, {0}, {1}}); // -1 across, +1 along
        assertThat(series.energy()).containsExactly(0);
        assertThat(series.magnetisation()).containsExactly(0);
    }

    private static byte[][] onThreads(int threads, IsingOptions options) throws Exception {
        ForkJoinPool pool = new ForkJoinPool(threads);
        try {
            return pool.submit(() -> IsingSampler.sample(options, Progress.NONE))
                    .get()
                    .configurations();
        } finally {
            pool.shutdown();
        }
    }

    private static IsingObservables measure(IsingOptions options) {
        IsingSamples samples = IsingSampler.sample(options, Progress.NONE);
        return IsingObservables.of(IsingSeries.of(samples.configurations(), options.size()), options.temperature());
    }

    private static void assertWithinFour(Estimate measured, double exact, String what) {
        assertThat(Math.abs(measured.value() - exact) / measured.standardError())
                .as("%s: %s +- %s against %s", what, measured.value(), measured.standardError(), exact)
                .isLessThan(4);
    }
}
