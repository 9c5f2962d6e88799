package org.latent4j.gan.compiled;

import java.util.Arrays;
import org.latent4j.compute.graph.CompileOptions;
import org.latent4j.compute.graph.Compiled;
import org.latent4j.compute.graph.GameKernels;
import org.latent4j.compute.graph.Tensor;
import org.latent4j.gan.Chosen;

/** Rows of a compiled discriminator: where samples go in, and where logits come out and their gradients go in. */
final class Logits {
    final Compiled network;
    final Tensor samples;
    final double[] values;
    final double[] slopes;
    final Tensor logits;
    final Tensor gradient;
    private final Tensor choice;
    private final Chosen chosen;
    private final float[] floats;
    private final float[] column;
    private final float[] ones;

    /**
     * Rows {@code from} to {@code to - 1}; a pass without gradients has no place for slopes.
     *
     * @param chosen which of a sample's logits counts
     */
    Logits(Player discriminator, Compiled network, Chosen chosen, int from, int to) {
        this.network = network;
        this.chosen = chosen;
        this.samples = network.tensor(discriminator.input).rows(from, to);
        this.logits = network.tensor(discriminator.output).rows(from, to);
        this.gradient = network.hasGradient(discriminator.output)
                ? network.gradient(discriminator.output).rows(from, to)
                : null;
        String choiceName = CompileOptions.choiceOf(discriminator.output);
        this.choice = network.has(choiceName) ? network.tensor(choiceName).rows(from, to) : null;
        this.values = new double[to - from];
        this.slopes = new double[to - from];
        this.floats = new float[(to - from) * chosen.width()];
        this.column = new float[to - from];
        this.ones = new float[to - from];
        Arrays.fill(ones, 1);
    }

    /** Where a device finds the logits and leaves their slopes. */
    GameKernels.Judged judged() {
        return new GameKernels.Judged(logits, gradient);
    }

    /** Tells the next backward pass of slopes that a device writes which of a sample's logits is its own. */
    void choose() {
        if (choice != null) {
            choice.put(chosen.spread(ones));
        }
    }

    /** Brings the logits of the last forward pass to {@link #values}. */
    double[] read() {
        logits.get(floats);
        for (int i = 0; i < values.length; i++) {
            values[i] = floats[chosen.place(i)];
        }
        return values;
    }

    /** Hands one slope for each sample to the next backward pass. */
    void write(float[] slopesOfSamples) {
        if (choice == null) {
            gradient.put(chosen.spread(slopesOfSamples));
            return;
        }
        gradient.put(slopesOfSamples);
        choose();
    }

    /** Hands {@link #slopes} to the next backward pass. */
    void write() {
        for (int i = 0; i < column.length; i++) {
            column[i] = (float) slopes[i];
        }
        write(column);
    }
}
