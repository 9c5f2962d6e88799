package org.latent4j.compute.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution2D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.latent4j.compute.layer.GroupedConvolution2D;

/**
 * DL4J's layers as operations: what is supported, and how. LocalResponseNormalization is left to DL4J, because its gradient there is not that of
 * its output: it takes the output over the pixel's own sum of squares for each neighbour's share in place of the neighbour's.
 */
final class LayerRules {

    private record Rule<T extends Layer>(Checking<T> check, Conversion<T> convert) {}

    private interface Checking<T extends Layer> {
        void check(Dl4jImport in, T layer);
    }

    private interface Conversion<T extends Layer> {
        Value convert(Dl4jImport in, T layer, Value x);
    }

    /** Layers that drop some of their inputs if told so; the others ignore it, as in DL4J. */
    private static final Set<Class<? extends Layer>> DROPPING = Set.of(
            DropoutLayer.class,
            DenseLayer.class,
            OutputLayer.class,
            ConvolutionLayer.class,
            Convolution2D.class,
            Deconvolution2D.class,
            GroupedConvolution2D.class,
            DepthwiseConvolution2D.class,
            SeparableConvolution2D.class,
            Upsampling2D.class,
            PReLULayer.class);

    private static final Map<Class<? extends Layer>, Rule<Layer>> RULES = new HashMap<>();

    static {
        on(DenseLayer.class, LayerRules::checkActivation, LayerRules::dense);
        on(OutputLayer.class, LayerRules::checkActivation, (in, layer, x) -> dense(in, layer, layer.hasBias(), x));
        on(ConvolutionLayer.class, LayerRules::checkConv, LayerRules::conv);
        on(Convolution2D.class, LayerRules::checkConv, LayerRules::conv);
        on(GroupedConvolution2D.class, LayerRules::checkConv, LayerRules::conv);
        on(DepthwiseConvolution2D.class, LayerRules::checkConv, LayerRules::conv);
        on(SeparableConvolution2D.class, LayerRules::checkConv, LayerRules::separable);
        on(Deconvolution2D.class, LayerRules::checkConv, LayerRules::deconv);
        on(BatchNormalization.class, (in, layer) -> requireChannelsFirst(in, layer.getCnn2DFormat()), LayerRules::norm);
        on(DropoutLayer.class, (in, layer) -> {}, (in, layer, x) -> x);
        on(
                EmbeddingLayer.class,
                (in, layer) -> {
                    in.require(!layer.hasBias(), "EmbeddingLayer with a bias");
                    checkActivation(in, layer);
                },
                (in, layer, x) -> Activations.apply(
                        in.builder, layer.getActivationFn(), in.builder.lookup(x, in.parameter("W"))));
        on(
                PReLULayer.class,
                (in, layer) -> in.require(layer.getInputShape().length != 2, "PReLULayer of sequences"),
                (in, layer, x) -> {
                    Value above = in.builder.activate(new Activation(Activation.Kind.RELU, 0), x);
                    Value below = in.builder.binary(Op.BinaryKind.SUBTRACT, x, above);
                    return in.builder.binary(
                            Op.BinaryKind.ADD, above, in.builder.scale(below, in.parameter("W"), null));
                });
        on(ActivationLayer.class, LayerRules::checkActivation, LayerRules::activation);
        on(LossLayer.class, LayerRules::checkActivation, LayerRules::activation);
        on(
                CnnLossLayer.class,
                (in, layer) -> {
                    checkActivation(in, layer);
                    requireChannelsFirst(in, layer.getFormat());
                },
                (in, layer, x) -> Activations.applyToPixels(in.builder, layer.getActivationFn(), x));
        on(SubsamplingLayer.class, LayerRules::checkPool, LayerRules::pool);
        on(GlobalPoolingLayer.class, LayerRules::checkGlobalPool, LayerRules::globalPool);
        on(
                Upsampling2D.class,
                (in, layer) -> requireChannelsFirst(in, layer.getFormat()),
                (in, layer, x) -> in.builder.upsample(layer.getSize()[0], layer.getSize()[1], x));
        on(ZeroPaddingLayer.class, (in, layer) -> requireChannelsFirst(in, layer.getDataFormat()), (in, layer, x) -> {
            int[] p = layer.getPadding();
            return in.builder.pad(new Op.Pad(p[0], p[2], p[1], p[3]), x);
        });
        on(Cropping2D.class, (in, layer) -> requireChannelsFirst(in, layer.getDataFormat()), (in, layer, x) -> {
            int[] c = layer.getCropping();
            return in.builder.crop(new Op.Crop(c[0], c[2], c[1], c[3]), x);
        });
    }

    private LayerRules() {}

    @SuppressWarnings("unchecked") // the key is the class of the rule's layer
    private static <T extends Layer> void on(Class<T> type, Checking<T> check, Conversion<T> convert) {
        RULES.put(type, (Rule<Layer>) new Rule<>(check, convert));
    }

