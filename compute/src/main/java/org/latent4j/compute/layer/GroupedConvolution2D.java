package org.latent4j.compute.layer;

import java.util.Collection;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A convolution in groups as a layer of DL4J graphs: channels and filters are divided into {@code groups} equal parts, one after the other, and
 * each filter sees the channels of its own part alone. Images (m, nIn, h, w) in, (m, nOut, h', w') out; weights (nOut, nIn / groups, kernel
 * height, kernel width), bias (1, nOut). One group is DL4J's own {@link ConvolutionLayer}, as many groups as channels a depthwise convolution.
 *
 * <p>Throws {@link IllegalArgumentException} where channels or filters can't be divided by the groups, for causal convolutions and for images
 * with their channels last.
 *
 * <p>Source: Xie et al., "Aggregated residual transformations for deep neural networks", CVPR 2017.
 */
public final class GroupedConvolution2D extends ConvolutionLayer {
    @JsonProperty("groups")
    private final int groups;

    /** For DL4J, which fills in what a file says. */
    @SuppressWarnings("unused")
    private GroupedConvolution2D() {
        groups = 1;
    }

    private GroupedConvolution2D(Builder builder) {
        super(builder);
        groups = builder.groups;
        requireDivisible();
    }

    public int groups() {
        return groups;
    }

    private void requireDivisible() {
        if (groups < 1 || nIn % groups != 0 || nOut % groups != 0) {
            throw new IllegalArgumentException(what() + ": " + nIn + " channels and " + nOut
                    + " filters can't be divided into " + groups + " groups; choose a number that divides both");
        }
        if (convolutionMode == ConvolutionMode.Causal || cnn2dDataFormat == CNN2DFormat.NHWC) {
            throw new IllegalArgumentException(
                    what()
                            + ": convolutions in groups are neither causal nor for channels last (NHWC); put channels first (NCHW)");
        }
    }

    private String what() {
        return getLayerName() == null ? "GroupedConvolution2D" : "layer '" + getLayerName() + "'";
    }

    @Override
    public void setNIn(InputType input, boolean override) {
        super.setNIn(input, override);
        requireDivisible();
    }

    @Override
    public ParamInitializer initializer() {
        return GroupedConvolutionParameters.INSTANCE;
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration configuration,
            Collection<TrainingListener> listeners,
            int index,
            INDArray parameters,
            boolean initialise,
            DataType type) {
        LayerValidation.assertNInNOutSet("GroupedConvolution2D", getLayerName(), index, getNIn(), getNOut());
        requireDivisible();
        GroupedConvolutionInNetwork layer = new GroupedConvolutionInNetwork(configuration, type);
        layer.setListeners(listeners);
        layer.setIndex(index);
        layer.setParamsViewArray(parameters);
        Map<String, INDArray> table = initializer().init(configuration, parameters, initialise);
        layer.setParamTable(table);
        layer.setConf(configuration);
        return layer;
    }

    @Override
    public GroupedConvolution2D clone() {
        return (GroupedConvolution2D) super.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GroupedConvolution2D layer && layer.groups == groups && super.equals(other);
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof GroupedConvolution2D;
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + groups;
    }

    /** The settings of DL4J's {@link ConvolutionLayer.Builder}, and the number of groups. */
    public static final class Builder extends BaseConvBuilder<Builder> {
        private final int groups;

        /** {@code groups} groups; kernel height and width. */
        public Builder(int groups, int... kernelSize) {
            super(kernelSize);
            this.groups = groups;
        }

        @Override
        protected boolean allowCausal() {
            return false;
        }

        @Override
        @SuppressWarnings("unchecked") // DL4J's own signature
        public GroupedConvolution2D build() {
            return new GroupedConvolution2D(this);
        }
    }
}
