package org.latent4j.data.ising;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.latent4j.data.DataException;

/**
 * What each configuration of a sequence measures: magnetisation m, energy e, and spin correlations G(r).
 *
 * <p>{@code magnetisation} and {@code energy} are (n), per spin; {@code correlation} is (L/2 + 1, n): the mean of s_i s_j over all pairs
 * at distance r along either axis.
 *
 * <p>Throws {@link DataException} for configurations of another size or with values other than +1 and -1.
 */
public record IsingSeries(int size, double[] magnetisation, double[] energy, double[][] correlation) {

    /** Measures configurations (n, L * L) of +1 and -1. */
    public static IsingSeries of(byte[][] configurations, int size) {
        check(configurations, size);
        int n = configurations.length;
        double[] magnetisation = new double[n];
        double[] energy = new double[n];
        double[][] correlation = new double[size / 2 + 1][n];
        IntStream.range(0, n).parallel().forEach(i -> {
            byte[] spins = configurations[i];
            long sum = 0;
            for (byte spin : spins) {
                sum += spin;
            }
            magnetisation[i] = (double) sum / spins.length;
            for (int r = 0; r <= size / 2; r++) {
                correlation[r][i] = correlate(spins, size, r) / (2.0 * spins.length);
            }
            energy[i] = 0 - 2 * correlation[1][i];
        });
        return new IsingSeries(size, magnetisation, energy, correlation);
    }

    public int samples() {
        return magnetisation.length;
    }

    private static long correlate(byte[] spins, int size, int r) {
        long sum = 0;
        for (int row = 0; row < spins.length; row += size) {
            sum += dot(spins, row, row + r, size - r) + dot(spins, row + size - r, row, r);
        }
        int shift = r * size;
        return sum + dot(spins, 0, shift, spins.length - shift) + dot(spins, spins.length - shift, 0, shift);
    }

    private static int dot(byte[] spins, int a, int b, int count) {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            sum += spins[a + i] * spins[b + i];
        }
        return sum;
    }

    private static void check(byte[][] configurations, int size) {
        List<String> problems = new ArrayList<>();
        if (size < 2) {
            problems.add("the lattice size must be at least 2, but is " + size);
        }
        if (configurations.length == 0) {
            problems.add("there is none");
        }
        for (int i = 0; i < configurations.length && problems.size() < 5; i++) {
            byte[] spins = configurations[i];
            if (spins.length != size * size) {
                problems.add("number " + i + " has " + spins.length + " spins instead of " + size + " x " + size);
            }
            for (int j = 0; j < spins.length; j++) {
                if (spins[j] != 1 && spins[j] != -1) {
                    problems.add("number " + i + " holds " + spins[j] + " at " + j + " instead of +1 or -1");
                    break;
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new DataException("Ising configurations: " + String.join("; ", problems));
        }
    }
}
