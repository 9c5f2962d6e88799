package org.latent4j.compute.cpu;

import static org.bytedeco.dnnl.global.dnnl.*;

import java.util.List;
import java.util.function.DoubleSupplier;
import org.latent4j.compute.graph.Backend;
import org.latent4j.compute.graph.Kernel;
import org.latent4j.compute.graph.Parameters;
import org.latent4j.compute.graph.UpdateClock;
import org.latent4j.compute.graph.UpdateStep;

/**
 * DL4J's updates as chains of element-by-element operations on the flat views: what is done to gradients and parameters, w and g, before {@link UpdaterKernels}' steps.
 */
final class UpdateKernels {
    /** Turns any number that is not tiny into one beyond the clipping bounds, and so into its sign. */
    private static final double HUGE = 1e30;

    private final UpdateClock clock;
    private final FlatKernels flat = new FlatKernels();
    private final FlatKernels.Flat parameters;
    private final FlatKernels.Flat gradients;
    private final UpdaterKernels updaters;
    private boolean averageLater;

    UpdateKernels(Parameters parameters, UpdateClock clock) {
        this.clock = clock;
        this.parameters = new FlatKernels.Flat(Block.fixed(parameters.valueAddress(), parameters), 0);
        this.gradients = new FlatKernels.Flat(Block.fixed(parameters.gradientAddress(), parameters), 0);
        this.updaters = new UpdaterKernels(flat, parameters, clock, this::gradientFactor);
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
                                        ? UpdaterKernels.rate(decay.updater(), clock)
                                        : 1));
                over(decay.range(), (w, g) -> flat.multiply(w, factor, w));
            } else if (step instanceof UpdateStep.Apply apply) {
                updaters.apply(apply);
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
                    || step instanceof UpdateStep.Apply apply
                            && averages(apply, steps) == UpdaterKernels.scales(apply.updater());
            if (!simple) {
                return false;
            }
        }
        return true;
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
}
