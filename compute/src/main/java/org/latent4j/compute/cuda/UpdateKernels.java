package org.latent4j.compute.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleSupplier;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
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
 * DL4J's updates in one launch over the whole flat vector. The steps' ranges are cut so that each piece has one set of steps; what depends
 * on the clock is computed on the host, a handful of numbers, and read from the card's memory.
 *
 * <p>Source: ND4J's updater operations, whose formulas and places of epsilon these are.
 */
final class UpdateKernels {
    private static final int PIECE = 4096;
    private static final int RANGE_BYTES = 96;

    /** What is done to one range, in the order of the kernel's structure Range. */
    private static final class Steps {
        long offset;
        long count;
        long state;
        long stateCount;
        int average = -1;
        int normalize;
        int norm = -1;
        int l2 = -1;
        int l1 = -1;
        int decay = -1;
        int updater;
        int rate = -1;
        int momentum = -1;
        int decay2 = -1;
        double threshold;
        double beta1;
        double beta2;
        double fresh2;
        double epsilon;

        void write(ByteBuffer to) {
            to.putLong(offset).putLong(count).putLong(state).putLong(stateCount);
            to.putInt(average)
                    .putInt(normalize)
                    .putInt(norm)
                    .putInt(l2)
                    .putInt(l1)
                    .putInt(decay);
            to.putInt(updater).putInt(rate).putInt(momentum).putInt(decay2);
            to.putFloat((float) threshold).putFloat((float) beta1).putFloat((float) (1 - beta1));
            to.putFloat((float) beta2).putFloat((float) fresh2).putFloat((float) epsilon);
        }
    }

    private final Gpu gpu;
    private final UpdateClock clock;
    private final DeviceMirror values;
    private final DeviceMirror gradients;
    private final DeviceMirror state; // null if the updaters have none
    private final List<DoubleSupplier> scalars = new ArrayList<>();
    private final List<Steps> ranges = new ArrayList<>();
    private final List<Kernel> norms = new ArrayList<>();
    private DeviceMemory scalarMemory;
    private DeviceMemory normMemory;

    UpdateKernels(Gpu gpu, Parameters parameters, UpdateClock clock) {
        this.gpu = gpu;
        this.clock = clock;
        this.values = CudaPlan.mirror(gpu, parameters, Parameters.Part.VALUES, parameters.valueAddress());
        this.gradients = CudaPlan.mirror(gpu, parameters, Parameters.Part.GRADIENTS, parameters.gradientAddress());
        this.state = parameters.stateAddress() == 0
                ? null
                : CudaPlan.mirror(gpu, parameters, Parameters.Part.STATE, parameters.stateAddress());
    }

    Kernel prepare(List<UpdateStep> steps) {
        cut(steps);
        scalarMemory = new DeviceMemory(gpu, (long) Float.BYTES * Math.max(1, steps.size() + 2 * ranges.size()) * 3);
        long norms =
                steps.stream().filter(UpdateStep.Normalize.class::isInstance).count();
        normMemory = new DeviceMemory(gpu, Double.BYTES * (norms + Norm.MOST_PARTS));
        steps.forEach(this::take);
        Kernel update = update();
        FloatPointer numbers = new FloatPointer(Math.max(1, scalars.size()));
        Kernel[] before = this.norms.toArray(Kernel[]::new);
        return () -> {
            gpu.enter();
            values.toDevice();
            gradients.toDevice();
            if (state != null) {
                state.toDevice();
            }
            for (int i = 0; i < scalars.size(); i++) {
                numbers.put(i, (float) scalars.get(i).getAsDouble());
            }
            gpu.upload(scalarMemory.address(), numbers.address(), (long) Float.BYTES * scalars.size());
            for (Kernel kernel : before) {
                kernel.run();
            }
            update.run();
            values.deviceChanged();
            if (state != null) {
                state.deviceChanged();
            }
        };
    }

