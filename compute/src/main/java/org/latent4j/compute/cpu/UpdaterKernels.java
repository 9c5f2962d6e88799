package org.latent4j.compute.cpu;

import static org.bytedeco.dnnl.global.dnnl.*;

import java.util.function.DoubleSupplier;
import org.latent4j.compute.graph.Parameters;
import org.latent4j.compute.graph.UpdateClock;
import org.latent4j.compute.graph.UpdateStep;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * The step of each of DL4J's updaters, as a chain of element-by-element operations on the flat views: w parameters, g gradients, state as each updater says.
 *
 * <p>Source: ND4J's updater operations, whose formulas and places of epsilon these are.
 */
final class UpdaterKernels {
    /** ND4J's AdaMax keeps its divisor above zero by this. */
    private static final double ADA_MAX_FLOOR = 1e-32;

    private final FlatKernels flat;
    private final UpdateClock clock;
    private final FlatKernels.Flat parameters;
    private final FlatKernels.Flat gradients;
    private final FlatKernels.Flat state;
    private final DoubleSupplier factor;

    /** @param factor what gradients are to be multiplied with, by the updaters that {@link #scales} */
    UpdaterKernels(FlatKernels flat, Parameters parameters, UpdateClock clock, DoubleSupplier factor) {
        this.flat = flat;
        this.clock = clock;
        this.parameters = new FlatKernels.Flat(Block.fixed(parameters.valueAddress(), parameters), 0);
        this.gradients = new FlatKernels.Flat(Block.fixed(parameters.gradientAddress(), parameters), 0);
        this.state = new FlatKernels.Flat(Block.fixed(parameters.stateAddress(), parameters), 0);
        this.factor = factor;
    }

    /** Whether an updater multiplies gradients by a factor itself. */
    static boolean scales(IUpdater updater) {
        return updater instanceof Sgd || updater instanceof Adam;
    }

    /** The learning rate at the present of a clock. */
    static double rate(IUpdater updater, UpdateClock clock) {
        return updater.getLearningRate(clock.iteration(), clock.epoch())
                * clock.pace().rateFactor(clock.iteration());
    }

    private double rate(IUpdater updater) {
        return rate(updater, clock);
    }

    void apply(UpdateStep.Apply step) {
        IUpdater updater = step.updater();
        if (updater instanceof NoOp) {
            Array minus = FlatKernels.constant(-1);
            over(step, (w, g, from, count) -> flat.multiplyAdd(g, minus, 1, w));
        } else if (updater instanceof Sgd) {
            Array minusRate = flat.scalar(() -> -rate(updater) * factor.getAsDouble());
            over(step, (w, g, from, count) -> flat.multiplyAdd(g, minusRate, 1, w));
        } else if (updater instanceof Nesterovs nesterovs) {
            nesterovs(step, nesterovs);
        } else if (updater instanceof RmsProp rms) {
            rootMeanSquare(step, 1 - rms.getRmsDecay(), rms.getRmsDecay(), rms.getEpsilon());
        } else if (updater instanceof AdaGrad grad) {
            rootMeanSquare(step, 1, 1, grad.getEpsilon());
        } else if (updater instanceof AdaDelta delta) {
            adaDelta(step, delta);
        } else if (updater instanceof Adam adam) {
            adam(step, adam.getBeta1(), adam.getBeta2(), adam.getEpsilon(), 2);
        } else if (updater instanceof AMSGrad ams) {
            adam(step, ams.getBeta1(), ams.getBeta2(), ams.getEpsilon(), 3);
        } else if (updater instanceof AdaMax max) {
            adaMax(step, max);
        } else if (updater instanceof Nadam nadam) {
            nadam(step, nadam);
        } else {
            throw new IllegalStateException("no kernel for " + updater);
        }
    }

    private Array state(UpdateStep.Apply step, int index, long from, long count) {
        return state.piece(step.stateOffset() + index * step.range().count() + from, count);
    }

    private interface Piece {
        void build(Array w, Array g, long from, long count);
    }

    private void over(UpdateStep.Apply step, Piece piece) {
        long start = step.range().offset();
        flat.inPieces(
                step.range().count(),
                (kernels, from, count) -> piece.build(
                        parameters.piece(start + from, count), gradients.piece(start + from, count), from, count));
    }