    static void check(Dl4jImport in, Layer layer) {
        Rule<Layer> rule = RULES.get(layer.getClass());
        String name = layer.getClass().getSimpleName();
        if (rule == null) {
            in.problem(name);
            return;
        }
        in.require(
                layer.getIDropout() == null || DropoutRules.isKnown(layer.getIDropout()),
                name + " with " + layer.getIDropout());
        in.require(layer.getConstraints() == null || layer.getConstraints().isEmpty(), name + " with constraints");
        in.require(!(layer instanceof BaseLayer base) || base.getWeightNoise() == null, name + " with weight noise");
        rule.check().check(in, layer);
    }

    static Value convert(Dl4jImport in, Layer layer, Value x) {
        boolean drops = in.options.training() && layer.getIDropout() != null && DROPPING.contains(layer.getClass());
        Value input = drops ? DropoutRules.apply(in, layer.getIDropout(), x) : x;
        return RULES.get(layer.getClass()).convert().convert(in, layer, input);
    }

    private static void requireChannelsFirst(Dl4jImport in, CNN2DFormat format) {
        in.require(format == null || format == CNN2DFormat.NCHW, "images in NHWC order");
    }

    private static void checkActivation(Dl4jImport in, BaseLayer layer) {
        in.require(
                Activations.isKnown(layer.getActivationFn()),
                "activation " + Activations.words(layer.getActivationFn()));
    }

    private static void checkActivation(Dl4jImport in, ActivationLayer layer) {
        in.require(
                Activations.isKnown(layer.getActivationFn()),
                "activation " + Activations.words(layer.getActivationFn()));
    }

    private static Value dense(Dl4jImport in, DenseLayer layer, Value x) {
        if (!layer.hasLayerNorm()) {
            return dense(in, layer, layer.hasBias(), x);
        }
        Value z = in.builder.matMul(false, false, x, in.parameter("W"), null);
        Value normal = in.builder.add(new Op.LayerNorm(), z.shape(), z);
        Value y = in.builder.scale(normal, in.parameter("g"), layer.hasBias() ? in.parameter("b") : null);
        return Activations.apply(in.builder, layer.getActivationFn(), y);
    }

    private static Value dense(Dl4jImport in, FeedForwardLayer layer, boolean bias, Value x) {
        Value z = in.builder.matMul(false, false, x, in.parameter("W"), bias ? in.parameter("b") : null);
        return Activations.apply(in.builder, layer.getActivationFn(), z);
    }

    private static Value activation(Dl4jImport in, ActivationLayer layer, Value x) {
        return Activations.apply(in.builder, layer.getActivationFn(), x);
    }

    private static Value activation(Dl4jImport in, BaseLayer layer, Value x) {
        return Activations.apply(in.builder, layer.getActivationFn(), x);
    }

    private static void checkConv(Dl4jImport in, ConvolutionLayer layer) {
        checkActivation(in, layer);
        requireChannelsFirst(in, layer.getCnn2dDataFormat());
        in.require(layer.getConvolutionMode() != ConvolutionMode.Causal, "causal convolution");
    }

    private static Window window(ConvolutionLayer layer, Value x) {
        return window(
                x.shape(),
                layer.getKernelSize(),
                layer.getStride(),
                layer.getPadding(),
                layer.getDilation(),
                layer.getConvolutionMode());
    }

    private static Value conv(Dl4jImport in, ConvolutionLayer layer, Value x) {
        Value z = in.builder.conv(window(layer, x), x, in.parameter("W"), layer.hasBias() ? in.parameter("b") : null);
        return Activations.apply(in.builder, layer.getActivationFn(), z);
    }

    /** Each channel by itself, without bias, and then all channels of each pixel. */
    private static Value separable(Dl4jImport in, SeparableConvolution2D layer, Value x) {
        Value each = in.builder.conv(window(layer, x), x, in.parameter("W"), null);
        Value z = in.builder.conv(
                Window.tile(1, 1), each, in.parameter("pW"), layer.hasBias() ? in.parameter("b") : null);
        return Activations.apply(in.builder, layer.getActivationFn(), z);
    }

    /** The window of the convolution that leads from the output back to the input. */
    private static Value deconv(Dl4jImport in, Deconvolution2D layer, Value x) {
        boolean same = layer.getConvolutionMode() == ConvolutionMode.Same;
        int[] k = layer.getKernelSize();
        int[] s = layer.getStride();
        int[] d = layer.getDilation();
        int[] before = new int[2];
        int[] after = new int[2];
        long[] size = new long[2];
        for (int i = 0; i < 2; i++) {
            int reach = (k[i] - 1) * d[i] + 1;
            int total = same ? reach - s[i] : 2 * layer.getPadding()[i];
            before[i] = Math.floorDiv(total, 2);
            after[i] = total - before[i];
            size[i] = s[i] * (x.shape().size(2 + i) - 1) + reach - total;
        }
        Window window = new Window(k[0], k[1], s[0], s[1], before[0], before[1], after[0], after[1], d[0], d[1]);
        Value w = in.parameter("W");
        Shape shape = Shape.of(x.shape().size(0), w.shape().size(1), size[0], size[1]);
        Value z = in.builder.convData(window, shape, x, w, layer.hasBias() ? in.parameter("b") : null);
        return Activations.apply(in.builder, layer.getActivationFn(), z);
    }