    /** Ranges that no step begins or ends within. */
    private void cut(List<UpdateStep> steps) {
        TreeSet<Long> borders = new TreeSet<>();
        for (UpdateStep step : steps) {
            UpdateStep.Range range = range(step);
            borders.add(range.offset());
            borders.add(range.offset() + range.count());
        }
        Long from = null;
        for (long to : borders) {
            if (from != null) {
                Steps piece = new Steps();
                piece.offset = from;
                piece.count = to - from;
                ranges.add(piece);
            }
            from = to;
        }
    }

    private static UpdateStep.Range range(UpdateStep step) {
        if (step instanceof UpdateStep.Average average) {
            return average.range();
        } else if (step instanceof UpdateStep.Normalize normalize) {
            return normalize.range();
        } else if (step instanceof UpdateStep.L2 l2) {
            return l2.range();
        } else if (step instanceof UpdateStep.L1 l1) {
            return l1.range();
        } else if (step instanceof UpdateStep.WeightDecay decay) {
            return decay.range();
        }
        return ((UpdateStep.Apply) step).range();
    }

    private List<Steps> within(UpdateStep.Range range) {
        return ranges.stream()
                .filter(piece ->
                        piece.offset >= range.offset() && piece.offset + piece.count <= range.offset() + range.count())
                .toList();
    }

    private int scalar(DoubleSupplier value) {
        scalars.add(value);
        return scalars.size() - 1;
    }

    /** DL4J may name a parameter's regularisation more than once; each counts. */
    private int joined(int known, int added, DoubleBinaryOperator join) {
        if (known < 0) {
            return added;
        }
        DoubleSupplier first = scalars.get(known);
        DoubleSupplier second = scalars.get(added);
        return scalar(() -> join.applyAsDouble(first.getAsDouble(), second.getAsDouble()));
    }

    private double rate(IUpdater updater) {
        return updater.getLearningRate(clock.iteration(), clock.epoch())
                * clock.pace().rateFactor(clock.iteration());
    }

    private void take(UpdateStep step) {
        List<Steps> pieces = within(range(step));
        if (step instanceof UpdateStep.Average) {
            int factor = scalar(() -> 1.0 / clock.minibatch());
            pieces.forEach(piece -> piece.average = factor);
        } else if (step instanceof UpdateStep.Normalize normalize) {
            normalize(normalize, pieces);
        } else if (step instanceof UpdateStep.L2 l2) {
            int factor = scalar(() -> l2.coefficient().valueAt(clock.iteration(), clock.epoch()));
            pieces.forEach(piece -> piece.l2 = joined(piece.l2, factor, (a, b) -> a + b));
        } else if (step instanceof UpdateStep.L1 l1) {
            int factor = scalar(() -> l1.coefficient().valueAt(clock.iteration(), clock.epoch()));
            pieces.forEach(piece -> piece.l1 = joined(piece.l1, factor, (a, b) -> a + b));
        } else if (step instanceof UpdateStep.WeightDecay decay) {
            int factor = scalar(() -> 1
                    - decay.coefficient().valueAt(clock.iteration(), clock.epoch())
                            * (decay.timesLearningRate() && decay.updater().hasLearningRate()
                                    ? rate(decay.updater())
                                    : 1));
            pieces.forEach(piece -> piece.decay = joined(piece.decay, factor, (a, b) -> a * b));
        } else if (step instanceof UpdateStep.Apply apply) {
            apply(apply, pieces);
        }
    }

    private void normalize(UpdateStep.Normalize step, List<Steps> pieces) {
        int kind =
                switch (step.kind()) {
                    case ClipElementWiseAbsoluteValue -> 1;
                    case RenormalizeL2PerLayer, RenormalizeL2PerParamType -> 2;
                    case ClipL2PerLayer, ClipL2PerParamType -> 3;
                    default -> throw new IllegalStateException("no kernel for " + step.kind());
                };
        int norm = kind == 1 ? -1 : norms.size();
        if (kind > 1) {
            norm(step.range(), pieces);
        }
        pieces.forEach(piece -> {
            piece.normalize = kind;
            piece.norm = norm;
            piece.threshold = step.threshold();
        });
    }

