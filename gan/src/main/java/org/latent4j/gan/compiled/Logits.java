package org.latent4j.gan.compiled;

import org.latent4j.compute.graph.Compiled;
import org.latent4j.compute.graph.Tensor;

/** Rows of a compiled discriminator: where samples go in, and where logits come out and their gradients go in. */
final class Logits {
    final Compiled network;
    final Tensor samples;
    final double[] values;
    final double[] slopes;
    final Tensor logits;
    final Tensor gradient;
    private final float[] floats;

    /** Rows {@code from} to {@code to - 1}; a pass without gradients has no place for slopes. */
    Logits(Player discriminator, Compiled network, int from, int to) {
        this.network = network;
        this.samples = network.tensor(discriminator.input).rows(from, to);
        this.logits = network.tensor(discriminator.output).rows(from, to);
        this.gradient = network.hasGradient(discriminator.output)
                ? network.gradient(discriminator.output).rows(from, to)
                : null;
        this.values = new double[to - from];
        this.slopes = new double[to - from];
        this.floats = new float[to - from];
    }

    /** Brings the logits of the last forward pass to {@link #values}. */
    double[] read() {
        logits.get(floats);
        for (int i = 0; i < floats.length; i++) {
            values[i] = floats[i];
        }
        return values;
    }

    /** Hands {@link #slopes} to the next backward pass. */
    void write() {
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) slopes[i];
        }
        gradient.put(floats);
    }
}
