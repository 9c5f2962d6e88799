package org.latent4j.gan.evaluate;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Whether configurations prefer some places of a periodic lattice, which they must not.
 *
 * <p>{@code siteMagnetisation} is the root mean square, over all sites, of a site's mean spin; {@code bondSpread} the standard deviation, over all
 * bonds, of a bond's mean energy -s s', those across the borders included. Of n independent configurations of a symmetric model the first is
 * about n^(-1/2), the second ((1 - e^2 / 4) / n)^(1/2) with e the energy per spin. A generator that draws on a fixed pattern shows in the first, one
 * that does not know of the periodic boundary in the second, and both can hide behind good averages.
 */
public record LatticeSymmetry(double siteMagnetisation, double bondSpread) {

    /** Measures configurations (n, L * L) of +1 and -1. */
    static LatticeSymmetry of(byte[][] configurations, int size) {
        int sites = size * size;
        double[] means = IntStream.range(0, sites)
                .parallel()
                .mapToDouble(site -> mean(configurations, site, -1))
                .toArray();
        double[] bonds = IntStream.range(0, 2 * sites)
                .parallel()
                .mapToDouble(bond -> -mean(configurations, bond / 2, neighbour(bond, size)))
                .toArray();
        double average = DoubleStream.of(bonds).average().orElseThrow();
        return new LatticeSymmetry(
                Math.sqrt(DoubleStream.of(means).map(m -> m * m).average().orElseThrow()),
                Math.sqrt(DoubleStream.of(bonds)
                        .map(b -> (b - average) * (b - average))
                        .average()
                        .orElseThrow()));
    }

    /** The site right of (even bonds) or below (odd ones) the bond's site. */
    private static int neighbour(int bond, int size) {
        int row = bond / 2 / size;
        int column = bond / 2 % size;
        return bond % 2 == 0 ? row * size + (column + 1) % size : (row + 1) % size * size + column;
    }

    /** Mean spin of a site, or of its product with another one. */
    private static double mean(byte[][] configurations, int site, int other) {
        long sum = 0;
        for (byte[] spins : configurations) {
            sum += other < 0 ? spins[site] : spins[site] * spins[other];
        }
        return (double) sum / configurations.length;
    }
}
