package org.latent4j.gan.compiled;

import java.util.Arrays;
import org.latent4j.compute.graph.CompileOptions;
import org.latent4j.compute.graph.CompileOptions.Wanted;
import org.latent4j.compute.graph.GameKernels;
import org.latent4j.compute.graph.Kernel;
import org.latent4j.compute.graph.Shape;
import org.latent4j.compute.graph.Tensor;
import org.latent4j.gan.Chosen;

/**
 * The gradient of gamma / 2 |v|^2, v = dD/dx, by finite differences: gamma times the derivative of dD/dw along v, from two passes at
 * x + h v / |v| and x - h v / |v| that add to the discriminator's gradient.
 */
final class DifferencePasses {
    /** How far differences reach, for each coordinate on average: near enough to cross few kinks, far enough for floats. */
    private static final double REACH = 1e-3;

    private final Player discriminator;
    private final int m;
    private final long seed;
    private final Logits probe;
    private final Logits moved;
    private final double reach;
    private final double[] norms;
    private final float[] column;
    private final float[] samples;
    private final float[] slopes;
    private final float[] places;
    private final float[] weight = new float[1];
    private Tensor gammaThere; // of the moves that a device makes
    private Kernel ahead;
    private Kernel back;

    DifferencePasses(Player discriminator, Chosen chosen, int m, long seed) {
        this.discriminator = discriminator;
        this.m = m;
        this.seed = seed;
        probe = logits(CompileOptions.training(m, Wanted.INPUTS), chosen);
        moved = logits(CompileOptions.training(m, Wanted.PARAMETERS).accumulating(), chosen);
        norms = new double[m];
        column = new float[m];
        samples = new float[Math.toIntExact(probe.samples.shape().elements())];
        slopes = new float[samples.length];
        places = new float[samples.length];
        reach = REACH * Math.sqrt((double) samples.length / m);
    }

    private Logits logits(CompileOptions options, Chosen chosen) {
        return new Logits(discriminator, discriminator.compile(options), chosen, 0, m);
    }

    /** Leaves the slopes of some samples with the probe. */
    private void probe(Logits half, long noise) {
        probe.samples.copy(half.samples);
        Arrays.fill(column, 1);
        probe.write(column);
        probe.network.noise(seed, noise);
        probe.network.forward();
        probe.network.backward();
    }

    /** Adds the gradient of one half's penalty. */
    void add(Logits half, double gamma, long noise) {
        probe(half, noise);
        probe.samples.get(samples);
        probe.network.gradient(discriminator.input).get(slopes);
        int elements = samples.length / m;
        for (int n = 0; n < m; n++) {
            double square = 0;
            for (int i = n * elements; i < (n + 1) * elements; i++) {
                square += (double) slopes[i] * slopes[i];
            }
            norms[n] = Math.sqrt(square);
        }
        pass(gamma, reach, noise);
        pass(gamma, -reach, noise);
    }

    private void pass(double gamma, double distance, long noise) {
        int elements = samples.length / m;
        for (int n = 0; n < m; n++) {
            column[n] = (float) (gamma * norms[n] / (2 * distance));
            float step = norms[n] == 0 ? 0 : (float) (distance / norms[n]);
            for (int i = n * elements; i < (n + 1) * elements; i++) {
                places[i] = samples[i] + slopes[i] * step;
            }
        }
        moved.samples.put(places);
        moved.write(column);
        pass(noise);
    }

    private void pass(long noise) {
        moved.network.noise(seed, noise);
        moved.network.forward();
        moved.network.backward();
    }

    /** Has a device move the samples; {@code classes} as in {@link SlopePasses#keepOn}. */
    void keepOn(GameKernels kernels, Tensor classes) {
        gammaThere = Tensor.zeros(Shape.of(1, 1));
        ahead = move(kernels, classes, reach);
        back = move(kernels, classes, -reach);
    }

    private Kernel move(GameKernels kernels, Tensor classes, double distance) {
        GameKernels.Sloped from = new GameKernels.Sloped(probe.samples, probe.network.gradient(discriminator.input));
        GameKernels.Sloped to = new GameKernels.Sloped(moved.samples, moved.gradient);
        return kernels.alongSlopes(from, distance, to, gammaThere, classes);
    }

    /** As {@link #add}, with nothing brought back to the host. */
    void follow(Logits half, double gamma, long noise) {
        weight[0] = (float) gamma;
        gammaThere.put(weight);
        probe(half, noise);
        ahead.run();
        pass(noise);
        back.run();
        pass(noise);
    }
}
