package org.latent4j.data.synthetic;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.latent4j.compute.Philox;
import org.latent4j.data.PointDistribution;
import org.latent4j.data.PointSet;
import org.latent4j.data.ising.IsingMethod;
import org.latent4j.data.ising.IsingOptions;

/** How each set is made from its values. */
final class SyntheticSets {
    private static final int ANY = Integer.MAX_VALUE;
    private static final int MAX_MODES = 10_000;
    static final Map<String, BiFunction<String, SyntheticValues, Synthetic>> READERS = new LinkedHashMap<>();

    static {
        READERS.put("ising", (text, values) -> {
            int size = values.integer("l", 2, IsingOptions.MAX_SIZE);
            double temperature = values.positive("t");
            int count = values.integer("n", 1, ANY);
            IsingMethod method = values.choice("sampler", IsingMethod.class);
            long seed = values.seed();
            values.check();
            return new Synthetic.Ising(text, IsingOptions.of(size, temperature, count, method, seed));
        });
        READERS.put("gaussian", (text, values) -> {
            double mean = values.number("mean");
            double sigma = values.positive("sigma");
            return points(values, new GaussianMixtureDistribution(text, new double[][] {{mean}}, sigma));
        });
        READERS.put("gaussian-grid", (text, values) -> {
            int side = values.integer("side", 1, 100);
            double spacing = values.positive("spacing");
            double sigma = values.positive("sigma");
            return points(values, GaussianMixtureDistribution.grid(text, side, spacing, sigma));
        });
        READERS.put("gaussian-ring", (text, values) -> {
            int modes = values.integer("modes", 1, MAX_MODES);
            double radius = values.positive("radius");
            double sigma = values.positive("sigma");
            return points(values, GaussianMixtureDistribution.ring(text, modes, radius, sigma));
        });
        READERS.put("blobs", (text, values) -> {
            int modes = values.integer("k", 1, MAX_MODES);
            int features = values.integer("p", 1, 10_000);
            double sigma = values.positive("sigma");
            Philox random = new Philox(values.seed(), Philox.Purpose.SYNTHETIC, 0);
            return points(values, GaussianMixtureDistribution.blobs(text, modes, features, sigma, random));
        });
        READERS.put("moons", (text, values) -> {
            double noise = values.notNegative("noise");
            return points(values, new MoonsDistribution(text, noise));
        });
    }

    private SyntheticSets() {}

    static String name(String text) {
        int colon = text.indexOf(':');
        return (colon < 0 ? text : text.substring(0, colon)).strip();
    }

    private static Synthetic.Points points(SyntheticValues values, PointDistribution distribution) {
        int features = distribution.shape().features();
        long halfTheHeap = Runtime.getRuntime().maxMemory() / 2 / Float.BYTES;
        int count = values.integer("n", 0, (int) Math.min(ANY, halfTheHeap) / features);
        long seed = values.seed();
        values.check();
        if (count == 0) {
            return new Synthetic.Points(distribution.name(), distribution, distribution);
        }
        float[] held = new float[count * features];
        distribution.sample(new Philox(seed, Philox.Purpose.SYNTHETIC, 1), held);
        List<String> columns = new ArrayList<>();
        IntStream.rangeClosed(1, features).forEach(i -> columns.add("x" + i));
        return new Synthetic.Points(
                distribution.name(), new PointSet(distribution.name(), columns, held), distribution);
    }
}
