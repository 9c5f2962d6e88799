package org.latent4j.compute.cpu;

import static org.bytedeco.dnnl.global.dnnl.*;

import java.util.List;
import java.util.function.DoubleSupplier;
import org.latent4j.compute.graph.Backend;
import org.latent4j.compute.graph.Kernel;
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
 * DL4J's updates as chains of element-by-element operations on the flat views: w parameters, g gradients, state as each updater says.
 *
 * <p>Source: ND4J's updater operations, whose formulas and places of epsilon these are.
 */
final class UpdateKernels {
    /** Turns any number that is not tiny into one beyond the clipping bounds, and so into its sign. */
    private static final double HUGE = 1e30;

    /** ND4J's AdaMax keeps its divisor above zero by this. */
    private static final double ADA_MAX_FLOOR = 1e-32;

    private final UpdateClock clock;
    private final FlatKernels flat = new FlatKernels();
    private final FlatKernels.Flat parameters;
    private final FlatKernels.Flat gradients;
    private final FlatKernels.Flat state;
    private boolean averageLater;

    UpdateKernels(Parameters parameters, UpdateClock clock) {
        this.clock = clock;
        this.parameters = new FlatKernels.Flat(Block.fixed(parameters.valueAddress(), parameters), 0);
        this.gradients = new FlatKernels.Flat(Block.fixed(parameters.gradientAddress(), parameters), 0);
        this.state = new FlatKernels.Flat(Block.fixed(parameters.stateAddress(), parameters), 0);
    }

    Kernel prepare(List<UpdateStep> steps) {
        averageLater = canAverageLater(steps);
        for (UpdateStep step : steps) {
            if (step instanceof UpdateStep.Average && averageLater) {
                continue;
            } else if (step instanceof UpdateStep.Average average) {
                Array factor = flat.scalar(() -> 1.0 / clock.minibatch());
                scaleGradients(average.range(), factor);
            } else if (step instanceof UpdateStep.Normalize normalize) {
                normalize(normalize);
            } else if (step instanceof UpdateStep.L2 l2) {
                Array factor = flat.scalar(() -> l2.coefficient().valueAt(clock.iteration(), clock.epoch()));
                over(l2.range(), (w, g) -> flat.multiplyAdd(w, factor, 1, g));
            } else if (step instanceof UpdateStep.L1 l1) {
                l1(l1);
            } else if (step instanceof UpdateStep.WeightDecay decay) {
                Array factor = flat.scalar(() -> 1
                        - decay.coefficient().valueAt(clock.iteration(), clock.epoch())
                                * (decay.timesLearningRate() && decay.updater().hasLearningRate()
                                        ? rate(decay.updater())
                                        : 1));
                over(decay.range(), (w, g) -> flat.multiply(w, factor, w));
            } else if (step instanceof UpdateStep.Apply apply) {
                apply(apply);
            }
        }
        return flat.chain();
    }

    /**
     * Whether the updaters can divide by the minibatch themselves, which saves a pass over the gradients: nothing else may read them, and
     * all that is averaged must go to updaters that know how.
     */
    private static boolean canAverageLater(List<UpdateStep> steps) {
        for (UpdateStep step : steps) {
            boolean simple = step instanceof UpdateStep.Average
                    || step instanceof UpdateStep.WeightDecay
                    || step instanceof UpdateStep.Apply apply && averages(apply, steps) == averagesItself(apply);
            if (!simple) {
                return false;
            }
        }
        return true;
    }

    private static boolean averagesItself(UpdateStep.Apply apply) {
        return apply.updater() instanceof Sgd || apply.updater() instanceof Adam;
    }

    /** Whether all gradients of an updater are averages. */
    private static boolean averages(UpdateStep.Apply apply, List<UpdateStep> steps) {
        long from = apply.range().offset();
        long to = from + apply.range().count();
        return steps.stream()
                .anyMatch(step -> step instanceof UpdateStep.Average average
                        && average.range().offset() <= from
                        && to <= average.range().offset() + average.range().count());
    }

    /** What gradients are to be multiplied with in an updater. */
    private double gradientFactor() {
        return averageLater ? 1.0 / clock.minibatch() : 1;
    }

    /** average = keep average + (1 - keep) values. */
    static Kernel average(Parameters values, Parameters average, DoubleSupplier keep) {
        FlatKernels flat = new FlatKernels();
        FlatKernels.Flat from = new FlatKernels.Flat(Block.fixed(values.valueAddress(), values), 0);
        FlatKernels.Flat to = new FlatKernels.Flat(Block.fixed(average.valueAddress(), average), 0);
        Array old = flat.scalar(keep);
        Array fresh = flat.scalar(() -> 1 - keep.getAsDouble());
        flat.inPieces(values.count(), (kernels, start, count) -> {
            Array a = to.piece(start, count);
            flat.multiply(a, old, a);
            flat.multiplyAdd(from.piece(start, count), fresh, 1, a);
        });
        return flat.chain();
    }

