package org.latent4j.compute.graph;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.latent4j.compute.layer.FourierVertex;
import org.latent4j.compute.layer.WrapVertex;

/** DL4J's vertices as operations: what is supported, and how. */
final class VertexRules {
    private static final List<Class<?>> PLAIN = List.of(
            FourierVertex.class,
            WrapVertex.class,
            MergeVertex.class,
            SubsetVertex.class,
            ScaleVertex.class,
            ShiftVertex.class,
            ElementWiseVertex.class);

    private VertexRules() {}

    /** Reports to the importer what can't be converted. */
    static void check(Dl4jImport in, GraphVertex vertex) {
        if (vertex.getClass() == LayerVertex.class) {
            LayerVertex layer = (LayerVertex) vertex;
            checkPreProcessor(in, layer.getPreProcessor());
            LayerRules.check(in, layer.getLayerConf().getLayer());
        } else if (vertex instanceof PreprocessorVertex processor) {
            checkPreProcessor(in, processor.getPreProcessor());
        } else if (vertex instanceof L2NormalizeVertex normalize) {
            in.require(
                    normalize.getDimension() == null || normalize.getDimension().length == 0,
                    "L2NormalizeVertex over chosen dimensions");
        } else if (vertex instanceof ReshapeVertex reshape) {
            in.require(reshape.getReshapeOrder() == 'c', "ReshapeVertex in 'f' order");
        } else if (!PLAIN.contains(vertex.getClass())) {
            in.problem(vertex.getClass().getSimpleName());
        }
    }

    private static void checkPreProcessor(Dl4jImport in, InputPreProcessor processor) {
        if (processor != null
                && processor.getClass() != CnnToFeedForwardPreProcessor.class
                && processor.getClass() != FeedForwardToCnnPreProcessor.class) {
            in.problem(processor.getClass().getSimpleName());
        }
    }

    static Value convert(Dl4jImport in, GraphVertex vertex, List<Value> from) {
        if (vertex instanceof LayerVertex layerVertex) {
            Layer layer = layerVertex.getLayerConf().getLayer();
            return LayerRules.convert(in, layer, preProcess(in, layerVertex.getPreProcessor(), from.get(0)));
        }
        if (vertex instanceof PreprocessorVertex processor) {
            return preProcess(in, processor.getPreProcessor(), from.get(0));
        }
        if (vertex instanceof MergeVertex) {
            return from.size() == 1 ? from.get(0) : in.builder.concat(1, from);
        }
        if (vertex instanceof SubsetVertex subset) {
            return in.builder.slice(1, subset.getFrom(), subset.getTo() - subset.getFrom() + 1L, from.get(0));
        }
        if (vertex instanceof ScaleVertex scale) {
            return in.builder.linear(scale.getScaleFactor(), 0, from.get(0));
        }
        if (vertex instanceof ShiftVertex shift) {
            return in.builder.linear(1, shift.getShiftFactor(), from.get(0));
        }
        if (vertex instanceof L2NormalizeVertex normalize) {
            return in.builder.add(
                    new Op.Normalize(normalize.getEps()), from.get(0).shape(), from.get(0));
        }
        if (vertex instanceof FourierVertex fourier) {
            return in.builder.fourier(fourier.frequency(), fourier.octaves(), from.get(0));
        }
        if (vertex instanceof WrapVertex wrap) {
            return in.builder.wrap(new Op.Wrap(wrap.rows(), wrap.columns()), from.get(0));
        }
        if (vertex instanceof ReshapeVertex reshape) {
            return reshape(in, reshape, from.get(0));
        }
        return elementWise(in, ((ElementWiseVertex) vertex).getOp(), from);
    }

    private static Value elementWise(Dl4jImport in, ElementWiseVertex.Op op, List<Value> from) {
        Op.BinaryKind kind =
                switch (op) {
                    case Add, Average -> Op.BinaryKind.ADD;
                    case Subtract -> Op.BinaryKind.SUBTRACT;
                    case Product -> Op.BinaryKind.MULTIPLY;
                    case Max -> Op.BinaryKind.MAXIMUM;
                };
        Value result = from.get(0);
        for (Value next : from.subList(1, from.size())) {
            result = in.builder.binary(kind, result, next);
        }
        return op == ElementWiseVertex.Op.Average && from.size() > 1
                ? in.builder.linear(1.0 / from.size(), 0, result)
                : result;
    }

    private static Value reshape(Dl4jImport in, ReshapeVertex vertex, Value x) {
        long[] sizes = Arrays.stream(vertex.getNewShape()).asLongStream().toArray();
        long known = Arrays.stream(sizes).filter(size -> size > 0).reduce(1, (a, b) -> a * b);
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] < 0) {
                sizes[i] = x.shape().elements() / known;
            }
        }
        return in.builder.reshape(Shape.of(sizes), x);
    }

    private static Value preProcess(Dl4jImport in, InputPreProcessor processor, Value x) {
        long samples = x.shape().size(0);
        if (processor instanceof CnnToFeedForwardPreProcessor && x.shape().rank() == 4) {
            return in.builder.reshape(Shape.of(samples, x.shape().elements() / samples), x);
        }
        if (processor instanceof FeedForwardToCnnPreProcessor image && x.shape().rank() == 2) {
            return in.builder.reshape(
                    Shape.of(samples, image.getNumChannels(), image.getInputHeight(), image.getInputWidth()), x);
        }
        return x;
    }
}
