package org.latent4j.gan.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.latent4j.compute.Philox;

class LatticeSymmetryTest {
    private static final int SIZE = 7;
    private static final int SITES = SIZE * SIZE;
    private static final int COUNT = 3000;

    /** Independent spins: every site's mean has variance 1 / n, and so has every bond's. */
    @Test
    void freeSpinsShowNothingButNoise() {
        LatticeSymmetry found = LatticeSymmetry.of(free(), SIZE);
        double noise = 1 / Math.sqrt(COUNT);
        assertThat(found.siteMagnetisation()).isCloseTo(noise, within(0.35 * noise)); // 49 means
        assertThat(found.bondSpread()).isCloseTo(noise, within(0.25 * noise)); // 98 bonds
    }

    @Test
    void aFixedPatternShowsInTheSites() {
        byte[][] spins = free();
        for (byte[] one : spins) {
            one[5] = 1;
            one[30] = -1;
        }
        double expected = Math.sqrt((2 + (SITES - 2.0) / COUNT) / SITES);
        assertThat(LatticeSymmetry.of(spins, SIZE).siteMagnetisation()).isCloseTo(expected, within(0.002));
    }

    /** All spins equal within a configuration but for the last column, which is free: 3 bonds of each of its 7 sites have energy 0, all others -1. */
    @Test
    void aSeamShowsInTheBonds() {
        byte[][] spins = free();
        for (byte[] one : spins) {
            for (int site = 0; site < SITES; site++) {
                one[site] = site % SIZE == SIZE - 1 ? one[site] : one[0];
            }
        }
        double free = 4.0 * SIZE - SIZE; // right and left of the column, and down it, where both ends are free
        double share = free / (2 * SITES);
        assertThat(LatticeSymmetry.of(spins, SIZE).bondSpread())
                .isCloseTo(Math.sqrt(share * (1 - share)), within(0.02));
    }

    private static byte[][] free() {
        Philox random = new Philox(11, Philox.Purpose.EVALUATION, 5);
        byte[][] spins = new byte[COUNT][SITES];
        Arrays.stream(spins).forEach(one -> {
            for (int site = 0; site < SITES; site++) {
                one[site] = (byte) (random.nextBoolean() ? 1 : -1);
            }
        });
        return spins;
    }
}
