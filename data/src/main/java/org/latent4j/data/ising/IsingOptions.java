package org.latent4j.data.ising;

import java.util.ArrayList;
import java.util.List;
import org.latent4j.data.DataException;

/**
 * What to sample: the lattice, its temperature, the number of configurations, and how the chains get there.
 *
 * <p>Size is the edge L of the periodic lattice; temperature has J = k_B = 1. A sweep is L^2 flipped spins on average (Wolff) or L^2
 * visits (Metropolis). Chains and not cores decide the samples: the same options give the same bytes on every machine.
 *
 * <p>Throws {@link DataException} with all problems in one message.
 *
 * <p>{@link #of} thins by three and thermalises by twenty autocorrelation times plus twenty sweeps. The times are fits to measured
 * integrated times of E, |m| and m^2 on 40x40: Wolff 0.5 at T = 1, 2.5 at Tc, 1.1 at 2.5; Metropolis 80 at Tc, 20 at 2.5, 2.4 at 3, 0.9
 * at 4 sweeps. Between kept samples the correlation is then about e^-3; measured integrated times of kept samples are 0.50 to 0.53, where
 * independent ones have 0.5.
 */
public record IsingOptions(
        int size,
        double temperature,
        int count,
        IsingMethod method,
        long thermalisationSweeps,
        long thinningSweeps,
        int chains,
        long seed) {

    public static final int MAX_SIZE = 4096;
    private static final int DEFAULT_CHAINS = 64;
    private static final double WORDS_PER_SPIN = 3;
    private static final double STREAM_WORDS = 0x1.0p34;

    public IsingOptions {
        List<String> problems = new ArrayList<>();
        if (size < 2 || size > MAX_SIZE) {
            problems.add("the lattice size must be 2 to " + MAX_SIZE + ", but is " + size);
        }
        if (!(temperature > 0 && Double.isFinite(temperature))) {
            problems.add("the temperature must be a number above 0, but is " + temperature);
        }
        if (count < 1) {
            problems.add("the number of samples must be at least 1, but is " + count);
        }
        if (thermalisationSweeps < 1 || thinningSweeps < 1) {
            problems.add("thermalisation and thinning must be at least 1 sweep, but are " + thermalisationSweeps
                    + " and " + thinningSweeps);
        }
        if (chains < 1) {
            problems.add("the number of chains must be at least 1, but is " + chains);
        }
        if (problems.isEmpty()) {
            double sweeps = thermalisationSweeps + Math.ceil((double) count / chains) * thinningSweeps;
            if (sweeps * size * size * WORDS_PER_SPIN > STREAM_WORDS) {
                problems.add(
                        "a chain of " + Math.round(sweeps) + " sweeps of " + size + "x" + size
                                + " spins takes more random numbers than its stream has; use more chains, fewer samples or a smaller lattice");
            }
        }
        if (!problems.isEmpty()) {
            throw new DataException("Ising samples: " + String.join("; ", problems));
        }
    }

    /** Options whose chains, thermalisation and thinning follow from size and temperature. */
    public static IsingOptions of(int size, double temperature, int count, IsingMethod method, long seed) {
        // A bad temperature has no times; the constructor names it.
        double time = temperature > 0 ? autocorrelationSweeps(size, temperature, method.at(temperature)) : 1;
        long thermalisation = (long) Math.ceil(20 * time) + 20;
        int chains = Math.max(1, Math.min(DEFAULT_CHAINS, count));
        return new IsingOptions(
                size, temperature, count, method, thermalisation, (long) Math.ceil(3 * time), chains, seed);
    }

    /** Grows with the correlation length, until the lattice cuts that off; the exponents are those of the dynamics. */
    private static double autocorrelationSweeps(int size, double temperature, IsingMethod method) {
        double length = Math.min(IsingExact.correlationLength(temperature), 0.42 * size);
        if (method == IsingMethod.WOLFF) {
            return 0.5 + 0.45 * Math.sqrt(length);
        }
        double nearlyAllFlip = Math.min(2.2, 0.05 * temperature);
        return Math.max(0.5 + 0.32 * StrictMath.pow(length, 2.17), nearlyAllFlip);
    }
}
