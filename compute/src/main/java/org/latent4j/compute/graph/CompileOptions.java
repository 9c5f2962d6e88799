package org.latent4j.compute.graph;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a network is compiled for.
 *
 * <p>Throws {@link IllegalArgumentException} for a batch below 1, and for gradients of an inference pass.
 *
 * @param batch samples in a pass
 * @param training whether batch norm uses the batch's own moments and dropout drops
 * @param gradients which gradients the backward pass computes; none: there is no backward pass
 * @param accumulate whether gradients with respect to parameters are added to those of an earlier pass
 * @param labels whether the backward pass begins at the output layers' losses of labels; otherwise at gradients from outside
 * @param penalty on the slopes of the one output (N, 1), or of a choice among several (see {@link #choiceOf}), with respect to the first input, whose gradient the backward pass adds to that of
 *     the parameters; it needs gradients of the parameters, and writes the slopes and their squared norms
 * @param precision of what lies between the borders
 * @param inputShapes shape of one sample, (F) or (C, H, W), of each input whose shape does not follow from the first layer
 * @param shared memory that other networks read or write too, by border name: an input, an output, or {@link #gradientOf} one
 */
public record CompileOptions(
        int batch,
        boolean training,
        Set<Wanted> gradients,
        boolean accumulate,
        boolean labels,
        Penalty penalty,
        Precision precision,
        Map<String, Shape> inputShapes,
        Map<String, Tensor> shared) {

    /** What a backward pass computes gradients for. */
    public enum Wanted {
        PARAMETERS,
        INPUTS
    }

    public CompileOptions {
        gradients = Set.copyOf(gradients);
        inputShapes = Map.copyOf(inputShapes);
        shared = Map.copyOf(shared);
        if (batch < 1) {
            throw new IllegalArgumentException("the batch must be at least 1, but is " + batch);
        }
        if (!training && !gradients.isEmpty()) {
            throw new IllegalArgumentException("an inference pass has no gradients; compile for training");
        }
        if (penalty != Penalty.NONE && (labels || !gradients.contains(Wanted.PARAMETERS))) {
            throw new IllegalArgumentException(
                    "a penalty needs gradients of the parameters, and gradients of the output from outside, not labels");
        }
    }

    public static CompileOptions inference(int batch) {
        return new CompileOptions(
                batch, false, Set.of(), false, false, Penalty.NONE, Precision.F32, Map.of(), Map.of());
    }

    public static CompileOptions training(int batch, Wanted... wanted) {
        Set<Wanted> gradients = EnumSet.noneOf(Wanted.class);
        gradients.addAll(Set.of(wanted));
        return new CompileOptions(
                batch, true, gradients, false, false, Penalty.NONE, Precision.F32, Map.of(), Map.of());
    }

    /** Border name of the gradient with respect to an input or output. */
    public static String gradientOf(String border) {
        return "gradient of " + border;
    }

    public CompileOptions withInputShape(String input, long... sample) {
        Map<String, Shape> shapes = new HashMap<>(inputShapes);
        shapes.put(input, Shape.of(sample));
        return new CompileOptions(batch, training, gradients, accumulate, labels, penalty, precision, shapes, shared);
    }

    public CompileOptions withShared(String border, Tensor tensor) {
        Map<String, Tensor> tensors = new HashMap<>(shared);
        tensors.put(border, tensor);
        return new CompileOptions(
                batch, training, gradients, accumulate, labels, penalty, precision, inputShapes, tensors);
    }

    /** Border name of the labels of an output. */
    public static String labelsOf(String output) {
        return "labels of " + output;
    }

    /** Border name of an output's loss: the sum over the batch, one number. */
    public static String lossOf(String output) {
        return "loss of " + output;
    }

    public CompileOptions withLabels() {
        return new CompileOptions(
                batch, training, gradients, accumulate, true, penalty, precision, inputShapes, shared);
    }

    public CompileOptions accumulating() {
        return new CompileOptions(batch, training, gradients, true, labels, penalty, precision, inputShapes, shared);
    }

    public CompileOptions withPrecision(Precision wanted) {
        return new CompileOptions(batch, training, gradients, accumulate, labels, penalty, wanted, inputShapes, shared);
    }

    public CompileOptions withPenalty(Penalty wanted) {
        return new CompileOptions(
                batch, training, gradients, accumulate, labels, wanted, precision, inputShapes, shared);
    }

    /** Border name of each sample's slope dD/dx with respect to an input, in networks with a penalty. */
    public static String slopeOf(String input) {
        return "slope of " + input;
    }

    /** Border name of the squared norms of the slopes (N, 1). */
    public static String squaresOf(String input) {
        return "squared slope of " + input;
    }

    /**
     * Border name of each sample's choice among several logits (N, K), in networks with a penalty: D is the sum of the logits times it. The
     * gradient of the output is then one number a sample, (N, 1).
     */
    public static String choiceOf(String output) {
        return "choice of " + output;
    }

    /** Border name of the samples' weights in the penalty (N, 1). */
    public static String penaltyOf(String input) {
        return "penalty of " + input;
    }
}
