package org.latent4j.compute.graph;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.params.DepthwiseConvolutionParamInitializer;
import org.deeplearning4j.nn.params.SeparableConvolutionParamInitializer;
import org.latent4j.compute.layer.GroupedConvolution2D;

/** How kernels see the weights of DL4J's convolutions in groups: as {@link Filters} has them, (G, K / G, C / G, h, w). */
final class GroupedWeights {
    private static final int ONE = -1; // an axis of size 1 that DL4J leaves out

    private GroupedWeights() {}

    /** The place of a layer's parameter as kernels see it: as it is in DL4J, where the parameter is no such weights. */
    static Parameters.Place view(Layer layer, String parameter, Parameters.Place place) {
        if (layer instanceof DepthwiseConvolution2D
                && parameter.equals(DepthwiseConvolutionParamInitializer.WEIGHT_KEY)) {
            return turned(place, 2, 3, ONE, 0, 1); // (h, w, C, multiplier)
        }
        if (layer instanceof SeparableConvolution2D
                && parameter.equals(SeparableConvolutionParamInitializer.DEPTH_WISE_WEIGHT_KEY)) {
            return turned(place, 1, 0, ONE, 2, 3); // (multiplier, C, h, w)
        }
        if (layer instanceof GroupedConvolution2D grouped && place.shape().rank() == 4 && grouped.groups() > 1) {
            return divided(place, grouped.groups()); // (K, C / G, h, w)
        }
        return place;
    }

    private static Parameters.Place turned(Parameters.Place place, int... axes) {
        return new Parameters.Place(
                place.offset(),
                Shape.of(Arrays.stream(axes)
                        .mapToLong(axis -> axis == ONE ? 1 : place.shape().size(axis))
                        .toArray()),
                Arrays.stream(axes)
                        .mapToObj(axis -> axis == ONE ? 1L : place.strides().get(axis))
                        .toList());
    }

    private static Parameters.Place divided(Parameters.Place place, long groups) {
        Shape shape = place.shape();
        List<Long> strides = place.strides();
        long filters = shape.size(0) / groups;
        return new Parameters.Place(
                place.offset(),
                Shape.of(groups, filters, shape.size(1), shape.size(2), shape.size(3)),
                IntStream.range(-1, 4)
                        .mapToObj(axis -> axis < 0 ? filters * strides.get(0) : strides.get(axis))
                        .toList());
    }
}
