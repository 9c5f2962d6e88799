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
 *
 * <p>The approximate gradient of gamma / 2 |v|^2 is gamma times the derivative of dD/dw along v, taken as a difference of two passes at
 * x + h v / |v| and x - h v / |v|.
 */
final class SlopePasses {
    /** How far finite differences reach, for each coordinate on average: near enough to cross few kinks, far enough for floats. */
    private static final double REACH = 1e-3;

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
    private final Logits probe;
    private final Logits shifted;
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
        boolean apart = penalty == SlopePenalty.WASSERSTEIN || penalty == SlopePenalty.APPROXIMATE;
        this.samples = new float[apart ? Math.toIntExact(real.samples.shape().elements()) : 0];
        this.others = new float[samples.length];
        CompileOptions learning = CompileOptions.training(m, Wanted.PARAMETERS).accumulating();
        this.between =
                penalty == SlopePenalty.WASSERSTEIN ? logits(learning.withPenalty(Penalty.ONE_CENTRED), chosen) : null;
        boolean approximate = penalty == SlopePenalty.APPROXIMATE;
        this.probe = approximate ? logits(CompileOptions.training(m, Wanted.INPUTS), chosen) : null;
        this.shifted = approximate ? logits(learning, chosen) : null;
    }

    private Logits logits(CompileOptions options, Chosen chosen) {
        return new Logits(discriminator, discriminator.compile(options), chosen, 0, m);
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

    /** Whether all it does can be recorded: it reads nothing back to the host. */
    boolean staysOnDevice() {
        return probe == null;
    }

    /** Has a device mix the samples. */
    void mixBy(GameKernels kernels) {
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
        return between != null || probe != null;
    }

    /** Adds what is not in the backward pass of the loss to its gradient. */
    void after(double gamma, long noise) {
        if (between != null) {
            mix(noise);
            between.samples.put(samples);
            passBetween(gamma, noise);
        } else if (probe != null) {
            approximate(real, gamma, noise);
            approximate(fake, gamma, noise + 1);
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

    private void approximate(Logits half, double gamma, long noise) {
        probe.samples.copy(half.samples);
        Arrays.fill(column, 1);
        probe.write(column);
        probe.network.noise(seed, noise);
        probe.network.forward();
        probe.network.backward();
        half.samples.get(samples);
        probe.network.gradient(discriminator.input).get(others);
        int elements = samples.length / m;
        double reach = REACH * Math.sqrt(elements);
        for (int n = 0; n < m; n++) {
            double square = 0;
            for (int i = n * elements; i < (n + 1) * elements; i++) {
                square += (double) others[i] * others[i];
            }
            double norm = Math.sqrt(square);
            column[n] = (float) (gamma * norm / (2 * reach));
            float step = norm == 0 ? 0 : (float) (reach / norm);
            for (int i = n * elements; i < (n + 1) * elements; i++) {
                others[i] *= step;
                samples[i] += others[i];
            }
        }
        shift(noise);
        for (int i = 0; i < samples.length; i++) {
            samples[i] -= 2 * others[i];
        }
        for (int n = 0; n < m; n++) {
            column[n] = -column[n];
        }
        shift(noise);
    }

    private void shift(long noise) {
        shifted.samples.put(samples);
        shifted.network.noise(seed, noise);
        shifted.network.forward();
        shifted.write(column);
        shifted.network.backward();
    }
}
