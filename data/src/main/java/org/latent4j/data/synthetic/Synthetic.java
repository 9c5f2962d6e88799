package org.latent4j.data.synthetic;

import java.util.List;
import org.latent4j.data.DataException;
import org.latent4j.data.Dataset;
import org.latent4j.data.PointDistribution;
import org.latent4j.data.Suggest;
import org.latent4j.data.ising.IsingOptions;

/**
 * A synthetic set asked for by name: {@code ising}, {@code gaussian-grid:sigma=0.1}, {@code blobs:k=5,p=3,n=1000}.
 *
 * <p>{@link #KEYS} documents every key. Point sets give fresh points for ever, or hold n of them; Ising configurations are sampled by
 * {@link org.latent4j.data.ising.IsingSampler}. Equal text gives equal data.
 *
 * <p>{@link #parse} throws {@link DataException} with all problems of a text at once, unknown names and keys with the nearest valid one.
 *
 * <p>Source of the Gaussian sets: Srivastava et al. (VEEGAN), NIPS 2017, and Lin et al. (PacGAN), NeurIPS 2018, for the grid; Metz et al.
 * (unrolled GANs), ICLR 2017, for the ring.
 */
public sealed interface Synthetic {

    String name();

    /** Points: {@code data} is the distribution itself or n points of it. */
    record Points(String name, Dataset data, PointDistribution distribution) implements Synthetic {}

    /** Ising configurations, to be sampled and kept as images of one channel. */
    record Ising(String name, IsingOptions options) implements Synthetic {}

    /** Every key of every set, with its default and its meaning. */
    List<SyntheticKey> KEYS = List.of(
            new SyntheticKey("ising", "l", "40", "edge of the periodic lattice in spins"),
            new SyntheticKey("ising", "t", "2.5", "temperature (J = k_B = 1; critical at 2.269)"),
            new SyntheticKey("ising", "n", "8192", "number of configurations"),
            new SyntheticKey("ising", "sampler", "auto", "auto, wolff or metropolis"),
            new SyntheticKey("ising", "seed", "1", "seed of the chains"),
            new SyntheticKey("gaussian", "mean", "4", "mean of the one feature"),
            new SyntheticKey("gaussian", "sigma", "0.5", "its standard deviation"),
            new SyntheticKey("gaussian-grid", "side", "5", "modes along each of two axes"),
            new SyntheticKey("gaussian-grid", "spacing", "2", "distance between neighbouring modes"),
            new SyntheticKey("gaussian-grid", "sigma", "0.05", "standard deviation of a mode along each axis"),
            new SyntheticKey("gaussian-ring", "modes", "8", "modes on the circle"),
            new SyntheticKey("gaussian-ring", "radius", "2", "radius of the circle"),
            new SyntheticKey("gaussian-ring", "sigma", "0.02", "standard deviation of a mode along each axis"),
            new SyntheticKey("blobs", "k", "3", "number of blobs, means uniform in -10 .. 10"),
            new SyntheticKey("blobs", "p", "2", "number of features"),
            new SyntheticKey("blobs", "sigma", "1", "standard deviation of a blob along each axis"),
            new SyntheticKey("moons", "noise", "0.1", "standard deviation around the two half circles"),
            new SyntheticKey("all point sets", "n", "0", "points to hold (0: fresh points for ever)"),
            new SyntheticKey("all point sets", "seed", "1", "seed of the held points and of the blobs' means"));

    /** Names of all sets. */
    static List<String> names() {
        return List.copyOf(SyntheticSets.READERS.keySet());
    }

    /** Whether a text asks for a synthetic set (and not for a file): its part before the colon is a set's name. */
    static boolean isNamedBy(String text) {
        return SyntheticSets.READERS.containsKey(SyntheticSets.name(text));
    }

    static Synthetic parse(String text) {
        String name = SyntheticSets.name(text);
        if (!SyntheticSets.READERS.containsKey(name)) {
            throw new DataException(Suggest.unknown("synthetic set", name, names()));
        }
        List<SyntheticKey> keys = KEYS.stream()
                .filter(key -> key.set().equals(name) || key.set().equals("all point sets") && !name.equals("ising"))
                .toList();
        int colon = text.indexOf(':');
        return SyntheticSets.READERS
                .get(name)
                .apply(
                        text.strip(),
                        new SyntheticValues(text.strip(), colon < 0 ? "" : text.substring(colon + 1), keys));
    }
}
