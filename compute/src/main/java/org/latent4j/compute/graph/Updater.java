package org.latent4j.compute.graph;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.latent4j.compute.ComputeException;
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
import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/**
 * DL4J's update of a network's parameters by the gradients that a backward pass has left: the average over the minibatch, normalisation or
 * clipping by layer, L1 and L2, the updater, weight decay. Parameters, updater state and iteration count are the graph's own.
 *
 * <p>Throws {@link ComputeException} that lists every updater and regularisation that is not supported.
 *
 * <p>Source: DL4J's {@code BaseMultiLayerUpdater}, whose order of steps this keeps.
 */
public final class Updater {
    private static final Set<Class<? extends IUpdater>> KNOWN = Set.of(
            Sgd.class,
            Nesterovs.class,
            Adam.class,
            AMSGrad.class,
            AdaMax.class,
            Nadam.class,
            RmsProp.class,
            AdaGrad.class,
            AdaDelta.class,
            NoOp.class);

    private final Parameters parameters;
    private final UpdateClock clock;
    private final Kernel kernel;

    public Updater(Parameters parameters, Backend backend) {
        this(parameters, backend, UpdatePace.STEADY);
    }

    /** With learning rates and decays that change as the pace says. */
    public Updater(Parameters parameters, Backend backend, UpdatePace pace) {
        this.parameters = parameters;
        this.clock = new UpdateClock(pace);
        this.kernel = backend.update(steps(parameters.graph()), parameters, clock);
    }

    /** Applies the gradients, which are sums over {@code minibatch} samples, and counts an iteration. */
    public void update(int minibatch) {
        var configuration = parameters.graph().getConfiguration();
        clock.set(configuration.getIterationCount(), configuration.getEpochCount(), minibatch);
        kernel.run();
        parameters.derive();
        configuration.setIterationCount(configuration.getIterationCount() + 1);
    }

    /** Updates so far. */
    public int iteration() {
        return parameters.graph().getConfiguration().getIterationCount();
    }

    /** Updaters and regularisation of a network that are not supported; empty if all are. */
    static List<String> problems(ComputationGraph graph) {
        List<String> problems = new ArrayList<>();
        steps(graph, problems);
        return problems;
    }

    static List<UpdateStep> steps(ComputationGraph graph) {
        List<String> problems = new ArrayList<>();
        List<UpdateStep> steps = steps(graph, problems);
        if (!problems.isEmpty()) {
            throw new ComputeException("this network can't be trained here, because these are not supported: "
                    + String.join("; ", problems) + ". Use --device nd4j, which runs every DL4J network");
        }
        return steps;
    }

    private static List<UpdateStep> steps(ComputationGraph graph, List<String> problems) {
        List<UpdateStep> steps = new ArrayList<>();
        List<UpdaterBlock> blocks = graph.getUpdater().getUpdaterBlocks();
        if (graph.conf().isMiniBatch()) {
            averages(blocks).forEach(range -> steps.add(new UpdateStep.Average(range)));
        }
        normalizations(blocks, steps);
        for (UpdaterBlock block : blocks) {
            UpdaterBlock.ParamState first = block.getLayersAndVariablesInBlock().get(0);
            IUpdater updater = first.getLayer().getConfig().getUpdaterByParam(first.getParamName());
            if (!KNOWN.contains(updater.getClass())) {
                problems.add("updater " + updater);
            }
            List<UpdateStep> decays = new ArrayList<>();
            for (UpdaterBlock.ParamState parameter : block.getLayersAndVariablesInBlock()) {
                List<Regularization> regularizations =
                        parameter.getLayer().getConfig().getRegularizationByParam(parameter.getParamName());
                for (Regularization r : regularizations == null ? List.<Regularization>of() : regularizations) {
                    if (r instanceof L2Regularization l2) {
                        steps.add(new UpdateStep.L2(l2.getL2(), range(parameter)));
                    } else if (r instanceof L1Regularization l1) {
                        steps.add(new UpdateStep.L1(l1.getL1(), range(parameter)));
                    } else if (r instanceof WeightDecay decay) {
                        // Subtracted after the updater's step, which does not depend on it: the order is free.
                        decays.add(new UpdateStep.WeightDecay(
                                decay.getCoeff(), decay.isApplyLR(), updater, range(parameter)));
                    } else {
                        problems.add("regularisation " + r);
                    }
                }
            }
            steps.addAll(decays);
            UpdateStep.Range range = new UpdateStep.Range(
                    block.getParamOffsetStart(), block.getParamOffsetEnd() - block.getParamOffsetStart());
            steps.add(new UpdateStep.Apply(updater, range, block.getUpdaterViewOffsetStart()));
        }
        return steps;
    }

    private static UpdateStep.Range range(UpdaterBlock.ParamState parameter) {
        return new UpdateStep.Range(
                parameter.getParamOffsetStart(), parameter.getParamOffsetEnd() - parameter.getParamOffsetStart());
    }

    /** All parameters but batch norm's running moments, in as few ranges as there are. */
    private static List<UpdateStep.Range> averages(List<UpdaterBlock> blocks) {
        List<UpdateStep.Range> ranges = new ArrayList<>();
        for (UpdaterBlock block : blocks) {
            for (UpdaterBlock.ParamState parameter : block.getLayersAndVariablesInBlock()) {
                if (!parameter.getLayer().updaterDivideByMinibatch(parameter.getParamName())) {
                    continue;
                }
                UpdateStep.Range next = range(parameter);
                UpdateStep.Range last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
                if (last != null && last.offset() + last.count() == next.offset()) {
                    ranges.set(ranges.size() - 1, new UpdateStep.Range(last.offset(), last.count() + next.count()));
                } else {
                    ranges.add(next);
                }
            }
        }
        return ranges;
    }

    private static void normalizations(List<UpdaterBlock> blocks, List<UpdateStep> steps) {
        Set<Trainable> layers = new LinkedHashSet<>();
        blocks.forEach(block -> block.getLayersAndVariablesInBlock().forEach(p -> layers.add(p.getLayer())));
        for (Trainable layer : layers) {
            GradientNormalization kind = layer.getConfig().getGradientNormalization();
            if (kind == null || kind == GradientNormalization.None) {
                continue;
            }
            double threshold = layer.getConfig().getGradientNormalizationThreshold();
            boolean byParameter = kind == GradientNormalization.RenormalizeL2PerParamType
                    || kind == GradientNormalization.ClipL2PerParamType;
            List<UpdateStep.Range> ranges = new ArrayList<>();
            for (UpdaterBlock block : blocks) {
                block.getLayersAndVariablesInBlock().stream()
                        .filter(parameter -> parameter.getLayer() == layer)
                        .forEach(parameter -> ranges.add(range(parameter)));
            }
            if (!byParameter) {
                long count = ranges.stream().mapToLong(UpdateStep.Range::count).sum();
                UpdateStep.Range whole = new UpdateStep.Range(ranges.get(0).offset(), count);
                ranges.clear();
                ranges.add(whole);
            }
            ranges.forEach(range -> steps.add(new UpdateStep.Normalize(kind, threshold, range)));
        }
    }
}
