package org.latent4j.compute.layer;

import static org.latent4j.compute.layer.GroupedConvolutionParameters.BIAS;
import static org.latent4j.compute.layer.GroupedConvolutionParameters.WEIGHTS;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.ConvolutionUtils;
import org.nd4j.common.primitives.Pair;
import org.nd4j.enums.WeightsFormat;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.layers.convolution.Conv2D;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.factory.Broadcast;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** {@link GroupedConvolution2D} at work in a network of DL4J: group by group by ND4J's convolution. */
final class GroupedConvolutionInNetwork extends BaseLayer<GroupedConvolution2D> {
    private static final int CHANNELS = 1; // axis of images
    private static final int FILTERS = 0; // axis of weights

    GroupedConvolutionInNetwork(NeuralNetConfiguration configuration, DataType type) {
        super(configuration, type);
    }

    private Conv2DConfig sizes() {
        GroupedConvolution2D layer = layerConf();
        return Conv2DConfig.builder()
                .kH(layer.getKernelSize()[0])
                .kW(layer.getKernelSize()[1])
                .sH(layer.getStride()[0])
                .sW(layer.getStride()[1])
                .pH(layer.getPadding()[0])
                .pW(layer.getPadding()[1])
                .dH(layer.getDilation()[0])
                .dW(layer.getDilation()[1])
                .paddingMode(ConvolutionUtils.paddingModeForConvolutionMode(layer.getConvolutionMode()))
                .dataFormat("NCHW")
                .weightsFormat(WeightsFormat.OIYX)
                .build();
    }

    /**
     * Each group's part of an axis. The array is copied first: of views far from the start of their memory ND4J 1.0.0-M2.1 cuts out scalars
     * along the first axis.
     */
    private INDArray[] parts(INDArray x, int axis) {
        INDArray own = x.dup('c');
        INDArray[] parts = new INDArray[layerConf().groups()];
        long size = x.size(axis) / parts.length;
        for (int group = 0; group < parts.length; group++) {
            INDArrayIndex[] places = {NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.all()};
            places[axis] = NDArrayIndex.interval(group * size, (group + 1) * size);
            parts[group] = own.get(places).dup('c');
        }
        return parts;
    }

    private INDArray preOutput(INDArray weights, INDArray bias) {
        GroupedConvolution2D layer = layerConf();
        if (input.rank() != 4 || input.size(1) != layer.getNIn()) {
            throw new IllegalArgumentException(layerId() + ": expected images (m, " + layer.getNIn()
                    + ", height, width), but got shape " + Arrays.toString(input.shape()));
        }
        int[] size = ConvolutionUtils.getOutputSize(
                input,
                layer.getKernelSize(),
                layer.getStride(),
                layer.getPadding(),
                layer.getConvolutionMode(),
                layer.getDilation(),
                CNN2DFormat.NCHW);
        INDArray[] x = parts(input, CHANNELS);
        INDArray[] w = parts(weights, FILTERS);
        INDArray[] y = new INDArray[x.length];
        for (int group = 0; group < y.length; group++) {
            y[group] =
                    Nd4j.createUninitialized(input.dataType(), input.size(0), w[group].size(FILTERS), size[0], size[1]);
            Nd4j.exec(new Conv2D(x[group], w[group], null, y[group], sizes()));
        }
        INDArray all = Nd4j.concat(CHANNELS, y);
        if (bias != null) {
            Broadcast.add(all, bias.reshape(layer.getNOut()), all, CHANNELS);
        }
        return all;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        applyDropOutIfNecessary(training, workspaces);
        INDArray z = preOutput(
                getParamWithNoise(WEIGHTS, training, workspaces),
                hasBias() ? getParamWithNoise(BIAS, training, workspaces) : null);
        return workspaces.leverageTo(
                ArrayType.ACTIVATIONS, layerConf().getActivationFn().getActivation(z, training));
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        INDArray weights = getParamWithNoise(WEIGHTS, true, workspaces);
        INDArray z = preOutput(weights, hasBias() ? getParamWithNoise(BIAS, true, workspaces) : null);
        INDArray slope = epsilon.castTo(z.dataType()).dup('c');
        INDArray dz = layerConf().getActivationFn().backprop(z, slope).getFirst();
        INDArray[] x = parts(input, CHANNELS);
        INDArray[] w = parts(weights, FILTERS);
        INDArray[] dy = parts(dz, CHANNELS);
        INDArray[] dx = new INDArray[x.length];
        INDArray[] dw = new INDArray[x.length];
        for (int group = 0; group < x.length; group++) {
            dx[group] = x[group].ulike();
            dw[group] = w[group].ulike();
            Nd4j.exec(DynamicCustomOp.builder("conv2d_bp")
                    .addInputs(x[group], w[group], dy[group])
                    .addIntegerArguments(Arrays.stream(new Conv2D(x[group], w[group], null, dy[group], sizes()).iArgs())
                            .mapToInt(Math::toIntExact)
                            .toArray())
                    .addOutputs(dx[group], dw[group])
                    .build());
        }
        Gradient gradient = new DefaultGradient();
        if (hasBias()) {
            INDArray db = gradientViews.get(BIAS);
            db.assign(dz.sum(0, 2, 3).reshape(db.shape()));
            gradient.setGradientFor(BIAS, db);
        }
        gradient.setGradientFor(WEIGHTS, gradientViews.get(WEIGHTS).assign(Nd4j.concat(FILTERS, dw)), 'c');
        weightNoiseParams.clear();
        INDArray all = workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, Nd4j.concat(CHANNELS, dx));
        return new Pair<>(gradient, backpropDropOutIfPresent(all));
    }

    @Override
    public Type type() {
        return Type.CONVOLUTIONAL;
    }

    @Override
    public boolean hasBias() {
        return layerConf().hasBias();
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }
}
