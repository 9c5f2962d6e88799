package org.latent4j.compute.graph;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.Philox;
import org.latent4j.compute.layer.GroupedConvolution2D;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationHardTanH;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationMish;
import org.nd4j.linalg.activations.impl.ActivationRationalTanh;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.activations.impl.ActivationThresholdedReLU;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * A DL4J network that a seed decides: image layers of many kinds with branches that meet again by addition, product, maximum or merging,
 * then dense layers; sizes from 1 to 9.
 */
final class RandomGraphs {
    private final Philox random;
    private final boolean smooth;
    private final boolean straight;
    private final List<String> words = new ArrayList<>();
    private int names;
    private GraphBuilder graph;
    private int channels;
    private int height;
    private int width;

    /** A network, the shape of a sample, and what it is in words. */
    record Sample(ComputationGraph graph, long[] input, int batch, String words) {}

    private RandomGraphs(long seed, boolean smooth, boolean straight) {
        this.smooth = smooth;
        this.straight = straight;
        this.random = new Philox(seed, Philox.Purpose.SYNTHETIC, 0);
    }

    static Sample make(long seed) {
        return new RandomGraphs(seed, false, false).make();
    }

    /** Without what turns small differences into large ones: kinks, maxima, and batch norm over few numbers. */
    static Sample smooth(long seed) {
        return new RandomGraphs(seed, true, false).make();
    }

    /** Piecewise linear, without batch norm, one output. */
    static Sample piecewiseLinear(long seed) {
        return new RandomGraphs(seed, false, true).make();
    }

    private int between(int low, int high) {
        return low + random.nextInt(high - low + 1);
    }

    private IActivation activation() {
        if (straight) {
            return switch (random.nextInt(7)) {
                case 0 -> new ActivationIdentity();
                case 1 -> new ActivationReLU();
                case 2 -> new ActivationHardTanH();
                case 3 -> new ActivationThresholdedReLU(0.2);
                default -> new ActivationLReLU(0.2);
            };
        }
        return switch (random.nextInt(10)) {
            case 0 -> new ActivationIdentity();
            case 1 -> smooth ? new ActivationTanH() : new ActivationLReLU(0.2);
            case 2 -> new ActivationSigmoid();
            case 3 -> new ActivationELU();
            case 4 -> new ActivationSELU();
            case 5 -> new ActivationSwish();
            case 6 -> new ActivationMish();
            case 7 -> new ActivationSoftSign();
            case 8 -> smooth ? new ActivationRationalTanh() : new ActivationReLU6();
            default -> new ActivationTanH();
        };
    }

    private IUpdater updater() {
        return switch (random.nextInt(4)) {
            case 0 -> new Sgd(0.02);
            case 1 -> new Nesterovs(0.01, 0.8);
            case 2 -> new RmsProp(1e-3, 0.9, 1e-4);
            default -> new Adam(1e-3, 0.9, 0.999, 1e-4);
        };
    }

    private String add(Layer layer, String from) {
        String name = "v" + names++;
        graph.addLayer(name, layer, from);
        words.add(layer.getClass().getSimpleName());
        return name;
    }

    private Sample make() {
        channels = between(1, 5);
        height = between(3, 9);
        width = between(3, 9);
        int batch = between(2, 5);
        long[] input = {channels, height, width};
        InputType type = InputType.convolutional(height, width, channels);
        var builder = TestGraphs.builder(updater());
        if (random.nextInt(3) == 0) {
            builder.l2(1e-2);
        }
        ComputationGraph made = TestGraphs.graph(builder, type, g -> {
            graph = g;
            String at = "in";
            int layers = between(1, 4);
            for (int i = 0; i < layers; i++) {
                at = random.nextInt(3) == 0 ? branch(at) : imageLayer(at);
            }
            if (random.nextInt(3) == 0) {
                at = add(
                        new GlobalPoolingLayer(smooth || random.nextBoolean() ? PoolingType.AVG : PoolingType.MAX), at);
            }
            at = add(
                    new DenseLayer.Builder()
                            .nOut(between(1, 7))
                            .activation(activation())
                            .build(),
                    at);
            if (random.nextInt(3) == 0) {
                at = add(
                        new DenseLayer.Builder()
                                .nOut(between(1, 3))
                                .activation(activation())
                                .build(),
                        at);
            }
            if (straight) {
                at = add(
                        new DenseLayer.Builder()
                                .nOut(1)
                                .activation(new ActivationIdentity())
                                .build(),
                        at);
            }
            g.setOutputs(at);
        });
        return new Sample(made, input, batch, String.join(", ", words) + ", batch " + batch + " of " + type);
    }