    /** Running moments are not averaged over the minibatch: a norm may be one of pieces that are and pieces that are not. */
    private void norm(UpdateStep.Range range, List<Steps> pieces) {
        int index = norms.size();
        Place result = Place.of(normMemory).plus((long) Double.BYTES * (Norm.MOST_PARTS + index));
        List<Kernel> sums = new ArrayList<>();
        int used = 0;
        List<UpdateStep.Range> parts = new ArrayList<>();
        List<Integer> averages = new ArrayList<>();
        for (Steps piece : pieces) {
            int last = parts.size() - 1;
            if (last >= 0 && averages.get(last) == piece.average) {
                parts.set(
                        last,
                        new UpdateStep.Range(
                                parts.get(last).offset(), parts.get(last).count() + piece.count));
            } else {
                parts.add(new UpdateStep.Range(piece.offset, piece.count));
                averages.add(piece.average);
            }
        }
        int most = Norm.MOST_PARTS / parts.size();
        for (int i = 0; i < parts.size(); i++) {
            int blocks = Math.min(most, Norm.parts(parts.get(i).count()));
            sums.add(Norm.parts(
                    gpu,
                    Grid.blocks(blocks),
                    gradients.place(),
                    parts.get(i).offset(),
                    parts.get(i).count(),
                    Place.of(scalarMemory),
                    averages.get(i),
                    Place.of(normMemory).plus((long) Double.BYTES * used)));
            used += blocks;
        }
        sums.add(Norm.sum(gpu, Place.of(normMemory), used, result));
        norms.add(() -> sums.forEach(Kernel::run));
    }

    private void apply(UpdateStep.Apply step, List<Steps> pieces) {
        Steps filled = new Steps();
        IUpdater updater = step.updater();
        fill(filled, updater);
        for (Steps piece : pieces) {
            piece.state = step.stateOffset() + piece.offset - step.range().offset();
            piece.stateCount = step.range().count();
            piece.updater = filled.updater;
            piece.rate = filled.rate;
            piece.momentum = filled.momentum;
            piece.decay2 = filled.decay2;
            piece.beta1 = filled.beta1;
            piece.beta2 = filled.beta2;
            piece.fresh2 = filled.fresh2;
            piece.epsilon = filled.epsilon;
        }
    }