    /** v = mu v - lr g; w = w + mu v - lr g, which is w - (mu v before - (1 + mu) v). */
    private void nesterovs(UpdateStep.Apply step, Nesterovs nesterovs) {
        Array minusRate = flat.scalar(() -> -rate(nesterovs));
        Array momentum = flat.scalar(() -> nesterovs.currentMomentum(clock.iteration(), clock.epoch()));
        over(step, (w, g, from, count) -> {
            Array v = state(step, 0, from, count);
            flat.multiply(v, momentum, v);
            flat.multiplyAdd(g, minusRate, 1, v);
            flat.multiplyAdd(v, momentum, 1, w);
            flat.multiplyAdd(g, minusRate, 1, w);
        });
    }

    /** s = keep s + factor g g; w = w - lr g / (sqrt(s) + epsilon). */
    private void rootMeanSquare(UpdateStep.Apply step, double factor, double keep, double epsilon) {
        Array minusRate = flat.scalar(() -> -rate(step.updater()));
        Array one = FlatKernels.constant(1);
        over(step, (w, g, from, count) -> {
            Array s = state(step, 0, from, count);
            flat.squareAdd(g, factor, keep, s);
            descend(s, one, epsilon, g, minusRate, w);
        });
    }

    /** s = r s + (1 - r) g g; d = g sqrt(u + epsilon) / sqrt(s + epsilon); u = r u + (1 - r) d d; w = w - d. */
    private void adaDelta(UpdateStep.Apply step, AdaDelta delta) {
        double keep = delta.getRho();
        double epsilon = delta.getEpsilon();
        Array one = FlatKernels.constant(1);
        Array minus = FlatKernels.constant(-1);
        FlatKernels.Flat scratch =
                FlatKernels.scratch(Math.min(FlatKernels.PIECE, step.range().count()));
        over(step, (w, g, from, count) -> {
            Array s = state(step, 0, from, count);
            Array u = state(step, 1, from, count);
            Array scaled = scratch.piece(0, count);
            flat.squareAdd(g, 1 - keep, keep, s);
            Dnnl.Arguments up = new Dnnl.Arguments();
            flat.binary(
                    dnnl_binary_mul,
                    u,
                    one,
                    scaled,
                    up,
                    new PostOps(up)
                            .eltwise(dnnl_eltwise_linear, 1, epsilon)
                            .eltwise(dnnl_eltwise_sqrt, 0, 0)
                            .binary(dnnl_binary_mul, g));
            Dnnl.Arguments down = new Dnnl.Arguments();
            flat.binary(
                    dnnl_binary_mul,
                    s,
                    one,
                    g,
                    down,
                    new PostOps(down)
                            .eltwise(dnnl_eltwise_linear, 1, epsilon)
                            .eltwise(dnnl_eltwise_pow, 1, -0.5)
                            .binary(dnnl_binary_mul, scaled));
            flat.squareAdd(g, 1 - keep, keep, u);
            flat.multiplyAdd(g, minus, 1, w);
        });
    }

    /** w = w + factor direction / (sqrt(square) + epsilon). */
    private void descend(Array square, Array one, double epsilon, Array direction, Array factor, Array w) {
        Dnnl.Arguments arguments = new Dnnl.Arguments();
        flat.binary(
                dnnl_binary_mul,
                square,
                one,
                w,
                arguments,
                new PostOps(arguments)
                        .eltwise(dnnl_eltwise_sqrt, 0, 0)
                        .eltwise(dnnl_eltwise_linear, 1, epsilon)
                        .eltwise(dnnl_eltwise_pow, 1, -1)
                        .binary(dnnl_binary_mul, direction)
                        .binary(dnnl_binary_mul, factor)
                        .sum(1));
    }