    static Backend.Measure squares(Parameters parameters, boolean ofGradients) {
        FlatKernels flat = new FlatKernels();
        long address = ofGradients ? parameters.gradientAddress() : parameters.valueAddress();
        FlatKernels.Flat numbers = new FlatKernels.Flat(Block.fixed(address, parameters), 0);
        SquaredNorm norm = new SquaredNorm(flat, numbers, parameters.count());
        Kernel kernel = flat.chain();
        return new Backend.Measure() {
            @Override
            public void run() {
                kernel.run();
            }

            @Override
            public double value() {
                return norm.value();
            }
        };
    }

    private interface Piece {
        void build(Array w, Array g);
    }

    private void over(UpdateStep.Range range, Piece piece) {
        flat.inPieces(
                range.count(),
                (kernels, from, count) -> piece.build(
                        parameters.piece(range.offset() + from, count), gradients.piece(range.offset() + from, count)));
    }

    private void scaleGradients(UpdateStep.Range range, Array factor) {
        over(range, (w, g) -> flat.multiply(g, factor, g));
    }

    private double rate(IUpdater updater) {
        return updater.getLearningRate(clock.iteration(), clock.epoch())
                * clock.pace().rateFactor(clock.iteration());
    }

    private void l1(UpdateStep.L1 l1) {
        Array factor = flat.scalar(() -> l1.coefficient().valueAt(clock.iteration(), clock.epoch()));
        Array huge = FlatKernels.constant(HUGE);
        over(l1.range(), (w, g) -> {
            Dnnl.Arguments arguments = new Dnnl.Arguments();
            flat.binary(
                    dnnl_binary_mul,
                    w,
                    huge,
                    g,
                    arguments,
                    new PostOps(arguments)
                            .eltwise(dnnl_eltwise_clip, -1, 1)
                            .binary(dnnl_binary_mul, factor)
                            .sum(1));
        });
    }

    private void normalize(UpdateStep.Normalize step) {
        double threshold = step.threshold();
        switch (step.kind()) {
            case ClipElementWiseAbsoluteValue -> {
                Array one = FlatKernels.constant(1);
                over(step.range(), (w, g) -> {
                    Dnnl.Arguments arguments = new Dnnl.Arguments();
                    flat.binary(
                            dnnl_binary_mul,
                            g,
                            one,
                            g,
                            arguments,
                            new PostOps(arguments).eltwise(dnnl_eltwise_clip, -threshold, threshold));
                });
            }
            case RenormalizeL2PerLayer, RenormalizeL2PerParamType -> {
                SquaredNorm square = squaredNorm(step.range());
                // DL4J divides by 1e-5 where the norm is zero.
                scaleGradients(
                        step.range(), flat.scalar(() -> square.value() == 0 ? 1e5 : 1 / Math.sqrt(square.value())));
            }
            case ClipL2PerLayer, ClipL2PerParamType -> {
                SquaredNorm square = squaredNorm(step.range());
                scaleGradients(step.range(), flat.scalar(() -> Math.min(1, threshold / Math.sqrt(square.value()))));
            }
            default -> throw new IllegalStateException("no kernel for " + step.kind());
        }
    }

    private SquaredNorm squaredNorm(UpdateStep.Range range) {
        return new SquaredNorm(flat, gradients.from(range.offset()), range.count());
    }

    private void apply(UpdateStep.Apply step) {
        IUpdater updater = step.updater();
        if (updater instanceof NoOp) {
            Array minus = FlatKernels.constant(-1);
            over(step.range(), (w, g) -> flat.multiplyAdd(g, minus, 1, w));
        } else if (updater instanceof Sgd) {
            Array minusRate = flat.scalar(() -> -rate(updater) * gradientFactor());
            over(step.range(), (w, g) -> flat.multiplyAdd(g, minusRate, 1, w));
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

    private interface StatefulPiece {
        void build(Array w, Array g, long from, long count);
    }

    private void over(UpdateStep.Range range, StatefulPiece piece) {
        flat.inPieces(
                range.count(),
                (kernels, from, count) -> piece.build(
                        parameters.piece(range.offset() + from, count),
                        gradients.piece(range.offset() + from, count),
                        from,
                        count));
    }

    /** v = mu v - lr g; w = w + mu v - lr g, which is w - (mu v before - (1 + mu) v). */
    private void nesterovs(UpdateStep.Apply step, Nesterovs nesterovs) {
        Array minusRate = flat.scalar(() -> -rate(nesterovs));
        Array momentum = flat.scalar(() -> nesterovs.currentMomentum(clock.iteration(), clock.epoch()));
        over(step.range(), (w, g, from, count) -> {
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
        over(step.range(), (w, g, from, count) -> {
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
        over(step.range(), (w, g, from, count) -> {
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
        Array fresh = flat.scalar(() -> (1 - beta1) * gradientFactor());
        Array freshSquare = flat.scalar(() -> (1 - decay.getAsDouble()) * gradientFactor() * gradientFactor());
        Array one = FlatKernels.constant(1);
        over(step.range(), (w, g, from, count) -> {
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
        over(step.range(), (w, g, from, count) -> {
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
        over(step.range(), (w, g, from, count) -> {
            Array m = state(step, 0, from, count);
            Array v = state(step, 1, from, count);
            flat.multiplyAdd(g, fresh, beta1, m);
            flat.squareAdd(g, 1 - beta2, beta2, v);
            flat.multiplyAdd(m, old, 1 - beta1, g);
            descend(v, one, nadam.getEpsilon(), g, minusStep, w);
        });
    }
}
