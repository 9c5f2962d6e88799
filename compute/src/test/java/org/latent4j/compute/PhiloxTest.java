package org.latent4j.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PhiloxTest {

    /** The known answers that the paper's authors publish with Random123 (philox4x32, 10 rounds). */
    @Test
    void encryptGivesThePublishedKnownAnswers() {
        assertThat(encrypt(0, 0, 0, 0, 0, 0)).containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
        assertThat(encrypt(-1, -1, -1, -1, -1, -1)).containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
        assertThat(encrypt(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0))
                .containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
    }

    @Test
    void streamsAreAFunctionOfSeedPurposeAndIndex() {
        int[] first = words(new Philox(7, Philox.Purpose.LATENT, 3));
        assertThat(words(new Philox(7, Philox.Purpose.LATENT, 3))).isEqualTo(first);
        assertThat(words(new Philox(8, Philox.Purpose.LATENT, 3))).isNotEqualTo(first);
        assertThat(words(new Philox(7L + (1L << 32), Philox.Purpose.LATENT, 3))).isNotEqualTo(first);
        assertThat(words(new Philox(7, Philox.Purpose.DATA_ORDER, 3))).isNotEqualTo(first);
        assertThat(words(new Philox(7, Philox.Purpose.LATENT, 3L + (1L << 32)))).isNotEqualTo(first);
    }

    @Test
    void normalsHaveMomentsOfTheStandardNormal() {
        int n = 1_000_001;
        float[] x = new float[n];
        new Philox(1, Philox.Purpose.LATENT, 0).fillNormal(x, 0, n);
        double mean = 0;
        double square = 0;
        double fourth = 0;
        for (float v : x) {
            mean += v;
            square += (double) v * v;
            fourth += (double) v * v * v * v;
        }
        assertThat(mean / n).isCloseTo(0, within(5 / Math.sqrt(n)));
        assertThat(square / n).isCloseTo(1, within(5 * Math.sqrt(2.0 / n)));
        assertThat(fourth / n).isCloseTo(3, within(5 * Math.sqrt(96.0 / n)));
    }

    @Test
    void signsAreThoseOfTheNormals() {
        Philox random = new Philox(1, Philox.Purpose.LATENT, 0);
        float[] normals = new float[100_001];
        random.fillNormal(normals, 0, normals.length);
        int next = random.nextInt();
        float[] signs = new float[normals.length];
        random.restart(0).fillSigns(signs, 0, signs.length);
        assertThat(random.nextInt()).isEqualTo(next);
        for (int i = 0; i < signs.length; i++) {
            assertThat(signs[i]).isEqualTo(normals[i] < 0 ? -1 : 1);
        }
    }

    @Test
    void boundedIntegersAreUniform() {
        int bound = 13;
        int n = 260_000;
        int[] counts = new int[bound];
        Philox random = new Philox(2, Philox.Purpose.DATA_ORDER, 0);
        for (int i = 0; i < n; i++) {
            counts[random.nextInt(bound)]++;
        }
        double expected = (double) n / bound;
        double chiSquare = Arrays.stream(counts)
                .mapToDouble(c -> (c - expected) * (c - expected) / expected)
                .sum();
        assertThat(chiSquare).isLessThan(40); // 12 degrees of freedom: p = 7e-5
        assertThatThrownBy(() -> random.nextInt(0)).hasMessageContaining("positive");
    }

    @Test
    void shuffleIsAPermutation() {
        int[] values = IntStream.range(0, 207).toArray();
        new Philox(3, Philox.Purpose.DATA_ORDER, 0).shuffle(values);
        assertThat(values).isNotEqualTo(IntStream.range(0, 207).toArray());
        Arrays.sort(values);
        assertThat(values).isEqualTo(IntStream.range(0, 207).toArray());
    }

    @Test
    void fillGivesTheWordsOfNextInt() {
        Philox one = new Philox(5, Philox.Purpose.ISING, 2);
        Philox many = new Philox(5, Philox.Purpose.ISING, 2);
        int[] filled = new int[211];
        int at = 0;
        for (int count : new int[] {1, 0, 2, 13, 4, 3, 188}) { // leaves every number of words in the block
            many.fill(filled, at, count);
            at += count;
        }
        assertThat(filled)
                .isEqualTo(IntStream.range(0, 211).map(i -> one.nextInt()).toArray());
        assertThat(many.nextInt()).isEqualTo(one.nextInt());
    }

    @Test
    void restartedStreamsAreThoseOfNewInstances() {
        Philox random = new Philox(7, Philox.Purpose.LATENT, 3);
        random.nextInt(); // the block is left half used
        assertThat(words(random.restart(9L + (1L << 33))))
                .isEqualTo(words(new Philox(7, Philox.Purpose.LATENT, 9L + (1L << 33))));
    }

    private static int[] encrypt(int c0, int c1, int c2, int c3, int k0, int k1) {
        int[] out = new int[4];
        Philox.encrypt(c0, c1, c2, c3, k0, k1, out, 0);
        return out;
    }

    private static int[] words(Philox random) {
        return IntStream.range(0, 9).map(i -> random.nextInt()).toArray();
    }
}
