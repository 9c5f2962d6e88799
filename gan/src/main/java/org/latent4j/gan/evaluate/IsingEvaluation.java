package org.latent4j.gan.evaluate;

import java.util.stream.DoubleStream;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataException;
import org.latent4j.data.Progress;
import org.latent4j.data.ising.IsingExact;
import org.latent4j.data.ising.IsingMethod;
import org.latent4j.data.ising.IsingObservables;
import org.latent4j.data.ising.IsingOptions;
import org.latent4j.data.ising.IsingSampler;
import org.latent4j.data.ising.IsingSeries;

/**
 * Generated Ising configurations beside a Monte-Carlo replica of the same size, temperature and number.
 *
 * <p>Observables with standard errors on both sides, per spin as in {@link IsingObservables}; the Jensen-Shannon divergences of the
 * histograms of m and of e, in nats, in bins shared by all samples; and their floors, the same divergences between the replica and a second
 * one: what a perfect generator would score. {@code exact} is the finite lattice without sampling error. {@code magnetisation} and
 * {@code energyPerSpin} are the histograms of m and of e themselves; {@code symmetry} tells whether places of the lattice are preferred, beside the
 * replica's.
 *
 * <p>Throws {@link DataException} for configurations of another size, values other than +1 and -1, fewer than 2, or a bad temperature.
 *
 * <p>Source: the observables of Liu, Rodrigues, Cai, arXiv:1710.04987 (GANs of the Ising model); exact results as in {@link IsingExact}.
 */
public record IsingEvaluation(
        IsingObservables generated,
        IsingObservables replica,
        IsingExact.Torus exact,
        double magnetisationDivergence,
        double magnetisationFloor,
        double energyDivergence,
        double energyFloor,
        Histograms magnetisation,
        Histograms energyPerSpin,
        LatticeSymmetry symmetry,
        LatticeSymmetry symmetryFloor,
        long seed) {

    private static final int MAX_BINS = 32;
    private static final int SAMPLES_PER_BIN = 20;
    private static final long REPLICA_STREAM = -3; // directions of projections count from 0

    /** Evaluates configurations (n, L * L) of +1 and -1. */
    public static IsingEvaluation of(byte[][] generated, int size, double temperature, long seed, Progress progress) {
        IsingSeries.of(generated, size); // what is wrong with them is told before replicas are drawn
        return Replicas.draw(generated.length, size, temperature, seed, progress)
                .compare(generated);
    }

    /** Two Monte-Carlo replicas, to be compared with any number of sets of as many configurations. */
    public record Replicas(
            int size,
            double temperature,
            long seed,
            IsingSeries first,
            IsingSeries second,
            LatticeSymmetry firstSymmetry) {

        /** Draws them from seeds of their own: they must not be the training set again. */
        public static Replicas draw(int count, int size, double temperature, long seed, Progress progress) {
            Philox seeds = new Philox(seed, Philox.Purpose.EVALUATION, REPLICA_STREAM);
            byte[][] first = replica(count, size, temperature, seeds.nextLong(), progress);
            byte[][] second = replica(count, size, temperature, seeds.nextLong(), progress);
            return new Replicas(
                    size,
                    temperature,
                    seed,
                    IsingSeries.of(first, size),
                    IsingSeries.of(second, size),
                    LatticeSymmetry.of(first, size));
        }

        /** Configurations in each replica. */
        public int count() {
            return first.samples();
        }

        public IsingEvaluation compare(byte[][] generated) {
            IsingSeries own = IsingSeries.of(generated, size);
            SharedBins magnetisation = bins(first.magnetisation(), second.magnetisation());
            SharedBins energy = bins(first.energy(), second.energy());
            return new IsingEvaluation(
                    IsingObservables.of(own, temperature),
                    IsingObservables.of(first, temperature),
                    IsingExact.torus(size, temperature),
                    magnetisation.jensenShannon(own.magnetisation(), first.magnetisation()),
                    magnetisation.jensenShannon(second.magnetisation(), first.magnetisation()),
                    energy.jensenShannon(own.energy(), first.energy()),
                    energy.jensenShannon(second.energy(), first.energy()),
                    Histograms.of(own.magnetisation(), first.magnetisation(), 2.0 / (size * size)), // a spin flips
                    Histograms.of(own.energy(), first.energy(), 4.0 / (size * size)), // 2 of 4 bonds of a spin
                    LatticeSymmetry.of(generated, size),
                    firstSymmetry,
                    seed);
        }
    }

    private static byte[][] replica(int count, int size, double temperature, long seed, Progress progress) {
        IsingOptions options = IsingOptions.of(size, temperature, count, IsingMethod.AUTO, seed);
        return IsingSampler.sample(options, progress).configurations();
    }

    private static SharedBins bins(double[] first, double[] second) {
        double[] both = DoubleStream.concat(DoubleStream.of(first), DoubleStream.of(second))
                .toArray();
        return new SharedBins(both, Math.max(2, Math.min(MAX_BINS, first.length / SAMPLES_PER_BIN)));
    }
}
