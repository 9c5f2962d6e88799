package org.latent4j.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResamplesTest {

    /** The published first words of SplitMix64 from seed 1234567 (Rosetta Code, "Pseudo-random numbers/Splitmix64"). */
    @Test
    void splitMixGivesThePublishedWords() {
        long[] steps =
                IntStream.rangeClosed(1, 5).mapToLong(i -> i * SplitMix.GAMMA).toArray();
        long[] words = new long[5];
        SplitMix.fill(1234567, steps, words, 5);
        assertThat(Arrays.stream(words).mapToObj(Long::toUnsignedString))
                .containsExactly(
                        "6457827717110365317",
                        "3203168211198807973",
                        "9817491932198370423",
                        "4593380528125082431",
                        "16408922859458223821");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 13, 207, 500, 3999, 4095, 4096})
    void lanesThatAreNotRejectedAreEveryIndexEquallyOften(int n) {
        long[] words = new long[1 << 14];
        for (int lane = 0; lane < 1 << 16; lane++) {
            words[lane / 4] |= (long) lane << 16 * (lane % 4);
        }
        long mask = 0x0000FFFF0000FFFFL;
        long edge = (0x10000L + 65536 % n - 1) * 0x0000000100000001L;
        long[] evens = new long[words.length];
        long[] odds = new long[words.length];
        long[] rejected = new long[words.length];
        Resamples.products(words, evens, n, mask, 0, words.length);
        Resamples.products(words, odds, n, mask, 16, words.length);
        Resamples.rests(evens, odds, rejected, mask, edge, words.length);
        int[] counts = new int[n];
        int words0 = 0;
        for (int lane = 0; lane < 1 << 16; lane++) {
            boolean fails = lane * n % 65536 < 65536 % n;
            if (!fails) {
                long product = (lane % 2 == 0 ? evens : odds)[lane / 4];
                counts[(int) (product >>> (lane % 4 < 2 ? 16 : 48)) & 0xFFFF]++;
            }
            if (lane % 4 == 0) {
                boolean any = IntStream.range(lane, lane + 4).anyMatch(x -> (long) x * n % 65536 < 65536 % n);
                assertThat((rejected[lane / 4] & 0x0001000000010000L) != 0).isEqualTo(any);
                words0 += any ? 1 : 0;
            }
        }
        assertThat(words0 > 0).isEqualTo(65536 % n != 0);
        assertThat(counts).containsOnly(65536 / n);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 13, 207, 500, 3999, 4096, 4097, 10_001})
    void drawsAreThoseOfTheDefinition(int n) {
        Resamples resamples = new Resamples(-5, 3, n);
        int[] draws = new int[n];
        float[] counts = new float[n + 2];
        double[][] columns = {new double[n], new double[n]};
        Arrays.setAll(columns[0], i -> i);
        Arrays.setAll(columns[1], i -> i % 3 - 1);
        int many = 41;
        double[] sums = new double[2 * many + 1];
        resamples.sums(2, many, columns, sums, 1);
        for (int r = 2; r < 2 + many; r++) {
            int[] expected = slowly(-5, 3, n, r);
            resamples.draw(r, draws);
            assertThat(draws).isEqualTo(expected);
            assertThat(sums[1 + 2 * (r - 2)])
                    .isEqualTo(Arrays.stream(expected).asLongStream().sum());
            assertThat(sums[2 + 2 * (r - 2)])
                    .isEqualTo(Arrays.stream(expected).map(i -> i % 3 - 1).sum());
        }
        resamples.count(7, counts, 2);
        float[] expected = new float[n + 2];
        Arrays.stream(slowly(-5, 3, n, 7)).forEach(i -> expected[i + 2]++);
        assertThat(counts).isEqualTo(expected);
    }

    /** The definition, draw by draw. */
    private static int[] slowly(long seed, long stream, int n, long resample) {
        long start = new Philox(seed, Philox.Purpose.RESAMPLE_START, stream).nextLong();
        int bits = n <= 4096 ? 16 : 32;
        int lanes = 64 / bits;
        long words = (n + lanes - 1) / lanes;
        int[] draws = new int[n];
        for (int i = 0; i < n; i++) {
            long word = SplitMix.mix(start + (resample * words + i / lanes + 1) * SplitMix.GAMMA);
            int lane = i % lanes;
            long product = (word << 64 - (lane + 1) * bits >>> 64 - bits) * n;
            if (product % (1L << bits) < (1L << bits) % n) {
                do {
                    word = SplitMix.mix(word + (lane + 1) * SplitMix.GAMMA);
                    product = (word >>> 32) * n;
                } while (product % (1L << 32) < (1L << 32) % n);
                draws[i] = (int) (product / (1L << 32));
            } else {
                draws[i] = (int) (product / (1L << bits));
            }
        }
        return draws;
    }

    /** Pearson's statistic is within 5 of its standard deviations, for single draws and for pairs of neighbours. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7, 13, 500, 4096, 5003})
    void drawsAreUniform(int n) {
        Resamples resamples = new Resamples(1, 0, n);
        int resampled = Math.max(1, 4_000_000 / n);
        int[] draws = new int[n];
        int sectors = Math.min(n, 60);
        long[] singles = new long[n];
        long[] pairs = new long[sectors * sectors];
        for (int r = 0; r < resampled; r++) {
            resamples.draw(r, draws);
            for (int i = 0; i < n; i++) {
                singles[draws[i]]++;
                if (n <= 60 && i > 0) {
                    pairs[draws[i - 1] * n + draws[i]]++;
                }
            }
        }
        assertUniform(singles);
        if (n <= 60) {
            assertUniform(pairs);
        }
    }

    private static void assertUniform(long[] counts) {
        double expected = Arrays.stream(counts).sum() / (double) counts.length;
        double squares = Arrays.stream(counts)
                .mapToDouble(c -> (c - expected) * (c - expected) / expected)
                .sum();
        double freedom = counts.length - 1;
        assertThat(squares).isCloseTo(freedom, within(5 * Math.sqrt(2 * freedom)));
    }

    /** The sum over draws of a column has the variance n times that of the column: neighbouring draws are not alike. */
    @Test
    void sumsHaveTheVarianceOfIndependentDraws() {
        int n = 500;
        double[] column = new double[n];
        Arrays.setAll(column, i -> i - (n - 1) / 2.0);
        int resampled = 100_000;
        double[] sums = new double[resampled];
        new Resamples(2, 0, n).sums(0, resampled, new double[][] {column}, sums, 0);
        double variance = Arrays.stream(sums).map(s -> s * s).sum() / resampled;
        double expected = n * (n * (double) n - 1) / 12;
        assertThat(variance / expected).isCloseTo(1, within(5 * Math.sqrt(2.0 / resampled)));
    }

    @Test
    void streamsAndSeedsDiffer() {
        assertThat(slowly(1, 0, 50, 0)).isNotEqualTo(slowly(1, 1, 50, 0)).isNotEqualTo(slowly(2, 0, 50, 0));
    }
}