    /** Adam with two states (m, v), AMSGrad with three (m, v, largest v). */
    private void adam(UpdateStep.Apply step, double beta1, double beta2, double epsilon, int states) {
        boolean changes = clock.pace().changesBeta2();
        DoubleSupplier decay = () -> changes ? clock.pace().beta2(clock.iteration()) : beta2;
        Array minusStep = flat.scalar(() -> {
            int t = clock.iteration() + 1;
            double rate =
                    rate(step.updater()) * Math.sqrt(1 - Math.pow(decay.getAsDouble(), t)) / (1 - Math.pow(beta1, t));
            return -(rate == 0 || !Double.isFinite(rate) ? epsilon : rate);
        });
        Array keep = changes ? flat.scalar(decay) : null;
        Array fresh = flat.scalar(() -> (1 - beta1) * factor.getAsDouble());
        Array freshSquare = flat.scalar(() -> (1 - decay.getAsDouble()) * factor.getAsDouble() * factor.getAsDouble());
        Array one = FlatKernels.constant(1);
        over(step, (w, g, from, count) -> {
            Array m = state(step, 0, from, count);
            Array v = state(step, 1, from, count);
            flat.multiplyAdd(g, fresh, beta1, m);
            if (changes) {
                flat.multiply(v, keep, v);
            }
            flat.squareAdd(g, freshSquare, changes ? 1 : beta2, v);
            if (states == 3) {
                Array largest = state(step, 2, from, count);
                Dnnl.Arguments arguments = new Dnnl.Arguments();
                flat.binary(dnnl_binary_max, largest, v, largest, arguments, new PostOps(arguments));
                v = largest;
            }
            descend(v, one, epsilon, m, minusStep, w);
        });
    }

    /** m = b1 m + (1 - b1) g; u = max(b2 u, |g|); w = w - lr / (1 - b1^t) m / u. */
    private void adaMax(UpdateStep.Apply step, AdaMax max) {
        Array minusStep = flat.scalar(() -> {
            double rate = rate(max) / (1 - Math.pow(max.getBeta1(), clock.iteration() + 1));
            return -(rate == 0 || !Double.isFinite(rate) ? max.getEpsilon() : rate);
        });
        Array fresh = FlatKernels.constant(1 - max.getBeta1());
        Array keep = FlatKernels.constant(max.getBeta2());
        Array one = FlatKernels.constant(1);
        over(step, (w, g, from, count) -> {
            Array m = state(step, 0, from, count);
            Array u = state(step, 1, from, count);
            flat.multiplyAdd(g, fresh, max.getBeta1(), m);
            Dnnl.Arguments absolute = new Dnnl.Arguments();
            flat.binary(dnnl_binary_mul, g, one, g, absolute, new PostOps(absolute).eltwise(dnnl_eltwise_abs, 0, 0));
            Dnnl.Arguments larger = new Dnnl.Arguments();
            flat.binary(dnnl_binary_mul, u, keep, u, larger, new PostOps(larger).binary(dnnl_binary_max, g));
            Dnnl.Arguments arguments = new Dnnl.Arguments();
            flat.binary(
                    dnnl_binary_mul,
                    u,
                    one,
                    w,
                    arguments,
                    new PostOps(arguments)
                            .eltwise(dnnl_eltwise_linear, 1, ADA_MAX_FLOOR)
                            .eltwise(dnnl_eltwise_pow, 1, -1)
                            .binary(dnnl_binary_mul, m)
                            .binary(dnnl_binary_mul, minusStep)
                            .sum(1));
        });
    }

    /** As Adam, with the direction b1 m + (1 - b1) g and the step lr / (1 - b1^t). */
    private void nadam(UpdateStep.Apply step, Nadam nadam) {
        double beta1 = nadam.getBeta1();
        double beta2 = nadam.getBeta2();
        Array minusStep = flat.scalar(() -> -rate(nadam) / (1 - Math.pow(beta1, clock.iteration() + 1)));
        Array fresh = FlatKernels.constant(1 - beta1);
        Array old = FlatKernels.constant(beta1);
        Array one = FlatKernels.constant(1);
        over(step, (w, g, from, count) -> {
            Array m = state(step, 0, from, count);
            Array v = state(step, 1, from, count);
            flat.multiplyAdd(g, fresh, beta1, m);
            flat.squareAdd(g, 1 - beta2, beta2, v);
            flat.multiplyAdd(m, old, 1 - beta1, g);
            descend(v, one, nadam.getEpsilon(), g, minusStep, w);
        });
    }
}