    private static Window window(
            Shape x, int[] kernel, int[] stride, int[] padding, int[] dilation, ConvolutionMode mode) {
        int[] before = padding.clone();
        int[] after = padding.clone();
        if (mode == ConvolutionMode.Same) {
            for (int i = 0; i < 2; i++) {
                long size = x.size(2 + i);
                long outputs = (size + stride[i] - 1) / stride[i];
                int reach = (kernel[i] - 1) * dilation[i] + 1;
                int total = Math.toIntExact(Math.max(0, (outputs - 1) * stride[i] + reach - size));
                before[i] = total / 2;
                after[i] = total - before[i];
            }
        }
        return new Window(
                kernel[0],
                kernel[1],
                stride[0],
                stride[1],
                before[0],
                before[1],
                after[0],
                after[1],
                dilation[0],
                dilation[1]);
    }

    private static Value norm(Dl4jImport in, BatchNormalization layer, Value x) {
        Shape channels = Shape.of(x.shape().size(1));
        boolean locked = layer.isLockGammaBeta();
        Value gamma = locked ? in.builder.fill(layer.getGamma(), channels) : in.parameter("gamma");
        Value beta = locked ? in.builder.fill(layer.getBeta(), channels) : in.parameter("beta");
        Value mean = in.parameter("mean");
        Value spread = in.parameter(layer.isUseLogStd() ? "log10stdev" : "var");
        if (!in.options.training()) {
            Value variance =
                    layer.isUseLogStd() ? in.builder.add(new Op.VarianceFromLog10(), channels, spread) : spread;
            return in.builder.add(new Op.BatchNormInference(layer.getEps()), x.shape(), x, gamma, beta, mean, variance);
        }
        List<Value> moments = new ArrayList<>();
        Value y = in.builder.batchNorm(layer.getEps(), x, gamma, beta, moments);
        in.norm(new Imported.Norm(layer.getDecay(), layer.isUseLogStd(), moments, List.of(mean, spread)));
        return y;
    }

    private static void checkPool(Dl4jImport in, SubsamplingLayer layer) {
        requireChannelsFirst(in, layer.getCnn2dDataFormat());
        in.require(layer.getPoolingType() != PoolingType.SUM, "SubsamplingLayer by sums, which DL4J can't run either");
    }

    private static Value pool(Dl4jImport in, SubsamplingLayer layer, Value x) {
        Window window = window(
                x.shape(),
                layer.getKernelSize(),
                layer.getStride(),
                layer.getPadding(),
                layer.getDilation(),
                layer.getConvolutionMode());
        if (layer.getPoolingType() == PoolingType.PNORM) {
            return norms(in, layer.getPnorm(), window, x);
        }
        Op.PoolKind kind = layer.getPoolingType() == PoolingType.MAX
                ? Op.PoolKind.MAX
                : layer.isAvgPoolIncludePadInDivisor() ? Op.PoolKind.MEAN : Op.PoolKind.MEAN_INSIDE;
        return in.builder.pool(kind, window, x);
    }

    /** (sum |x|^p)^(1/p) over each window. */
    private static Value norms(Dl4jImport in, int p, Window window, Value x) {
        Value powers = in.builder.absolutePower(p, x);
        Value sums = in.builder.linear(
                window.height() * window.width(), 0, in.builder.pool(Op.PoolKind.MEAN, window, powers));
        return in.builder.absolutePower(1.0 / p, sums);
    }

    private static void checkGlobalPool(Dl4jImport in, GlobalPoolingLayer layer) {
        int[] axes = layer.getPoolingDimensions();
        in.require(
                axes == null || Arrays.equals(axes, new int[] {2, 3}),
                "GlobalPoolingLayer over dimensions " + Arrays.toString(axes));
    }

    private static Value globalPool(Dl4jImport in, GlobalPoolingLayer layer, Value x) {
        if (x.shape().rank() != 4) {
            throw new IllegalArgumentException("global pooling expects images (N, C, H, W), but got " + x);
        }
        Window all = Window.tile(
                Math.toIntExact(x.shape().size(2)), Math.toIntExact(x.shape().size(3)));
        Op.PoolKind kind = layer.getPoolingType() == PoolingType.MAX ? Op.PoolKind.MAX : Op.PoolKind.MEAN;
        Value y = layer.getPoolingType() == PoolingType.PNORM
                ? norms(in, layer.getPnorm(), all, x)
                : in.builder.pool(kind, all, x);
        if (layer.getPoolingType() == PoolingType.SUM) {
            y = in.builder.linear(x.shape().size(2) * x.shape().size(3), 0, y);
        }
        return layer.isCollapseDimensions()
                ? in.builder.reshape(Shape.of(x.shape().size(0), x.shape().size(1)), y)
                : y;
    }
}
