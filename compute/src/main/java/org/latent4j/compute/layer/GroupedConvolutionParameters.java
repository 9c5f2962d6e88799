package org.latent4j.compute.layer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The parameters of {@link GroupedConvolution2D} in its part of a network's flat array: the bias, then the weights, as DL4J's convolutions have them. */
final class GroupedConvolutionParameters implements ParamInitializer {
    static final GroupedConvolutionParameters INSTANCE = new GroupedConvolutionParameters();
    static final String WEIGHTS = ConvolutionParamInitializer.WEIGHT_KEY;
    static final String BIAS = ConvolutionParamInitializer.BIAS_KEY;

    private GroupedConvolutionParameters() {}

    private static long[] weightShape(GroupedConvolution2D layer) {
        int[] kernel = layer.getKernelSize();
        return new long[] {layer.getNOut(), layer.getNIn() / layer.groups(), kernel[0], kernel[1]};
    }

    private static long weights(GroupedConvolution2D layer) {
        long[] shape = weightShape(layer);
        return shape[0] * shape[1] * shape[2] * shape[3];
    }

    @Override
    public long numParams(NeuralNetConfiguration configuration) {
        return numParams(configuration.getLayer());
    }

    @Override
    public long numParams(Layer layer) {
        GroupedConvolution2D grouped = (GroupedConvolution2D) layer;
        return weights(grouped) + (grouped.hasBias() ? grouped.getNOut() : 0);
    }

    @Override
    public List<String> paramKeys(Layer layer) {
        List<String> keys = new ArrayList<>(weightKeys(layer));
        keys.addAll(biasKeys(layer));
        return keys;
    }

    @Override
    public List<String> weightKeys(Layer layer) {
        return List.of(WEIGHTS);
    }

    @Override
    public List<String> biasKeys(Layer layer) {
        return ((GroupedConvolution2D) layer).hasBias() ? List.of(BIAS) : List.of();
    }

    @Override
    public boolean isWeightParam(Layer layer, String key) {
        return key.equals(WEIGHTS);
    }

    @Override
    public boolean isBiasParam(Layer layer, String key) {
        return key.equals(BIAS);
    }

    @Override
    public Map<String, INDArray> init(NeuralNetConfiguration configuration, INDArray view, boolean initialise) {
        GroupedConvolution2D layer = (GroupedConvolution2D) configuration.getLayer();
        Map<String, INDArray> parts = parts(layer, view);
        parts.keySet().forEach(configuration::addVariable);
        if (initialise) {
            if (layer.hasBias()) {
                parts.get(BIAS).assign(layer.getBiasInit());
            }
            long[] shape = weightShape(layer);
            long window = shape[2] * shape[3];
            int[] stride = layer.getStride();
            double fanIn = shape[1] * window;
            double fanOut = (double) (shape[0] / layer.groups()) * window / ((long) stride[0] * stride[1]);
            layer.getWeightInitFn()
                    .init(fanIn, fanOut, shape, 'c', parts.get(WEIGHTS).reshape('c', 1, weights(layer)));
        }
        return parts;
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration configuration, INDArray view) {
        return parts((GroupedConvolution2D) configuration.getLayer(), view);
    }

    /** Views of bias and weights, in the order in which they lie in the array: DL4J's updaters go by that. */
    private static Map<String, INDArray> parts(GroupedConvolution2D layer, INDArray view) {
        INDArray flat = view.reshape(view.length());
        long biases = layer.hasBias() ? layer.getNOut() : 0;
        Map<String, INDArray> parts = new LinkedHashMap<>();
        if (biases > 0) {
            parts.put(BIAS, flat.get(NDArrayIndex.interval(0, biases)).reshape(1, biases));
        }
        parts.put(
                WEIGHTS,
                flat.get(NDArrayIndex.interval(biases, biases + weights(layer))).reshape('c', weightShape(layer)));
        return parts;
    }
}
