package org.latent4j.gan.compiled;

import java.util.Arrays;
import org.latent4j.compute.Philox;
import org.latent4j.compute.graph.CompileOptions;
import org.latent4j.compute.graph.CompileOptions.Wanted;
import org.latent4j.compute.graph.GameKernels;
import org.latent4j.compute.graph.Kernel;
import org.latent4j.compute.graph.Penalty;
import org.latent4j.compute.graph.Shape;
import org.latent4j.compute.graph.Tensor;
import org.latent4j.gan.Chosen;
import org.latent4j.gan.SlopePenalty;

/**
 * A penalty on the discriminator's slopes v = dD/dx: R1 and R2 inside of the backward pass of its loss; Wasserstein's at places between real
 * and generated samples, and approximate ones, in passes of their own that add to the loss's gradient.
 */
final class SlopePasses {
    private final SlopePenalty penalty;
    private final Player discriminator;
    private final int m;
    private final long seed;
    private final Logits real;
    private final Logits fake;
    private final float[] column;
    private final float[] samples;
    private final float[] others;
    private final Logits between;
    private final DifferencePasses differences;
    private double shownGamma = Double.NaN;
    private Tensor shares; // of real samples in mixtures that a device makes
    private Kernel mixing;

    /** {@code real} and {@code fake} are rows of a pass that was compiled with {@link #joint}. */
    SlopePasses(SlopePenalty penalty, Player discriminator, Chosen chosen, Logits real, Logits fake, int m, long seed) {
        this.penalty = penalty;
        this.discriminator = discriminator;
        this.m = m;
        this.seed = seed;
        this.real = real;
        this.fake = fake;
        this.column = new float[penalty.isExact() && isJoint(penalty) ? 2 * m : m];
        boolean mixes = penalty == SlopePenalty.WASSERSTEIN;
        this.samples = new float[mixes ? Math.toIntExact(real.samples.shape().elements()) : 0];
        this.others = new float[samples.length];
        CompileOptions learning =
                CompileOptions.training(m, Wanted.PARAMETERS).accumulating().withPenalty(Penalty.ONE_CENTRED);
        this.between = mixes ? new Logits(discriminator, discriminator.compile(learning), chosen, 0, m) : null;
        this.differences =
                penalty == SlopePenalty.APPROXIMATE ? new DifferencePasses(discriminator, chosen, m, seed) : null;
    }

    private static boolean isJoint(SlopePenalty penalty) {
        return penalty == SlopePenalty.R1 || penalty == SlopePenalty.R2 || penalty == SlopePenalty.R1_R2;
    }

    /** What the pass of real and generated samples is compiled for. */
    static CompileOptions joint(CompileOptions options, SlopePenalty penalty) {
        return isJoint(penalty) ? options.withPenalty(Penalty.ZERO_CENTRED) : options;
    }

    /** Whether the backward pass of the loss gives each sample's slope besides. */
    boolean givesSlopes() {
        return isJoint(penalty);
    }

    /** Slopes of generated samples after a backward pass. */
    Tensor fakeSlopes() {
        return real.network.tensor(CompileOptions.slopeOf(discriminator.input)).rows(m, 2L * m);
    }

    /**
     * Has a device mix or move the samples.
     *
     * @param classes of a minibatch there, or null where there is one logit
     */
    void keepOn(GameKernels kernels, Tensor classes) {
        if (differences != null) {
            differences.keepOn(kernels, classes);
        }
        if (between != null) {
            shares = Tensor.zeros(Shape.of(m, 1));
            mixing = kernels.mix(real.samples, fake.samples, shares, between.samples);
        }
    }

    /** As {@link #after}, with nothing brought back to the host. */
    void follow(double gamma, long noise) {
        if (between != null) {
            Philox random = new Philox(seed, Philox.Purpose.PENALTY, noise);
            for (int n = 0; n < m; n++) {
                column[n] = (float) random.nextDouble();
            }
            shares.put(column);
            mixing.run();
            passBetween(gamma, noise);
        } else if (differences != null) {
            differences.follow(real, gamma, noise);
            differences.follow(fake, gamma, noise + 1);
        }
    }

    /** Brings the weight to the device at each update, also where it is the same: a recorded step brings the same things each time. */
    void bringWeights() {
        shownGamma = Double.NaN;
    }

    /** Sets the weight of the next backward pass of the loss. */
    void before(double gamma) {
        if (isJoint(penalty) && gamma != shownGamma) {
            Arrays.fill(column, 0, m, penalty.onReal() ? (float) gamma : 0);
            Arrays.fill(column, m, 2 * m, penalty.onFake() ? (float) gamma : 0);
            real.network.tensor(CompileOptions.penaltyOf(discriminator.input)).put(column);
            shownGamma = gamma;
        }
    }

    /** Whether a part of the penalty is not in the backward pass of the loss. */
    boolean hasPassesOfItsOwn() {
        return between != null || differences != null;
    }

    /** Adds what is not in the backward pass of the loss to its gradient. */
    void after(double gamma, long noise) {
        if (between != null) {
            mix(noise);
            between.samples.put(samples);
            passBetween(gamma, noise);
        } else if (differences != null) {
            differences.add(real, gamma, noise);
            differences.add(fake, gamma, noise + 1);
        }
    }

    private void passBetween(double gamma, long noise) {
        Arrays.fill(column, 0);
        between.write(column);
        Arrays.fill(column, (float) gamma);
        between.network.tensor(CompileOptions.penaltyOf(discriminator.input)).put(column);
        between.network.noise(seed, noise);
        between.network.forward();
        between.network.backward();
    }

    /** Random places on the lines from generated to real samples. */
    private void mix(long noise) {
        Philox random = new Philox(seed, Philox.Purpose.PENALTY, noise);
        real.samples.get(samples);
        fake.samples.get(others);
        int elements = samples.length / m;
        for (int n = 0; n < m; n++) {
            float share = (float) random.nextDouble();
            for (int i = n * elements; i < (n + 1) * elements; i++) {
                samples[i] = others[i] + share * (samples[i] - others[i]);
            }
        }
    }
}