    private String imageLayer(String from) {
        switch (random.nextInt(9)) {
            case 0, 1 -> {
                return conv(from, between(1, Math.min(4, Math.min(height, width))), between(1, 2), false);
            }
            case 2 -> {
                int kernel = between(2, 4);
                int stride = between(1, 2);
                channels = between(1, 5);
                height = stride * (height - 1) + kernel;
                width = stride * (width - 1) + kernel;
                return add(
                        new Deconvolution2D.Builder(kernel, kernel)
                                .stride(stride, stride)
                                .nOut(channels)
                                .hasBias(random.nextBoolean())
                                .activation(activation())
                                .build(),
                        from);
            }
            case 3 -> {
                if (smooth || straight || height * width < 4) {
                    return from;
                }
                String norm = add(new BatchNormalization.Builder().decay(0.8).build(), from);
                return add(new ActivationLayer(activation()), norm);
            }
            case 4 -> {
                if (height > 5 || width > 5) {
                    return pool(from);
                }
                height *= 2;
                width *= 2;
                return add(new Upsampling2D.Builder(2).build(), from);
            }
            case 5 -> {
                return pool(from);
            }
            case 6 -> {
                return inGroups(from, between(1, Math.min(3, Math.min(height, width))), between(1, 2));
            }
            case 7 -> {
                return smooth
                        ? from
                        : add(
                                new PReLULayer.Builder()
                                        .inputShape(channels, height, width)
                                        .build(),
                                from);
            }
            default -> {
                String name = "v" + names++;
                graph.addVertex(name, random.nextBoolean() ? new ScaleVertex(0.7) : new ShiftVertex(0.3), from);
                words.add("ScaleVertex or ShiftVertex");
                return name;
            }
        }
    }

    private String pool(String from) {
        if (Math.min(height, width) < 2) {
            return from;
        }
        height = (height - 2) / 2 + 1;
        width = (width - 2) / 2 + 1;
        return add(
                new SubsamplingLayer.Builder(
                                random.nextBoolean() && !smooth
                                        ? SubsamplingLayer.PoolingType.MAX
                                        : SubsamplingLayer.PoolingType.AVG,
                                new int[] {2, 2},
                                new int[] {2, 2})
                        .build(),
                from);
    }

    private String conv(String from, int kernel, int stride, boolean same) {
        boolean keeps = same || random.nextBoolean();
        height = keeps ? (height + stride - 1) / stride : (height - kernel) / stride + 1;
        width = keeps ? (width + stride - 1) / stride : (width - kernel) / stride + 1;
        channels = same ? channels : between(1, 6);
        return add(
                new ConvolutionLayer.Builder(kernel, kernel)
                        .stride(stride, stride)
                        .convolutionMode(keeps ? ConvolutionMode.Same : ConvolutionMode.Truncate)
                        .nOut(channels)
                        .hasBias(random.nextInt(4) > 0)
                        .activation(activation())
                        .build(),
                from);
    }

    /** Each channel for itself or, where two divides them, in two groups. Of one channel DL4J's own operations fail for some sizes. */
    private String inGroups(String from, int kernel, int stride) {
        if (channels == 1) {
            return conv(from, kernel, stride, false);
        }
        height = (height - kernel) / stride + 1;
        width = (width - kernel) / stride + 1;
        int times = between(1, 2);
        if (channels % 2 == 0) {
            channels *= times;
            return add(
                    new GroupedConvolution2D.Builder(2, kernel, kernel)
                            .stride(stride, stride)
                            .convolutionMode(ConvolutionMode.Truncate)
                            .nOut(channels)
                            .hasBias(random.nextBoolean())
                            .activation(activation())
                            .build(),
                    from);
        }
        if (random.nextBoolean()) {
            int filters = between(1, 5);
            channels = filters;
            return add(
                    new SeparableConvolution2D.Builder(kernel, kernel)
                            .depthMultiplier(times)
                            .stride(stride, stride)
                            .convolutionMode(ConvolutionMode.Truncate)
                            .nOut(filters)
                            .activation(activation())
                            .build(),
                    from);
        }
        channels *= times;
        return add(
                new DepthwiseConvolution2D.Builder(kernel, kernel)
                        .depthMultiplier(times)
                        .stride(stride, stride)
                        .convolutionMode(ConvolutionMode.Truncate)
                        .activation(activation())
                        .build(),
                from);
    }

    /** Two or three ways from here that meet again. */
    private String branch(String from) {
        channels = between(1, 4);
        ElementWiseVertex.Op op = ElementWiseVertex.Op.values()[random.nextInt(ElementWiseVertex.Op.values().length)];
        if (smooth && op == ElementWiseVertex.Op.Max || straight && op == ElementWiseVertex.Op.Product) {
            op = ElementWiseVertex.Op.Add;
        }
        boolean merges = random.nextInt(3) == 0;
        String[] ends = new String[op == ElementWiseVertex.Op.Subtract ? 2 : between(2, 3)];
        for (int i = 0; i < ends.length; i++) {
            ends[i] = conv(from, between(1, 3), 1, true);
        }
        String name = "v" + names++;
        if (merges) {
            graph.addVertex(name, new MergeVertex(), ends);
            channels *= ends.length;
            words.add("MergeVertex");
            return name;
        }
        graph.addVertex(name, new ElementWiseVertex(op), ends);
        words.add("ElementWiseVertex " + op);
        return name;
    }
}
