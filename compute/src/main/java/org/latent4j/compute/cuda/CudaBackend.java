package org.latent4j.compute.cuda;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;
import org.latent4j.compute.graph.Backend;
import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.GameKernels;
import org.latent4j.compute.graph.Graph;
import org.latent4j.compute.graph.Kernel;
import org.latent4j.compute.graph.MemoryPlan;
import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Parameters;
import org.latent4j.compute.graph.Tensor;
import org.latent4j.compute.graph.UpdateClock;
import org.latent4j.compute.graph.UpdateStep;

/**
 * Runs graphs on an NVIDIA card: convolutions by cuDNN, products by cuBLASLt, all else by kernels that are compiled for the card. A tape is
 * recorded once and then launched as one CUDA graph.
 *
 * <p>Throws {@link CudaException} if the card, the driver or a library is missing or fails, and {@link DeviceMemoryException} if the card's
 * memory is too small.
 */
public final class CudaBackend implements Backend {

    /** Makes the kernels of one operation. */
    @FunctionalInterface
    interface Preparation<T extends Op> {
        void prepare(CudaPlan plan, T op, Node node);
    }

    private static final Map<Class<? extends Op>, Preparation<Op>> PREPARATIONS = new HashMap<>();

    static {
        on(Op.Conv.class, ConvKernels::forward);
        on(Op.ConvData.class, ConvKernels::data);
        on(Op.ConvWeights.class, ConvKernels::weights);
        on(Op.MatMul.class, ProductKernels::product);
        on(Op.ChannelSum.class, NormKernels::channelSum);
        on(Op.Activate.class, ElementKernels::activate);
        on(Op.ActivateGradient.class, ElementKernels::activateGradient);
        on(Op.Softmax.class, RowKernels::softmax);
        on(Op.SoftmaxGradient.class, RowKernels::softmaxGradient);
        on(Op.Binary.class, ElementKernels::binary);
        on(Op.AbsolutePower.class, ElementKernels::absolutePower);
        on(Op.AbsolutePowerGradient.class, ElementKernels::absolutePowerGradient);
        on(Op.Linear.class, ElementKernels::linear);
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
        on(Op.Fill.class, ElementKernels::fill);
        on(Op.DropoutFactors.class, RowKernels::dropoutFactors);
        on(Op.Normals.class, RowKernels::normals);
        on(Op.Lookup.class, RowKernels::lookup);
        on(Op.LookupGradient.class, RowKernels::lookupGradient);
        on(Op.Normalize.class, RowKernels::normalize);
        on(Op.NormalizeGradient.class, RowKernels::normalizeGradient);
        on(Op.LayerNorm.class, RowKernels::layerNorm);
        on(Op.LayerNormGradient.class, RowKernels::layerNormGradient);
        on(Op.Scale.class, ScaleKernels::scale);
        on(Op.SumTo.class, ScaleKernels::sumTo);
        on(Op.ScaleSamples.class, TangentKernels::scaleSamples);
        on(Op.PenaltyStart.class, TangentKernels::penaltyStart);
        on(Op.MaximumTangent.class, TangentKernels::maximum);
        on(Op.Fourier.class, TangentKernels::fourier);
        on(Op.FourierGradient.class, TangentKernels::fourierGradient);
        on(Op.FourierTangent.class, TangentKernels::fourierTangent);
        on(Op.Loss.class, RowKernels::loss);
    }

    @SuppressWarnings("unchecked") // the key is the class of the preparation's operation
    private static <T extends Op> void on(Class<T> type, Preparation<T> preparation) {
        PREPARATIONS.put(type, (Preparation<Op>) preparation);
    }

    /** Kinds of operations that there are kernels for. */
    static Set<Class<? extends Op>> operations() {
        return Set.copyOf(PREPARATIONS.keySet());
    }

    static void prepare(CudaPlan plan, Node node) {
        PREPARATIONS.get(node.op().getClass()).prepare(plan, node.op(), node);
    }

    private final Gpu gpu;
    private final CudaOptions options;

    /** On the card of this index. */
    public CudaBackend(int index, CudaOptions options) {
        this(CudaGpu.of(CudaSetup.ofSystem(), index), options);
    }

    CudaBackend(Gpu gpu, CudaOptions options) {
        this.gpu = gpu;
        this.options = options;
    }

    @Override
    public boolean supports(Op op) {
        return PREPARATIONS.containsKey(op.getClass());
    }

    @Override
    public double ceiling(DType type) {
        return Ceiling.flopsPerSecond(gpu, options, type);
    }

    @Override
    public double copyRate() {
        return Ceiling.bytesPerSecond(gpu);
    }

    @Override
    public void requireBf16() {
        if (!gpu.card().hasBf16()) {
            throw new CudaException(
                    gpu.card() + " has no bf16 tensor cores (sm_80 and newer have); use --precision fp32");
        }
    }

    @Override
    public Tapes prepare(Graph graph, MemoryPlan plan, Setting setting) {
        gpu.enter();
        CudaPlan preparing = new CudaPlan(gpu, options, plan, setting);
        List<Node> nodes = graph.nodes();
        Tapes tapes = new Tapes(
                preparing.prepare(nodes.subList(0, graph.forwardNodes())),
                preparing.prepare(nodes.subList(graph.forwardNodes(), nodes.size())),
                0);
        preparing.finish();
        if (gpu.libraries() != null) {
            gpu.libraries().choices().save();
        }
        return tapes;
    }

    @Override
    public Kernel update(List<UpdateStep> steps, Parameters parameters, UpdateClock clock) {
        gpu.enter();
        return new UpdateKernels(gpu, parameters, clock).prepare(steps);
    }

    @Override
    public Kernel fromBytes(ByteBuffer x, Tensor y) {
        gpu.enter();
        return FlatKernels.fromBytes(gpu, x, y);
    }

    @Override
    public Kernel average(Parameters values, Parameters average, DoubleSupplier keep) {
        gpu.enter();
        return FlatKernels.average(gpu, values, average, keep);
    }

    @Override
    public Measure squares(Parameters parameters, boolean ofGradients) {
        gpu.enter();
        DeviceMirror vector = ofGradients
                ? CudaPlan.mirror(gpu, parameters, Parameters.Part.GRADIENTS, parameters.gradientAddress())
                : CudaPlan.mirror(gpu, parameters, Parameters.Part.VALUES, parameters.valueAddress());
        return new Norm(gpu, vector, parameters.count());
    }

    @Override
    public Optional<GameKernels> gameKernels() {
        gpu.enter();
        return Optional.of(new CudaGameKernels(gpu));
    }

    @Override
    public Kernel step(Kernel work) {
        return gpu.step(work);
    }
}
