package org.latent4j.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Against fdlibm, which Java's StrictMath is. */
class BoxMullerTest {

    private static IntStream words() {
        IntStream edges =
                IntStream.of(0, 1, -1, -2, 1 << 29, (1 << 29) - 1, 1 << 30, 3 << 29, 1 << 31, 7 << 29, 0xFDFFFFFF);
        return IntStream.concat(edges, IntStream.range(0, 100_000).map(i -> i * 0x9E3779B9));
    }

    @Test
    void logarithmsAreThoseOfStrictMath() {
        words().forEach(word -> {
            double u = ((word & 0xFFFFFFFFL) + 1) * 0x1.0p-32;
            double expected = StrictMath.log(u);
            assertThat(BoxMuller.log(u)).isCloseTo(expected, within(1e-15 + 4e-16 * Math.abs(expected)));
            assertThat(BoxMuller.radius(word)).isCloseTo(Math.sqrt(-2 * expected), within(1e-7));
        });
        assertThat(BoxMuller.radius(-1)).isZero(); // log 1
        for (int bits = 1;
                bits < 31;
                bits++) { // the logarithms of numbers just below 1 are small, and right all the same
            double u = 1 - Math.scalb(1.0, -bits);
            assertThat(BoxMuller.log(u) / StrictMath.log(u)).isCloseTo(1, within(1e-14));
        }
    }

    @Test
    void sinesAndCosinesAreThoseOfStrictMath() {
        words().forEach(word -> {
            double angle = 2 * Math.PI * ((word & 0xFFFFFFFFL) * 0x1.0p-32);
            assertThat(BoxMuller.sine(word)).isCloseTo(StrictMath.sin(angle), within(2e-15));
            assertThat(BoxMuller.cosine(word)).isCloseTo(StrictMath.cos(angle), within(2e-15));
        });
        assertThat(BoxMuller.cosine(1 << 30)).isZero();
        assertThat(BoxMuller.sine(1 << 30)).isEqualTo(1);
        assertThat(BoxMuller.cosine(1 << 31)).isEqualTo(-1);
    }

    @Test
    void signsAreThoseOfSinesAndCosines() {
        IntStream besideZeros = IntStream.range(0, 4)
                .flatMap(quarter -> IntStream.rangeClosed(-2, 2).map(step -> (quarter << 30) + step));
        IntStream.concat(words(), besideZeros).forEach(word -> {
            assertThat(BoxMuller.cosineIsNegative(word)).isEqualTo(BoxMuller.cosine(word) < 0 ? 1 : 0);
            assertThat(BoxMuller.sineIsNegative(word)).isEqualTo(BoxMuller.sine(word) < 0 ? 1 : 0);
        });
    }

    @Test
    void normalsAreThoseOfTheDefinition() {
        float[] normals = new float[1001];
        new Philox(3, Philox.Purpose.LATENT, 5).fillNormal(normals, 0, normals.length);
        Philox words = new Philox(3, Philox.Purpose.LATENT, 5);
        for (int i = 0; i < 1000; i += 2) {
            double u = ((words.nextInt() & 0xFFFFFFFFL) + 1) * 0x1.0p-32;
            double angle = 2 * Math.PI * ((words.nextInt() & 0xFFFFFFFFL) * 0x1.0p-32);
            double radius = Math.sqrt(-2 * StrictMath.log(u));
            assertThat(normals[i]).isCloseTo((float) (radius * StrictMath.cos(angle)), within(5e-7f));
            assertThat(normals[i + 1]).isCloseTo((float) (radius * StrictMath.sin(angle)), within(5e-7f));
        }
    }
}
