package org.latent4j.data.ising;

import java.util.stream.IntStream;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataException;
import org.latent4j.data.Progress;

/**
 * Samples the two-dimensional Ising model on the periodic L x L lattice, H = -sum of s_i s_j over nearest neighbours.
 *
 * <p>Many independent chains run on all cores. Chain c draws from the Philox stream (seed, ISING, c) alone, so that the samples are the
 * same at any number of threads. Chains start ordered up to the critical temperature and random above. Each kept configuration is
 * multiplied by a random sign: the symmetry is exact, and so both signs of m have equal weight at every temperature.
 *
 * <p>Throws {@link DataException} when the samples don't fit in memory.
 *
 * <p>Source: Wolff, Phys. Rev. Lett. 62 (1989) 361; Metropolis et al., J. Chem. Phys. 21 (1953) 1087.
 */
public final class IsingSampler {
    private static final String TASK = "sampling the Ising model";

    private IsingSampler() {}

    public static IsingSamples sample(IsingOptions options, Progress progress) {
        long bytes = (long) options.count() * options.size() * options.size();
        if (bytes > Runtime.getRuntime().maxMemory() * 0.8) {
            throw new DataException("Ising samples: " + options.count() + " configurations of " + options.size() + "x"
                    + options.size() + " spins take " + (bytes >> 20) + " MB of memory, but the limit is "
                    + (Runtime.getRuntime().maxMemory() >> 20) + " MB; ask for fewer samples or raise -Xmx");
        }
        byte[][] configurations = new byte[options.count()][];
        Counter counter = new Counter(progress, options.count());
        IntStream.range(0, options.chains()).parallel().forEach(chain -> run(options, chain, configurations, counter));
        return new IsingSamples(options, configurations);
    }

    private static void run(IsingOptions options, int chain, byte[][] configurations, Counter counter) {
        int from = (int) ((long) options.count() * chain / options.chains());
        int to = (int) ((long) options.count() * (chain + 1) / options.chains());
        if (from == to) {
            return;
        }
        double temperature = options.temperature();
        IsingLattice lattice =
                new IsingLattice(options.size(), temperature, new Philox(options.seed(), Philox.Purpose.ISING, chain));
        if (temperature > IsingExact.CRITICAL_TEMPERATURE) {
            lattice.startRandom();
        } else {
            lattice.startOrdered();
        }
        boolean clusters = options.method().at(temperature) == IsingMethod.WOLFF;
        double clustersPerSweep = clusters ? thermaliseByClusters(lattice, options) : 0;
        if (!clusters) {
            for (long i = 0; i < options.thermalisationSweeps(); i++) {
                lattice.sweep();
            }
        }
        long clustersPerSample = Math.max(1, Math.round(clustersPerSweep * options.thinningSweeps()));
        for (int sample = from; sample < to; sample++) {
            if (clusters) {
                flipClusters(lattice, clustersPerSample);
            } else {
                for (long i = 0; i < options.thinningSweeps(); i++) {
                    lattice.sweep();
                }
            }
            configurations[sample] = lattice.copy(lattice.randomSign());
            counter.add();
        }
    }

    /**
     * Thermalises and returns the clusters that make a sweep. The number is measured in the second third and then held: to keep a sample
     * once enough spins have flipped would favour configurations that follow a large cluster.
     */
    private static double thermaliseByClusters(IsingLattice lattice, IsingOptions options) {
        double spins = (double) options.size() * options.size();
        double third = options.thermalisationSweeps() * spins / 3;
        flipSpins(lattice, third);
        double clustersPerSweep = flipSpins(lattice, third) * spins / third;
        flipClusters(lattice, Math.round(clustersPerSweep * options.thermalisationSweeps() / 3));
        return clustersPerSweep;
    }

    private static double flipSpins(IsingLattice lattice, double target) {
        double flipped = 0;
        double clusters = 0;
        for (; flipped < target; clusters++) {
            flipped += lattice.flipCluster();
        }
        return clusters * target / flipped;
    }

    private static void flipClusters(IsingLattice lattice, long clusters) {
        for (long i = 0; i < clusters; i++) {
            lattice.flipCluster();
        }
    }

    /** Reports from one thread at a time. */
    private static final class Counter {
        private final Progress progress;
        private final int total;
        private int done;

        Counter(Progress progress, int total) {
            this.progress = progress;
            this.total = total;
        }

        synchronized void add() {
            progress.report(TASK, ++done, total);
        }
    }
}
