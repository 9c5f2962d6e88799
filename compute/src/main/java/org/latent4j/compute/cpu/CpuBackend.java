package org.latent4j.compute.cpu;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.latent4j.compute.ComputeException;
import org.latent4j.compute.graph.Backend;
import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Graph;
import org.latent4j.compute.graph.Kernel;
import org.latent4j.compute.graph.MemoryPlan;
import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Parameters;
import org.latent4j.compute.graph.Tape;
import org.latent4j.compute.graph.Tensor;
import org.latent4j.compute.graph.UpdateClock;
import org.latent4j.compute.graph.UpdateStep;

/**
 * Runs graphs by oneDNN on ND4J's memory.
 *
 * <p>Errors of the library become {@link org.latent4j.compute.ComputeException}.
 *
 * <p>Source: oneDNN 3, https://uxlfoundation.github.io/oneDNN.
 */
public final class CpuBackend implements Backend {

    /** Makes the kernels of one operation. */
    @FunctionalInterface
    interface Preparation<T extends Op> {
        void prepare(CpuPlan plan, T op, Node node);
    }

    private static final Map<Class<? extends Op>, Preparation<Op>> PREPARATIONS = new HashMap<>();

    static {
        on(Op.Conv.class, ConvWays::forward);
        on(Op.ConvData.class, ConvWays::data);
        on(Op.ConvWeights.class, ConvWays::weights);
        on(Op.MatMul.class, MatMulKernels::product);
        on(Op.ChannelSum.class, MatMulKernels::channelSum);
        on(Op.Activate.class, ElementKernels::activate);
        on(Op.ActivateGradient.class, ElementKernels::activateGradient);
        on(Op.Softmax.class, ElementKernels::softmax);
        on(Op.SoftmaxGradient.class, ElementKernels::softmaxGradient);
        on(Op.Binary.class, ElementKernels::binary);
        on(Op.Linear.class, ElementKernels::linear);
        on(Op.AbsolutePower.class, PowerKernels::power);
        on(Op.AbsolutePowerGradient.class, PowerKernels::gradient);
        on(Op.BatchNorm.class, NormKernels::batchNorm);
        on(Op.BatchNormGradient.class, NormKernels::gradient);
        on(Op.BatchNormInference.class, NormKernels::inference);
        on(Op.RunningMoments.class, NormKernels::runningMoments);
        on(Op.VarianceFromLog10.class, NormKernels::variance);
        on(Op.Pool.class, PoolKernels::pool);
        on(Op.PoolGradient.class, PoolKernels::gradient);
        on(Op.Upsample.class, MoveKernels::upsample);
        on(Op.UpsampleGradient.class, MoveKernels::upsampleGradient);
        on(Op.Pad.class, MoveKernels::pad);
        on(Op.Crop.class, MoveKernels::crop);
        on(Op.Wrap.class, MoveKernels::wrap);
        on(Op.WrapGradient.class, MoveKernels::wrapGradient);
        on(Op.Concat.class, MoveKernels::concat);
        on(Op.Slice.class, MoveKernels::slice);
        on(Op.Reshape.class, MoveKernels::reshape);
        on(Op.Copy.class, MoveKernels::copy);
        on(Op.Fill.class, MoveKernels::fill);
        on(Op.DropoutFactors.class, RowKernels::dropoutFactors);
        on(Op.Normals.class, RowKernels::normals);
        on(Op.Lookup.class, RowKernels::lookup);
        on(Op.LookupGradient.class, RowKernels::lookupGradient);
        on(Op.Normalize.class, RowKernels::normalize);
        on(Op.NormalizeGradient.class, RowKernels::normalizeGradient);
        on(Op.LayerNorm.class, LayerNormKernels::forward);
        on(Op.LayerNormGradient.class, LayerNormKernels::gradient);
        on(Op.Scale.class, ScaleKernels::scale);
        on(Op.SumTo.class, ScaleKernels::sumTo);
        on(Op.ScaleSamples.class, TangentKernels::scaleSamples);
        on(Op.PenaltyStart.class, TangentKernels::penaltyStart);
        on(Op.MaximumTangent.class, TangentKernels::maximum);
        on(Op.Fourier.class, FourierKernels::forward);
        on(Op.FourierGradient.class, FourierKernels::gradient);
        on(Op.FourierTangent.class, FourierKernels::tangent);
        on(Op.Loss.class, LossKernels::loss);
    }

    @SuppressWarnings("unchecked") // the key is the class of the preparation's operation
    private static <T extends Op> void on(Class<T> type, Preparation<T> preparation) {
        PREPARATIONS.put(type, (Preparation<Op>) preparation);
    }

    static void prepare(CpuPlan plan, Node node) {
        PREPARATIONS.get(node.op().getClass()).prepare(plan, node.op(), node);
    }

    private final KernelChoices choices;
    private final boolean force;

    public CpuBackend() {
        this(KernelChoices.ofUser(), false);
    }

    /** Forced, 16-bit numbers are emulated where the processor lacks them. */
    public CpuBackend(KernelChoices choices, boolean force) {
        this.choices = choices;
        this.force = force;
    }

    @Override
    public void requireBf16() {
        if (!force && !Dnnl.hasBf16()) {
            throw new ComputeException("this processor has no instructions for bf16 (AVX-512 bf16 or AMX), so that bf16"
                    + " would be slower than fp32; use --precision fp32, or --force to run it all the same");
        }
    }

    @Override
    public double ceiling(DType type) {
        return Ceiling.flopsPerSecond(type);
    }

    @Override
    public double copyRate() {
        return Ceiling.bytesPerSecond();
    }

    @Override
    public boolean supports(Op op) {
        return PREPARATIONS.containsKey(op.getClass());
    }

    @Override
    public Tapes prepare(Graph graph, MemoryPlan plan, Setting setting) {
        CpuPlan preparing = new CpuPlan(choices, graph, plan, setting);
        List<Node> nodes = graph.nodes();
        Tape forward = preparing.prepare(nodes.subList(0, graph.forwardNodes()));
        Tape backward = preparing.prepare(nodes.subList(graph.forwardNodes(), nodes.size()));
        choices.save();
        return new Tapes(forward, backward, preparing.keptBytes());
    }

    @Override
    public Kernel update(List<UpdateStep> steps, Parameters parameters, UpdateClock clock) {
        return new UpdateKernels(parameters, clock).prepare(steps);
    }

    @Override
    public Kernel fromBytes(ByteBuffer x, Tensor y) {
        return ElementKernels.fromBytes(x, y);
    }

    @Override
    public Kernel average(Parameters values, Parameters average, DoubleSupplier keep) {
        return UpdateKernels.average(values, average, keep);
    }

    @Override
    public Measure squares(Parameters parameters, boolean ofGradients) {
        return UpdateKernels.squares(parameters, ofGradients);
    }
}