    /** Numbers of the kernel's list of updaters. */
    private void fill(Steps to, IUpdater updater) {
        if (updater instanceof NoOp) {
            to.updater = 1;
        } else if (updater instanceof Sgd) {
            to.updater = 2;
            to.rate = scalar(() -> -rate(updater));
        } else if (updater instanceof Nesterovs nesterovs) {
            to.updater = 3;
            to.rate = scalar(() -> -rate(updater));
            to.momentum = scalar(() -> nesterovs.currentMomentum(clock.iteration(), clock.epoch()));
        } else if (updater instanceof RmsProp rms) {
            squares(to, 4, 0, rms.getRmsDecay(), 1 - rms.getRmsDecay(), rms.getEpsilon());
            to.rate = scalar(() -> -rate(updater));
        } else if (updater instanceof AdaGrad grad) {
            squares(to, 4, 0, 1, 1, grad.getEpsilon());
            to.rate = scalar(() -> -rate(updater));
        } else if (updater instanceof AdaDelta delta) {
            squares(to, 9, 0, delta.getRho(), 1 - delta.getRho(), delta.getEpsilon());
        } else if (updater instanceof Adam adam) {
            squares(to, 5, adam.getBeta1(), adam.getBeta2(), 1 - adam.getBeta2(), adam.getEpsilon());
            to.decay2 = changingBeta2();
            to.rate = scalar(() -> -adamStep(adam, adam.getBeta1(), adam.getBeta2(), adam.getEpsilon()));
        } else if (updater instanceof AMSGrad ams) {
            squares(to, 6, ams.getBeta1(), ams.getBeta2(), 1 - ams.getBeta2(), ams.getEpsilon());
            to.decay2 = changingBeta2();
            to.rate = scalar(() -> -adamStep(ams, ams.getBeta1(), ams.getBeta2(), ams.getEpsilon()));
        } else if (updater instanceof AdaMax max) {
            squares(to, 7, max.getBeta1(), max.getBeta2(), 1 - max.getBeta2(), max.getEpsilon());
            to.rate = scalar(() -> {
                double rate = rate(max) / (1 - Math.pow(max.getBeta1(), clock.iteration() + 1));
                return -(rate == 0 || !Double.isFinite(rate) ? max.getEpsilon() : rate);
            });
        } else if (updater instanceof Nadam nadam) {
            squares(to, 8, nadam.getBeta1(), nadam.getBeta2(), 1 - nadam.getBeta2(), nadam.getEpsilon());
            to.rate = scalar(() -> -rate(nadam) / (1 - Math.pow(nadam.getBeta1(), clock.iteration() + 1)));
        } else {
            throw new IllegalStateException("no kernel for " + updater);
        }
    }

    private static void squares(Steps to, int updater, double beta1, double beta2, double fresh2, double epsilon) {
        to.updater = updater;
        to.beta1 = beta1;
        to.beta2 = beta2;
        to.fresh2 = fresh2;
        to.epsilon = epsilon;
    }

    /** The pace's decay in place of the updater's, or -1. */
    private int changingBeta2() {
        return clock.pace().changesBeta2() ? scalar(() -> clock.pace().beta2(clock.iteration())) : -1;
    }

    private double adamStep(IUpdater updater, double beta1, double steadyBeta2, double epsilon) {
        double beta2 = clock.pace().changesBeta2() ? clock.pace().beta2(clock.iteration()) : steadyBeta2;
        int t = clock.iteration() + 1;
        double rate = rate(updater) * Math.sqrt(1 - Math.pow(beta2, t)) / (1 - Math.pow(beta1, t));
        return rate == 0 || !Double.isFinite(rate) ? epsilon : rate;
    }

    private Kernel update() {
        ByteBuffer table = ByteBuffer.allocate(RANGE_BYTES * ranges.size()).order(ByteOrder.nativeOrder());
        List<Long> pieces = new ArrayList<>();
        for (int i = 0; i < ranges.size(); i++) {
            ranges.get(i).write(table);
            for (long from = 0; from < ranges.get(i).count; from += PIECE) {
                pieces.add((long) i);
                pieces.add(from);
            }
        }
        DeviceMemory rangeMemory = new DeviceMemory(gpu, table.capacity());
        DeviceMemory pieceMemory = new DeviceMemory(gpu, (long) Long.BYTES * pieces.size());
        try (BytePointer bytes = new BytePointer(table.array());
                LongPointer numbers = new LongPointer(
                        pieces.stream().mapToLong(Long::longValue).toArray())) {
            gpu.upload(rangeMemory.address(), bytes.address(), table.capacity());
            gpu.upload(pieceMemory.address(), numbers.address(), (long) Long.BYTES * pieces.size());
        }
        return gpu.launch(
                KernelName.of("update", "update"),
                Grid.blocks(pieces.size() / 2),
                new Arguments()
                        .at(values.place())
                        .at(gradients.place())
                        .at(state == null ? null : state.place())
                        .at(Place.of(rangeMemory))
                        .at(Place.of(pieceMemory))
                        .at(Place.of(scalarMemory))
                        .at(Place.of(normMemory).plus((long) Double.BYTES * Norm.MOST_PARTS))
                        .number(PIECE));
    }
}
