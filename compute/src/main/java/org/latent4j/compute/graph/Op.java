package org.latent4j.compute.graph;

import java.util.ArrayList;
import java.util.List;

/**
 * An operation: hyper-parameters only; a {@link Node} says which values it reads and writes, in the order given with each record. Shapes
 * are DL4J's, (N, F) and (N, C, H, W); x, y are an activation before and after, dx, dy gradients with respect to them.
 */
public sealed interface Op {

    /** Convolution, activation fused: x (N, C, H, W), w (see {@link Filters}) [, b (K)] -> y (N, K, H', W'). */
    record Conv(Window window, Activation activation) implements Op {}

    /** Adjoint of {@link Conv} in x, and a transposed convolution: dy, w [, b (C)] -> dx. */
    record ConvData(Window window, Activation activation) implements Op {}

    /** Gradient of {@link Conv} in w: x, dy -> dw. */
    record ConvWeights(Window window) implements Op {}

    /** Matrix product, activation fused: a, b [, bias (columns)] -> y; a flag means that the matrix is used transposed. */
    record MatMul(boolean transposeA, boolean transposeB, Activation activation) implements Op {}

    /** Sum over all but the channels, samples weighted by c (N, 1) if it is there: dy (N, C [, H, W]) [, c] -> db (C). */
    record ChannelSum() implements Op {}

    /** x -> y. */
    record Activate(Activation activation) implements Op {}

    /** y or x (see {@link Activation#differentiableFromOutput}), dy -> dx. */
    record ActivateGradient(Activation activation) implements Op {}

    /** Softmax over axis 1: x -> y. */
    record Softmax() implements Op {}

    /** y, dy -> dx. */
    record SoftmaxGradient() implements Op {}

    /** With the batch's own biased moments; y = max(y, 0) if relu: x, gamma, beta -> y, mean, variance [, mask]. */
    record BatchNorm(double epsilon, boolean relu) implements Op {}

    /** x, gamma, beta, mean, variance, dy [, mask] -> dx, dgamma, dbeta. */
    record BatchNormGradient(double epsilon, boolean relu) implements Op {}

    /** With running moments: x, gamma, beta, mean, variance -> y. */
    record BatchNormInference(double epsilon) implements Op {}

    /** Running moments' "gradients", which DL4J's update subtracts: mean, variance of the batch, both running -> both gradients. */
    record RunningMoments(double decay, boolean log10Deviation) implements Op {}

    /** log10 of standard deviations -> variances. */
    record VarianceFromLog10() implements Op {}

    /** x -> y [, places of the maxima]. */
    record Pool(PoolKind kind, Window window) implements Op {}

    /** x, dy [, places of the maxima] -> dx. */
    record PoolGradient(PoolKind kind, Window window) implements Op {}

    /** What a window gives; a mean divides by the whole window, or by the pixels inside of the image. */
    enum PoolKind {
        MAX,
        MEAN,
        MEAN_INSIDE
    }

    /** Repeats each pixel: x -> y. */
    record Upsample(int height, int width) implements Op {}

    /** dy -> dx. */
    record UpsampleGradient(int height, int width) implements Op {}

    /** Zeros around each image: x -> y. */
    record Pad(int top, int left, int bottom, int right) implements Op {}

    /** Adjoint of {@link Pad}: x -> y. */
    record Crop(int top, int left, int bottom, int right) implements Op {}

    /** Each image goes on beyond its edges with its other side: x -> y, by so many rows and columns on each side. */
    record Wrap(int rows, int columns) implements Op {

        /**
         * A part of y that is a part of x; both begin where their {@code from} says.
         *
         * @param fromY (N, C, H, W), as the others
         */
        public record Piece(long[] fromX, long[] fromY, long[] sizes) {}

        /** What y consists of, the whole of x first. */
        public List<Piece> pieces(Shape x) {
            List<Piece> pieces = new ArrayList<>();
            for (long[] row : along(x.size(2), rows)) {
                for (long[] column : along(x.size(3), columns)) {
                    pieces.add(new Piece(
                            new long[] {0, 0, row[0], column[0]},
                            new long[] {0, 0, row[1], column[1]},
                            new long[] {x.size(0), x.size(1), row[2], column[2]}));
                }
            }
            return pieces;
        }

        /** From where in x, to where in y, how many. */
        private static List<long[]> along(long size, long margin) {
            long[] all = {0, margin, size};
            return margin == 0
                    ? List.of(all)
                    : List.of(all, new long[] {size - margin, 0, margin}, new long[] {0, margin + size, margin});
        }
    }

    /** Adjoint of {@link Wrap}: dy -> dx. */
    record WrapGradient(Wrap wrap) implements Op {}

    /** Element by element: a, b -> y. */
    record Binary(BinaryKind kind) implements Op {}

    /** GREATER_EQUAL gives 1 or 0. */
    enum BinaryKind {
        ADD,
        SUBTRACT,
        MULTIPLY,
        MAXIMUM,
        GREATER_EQUAL
    }

    /** y = |x|^exponent: x -> y. */
    record AbsolutePower(double exponent) implements Op {}

    /** dx = exponent |x|^(exponent - 1) sign(x) dy, and 0 where x is: x, dy -> dx. */
    record AbsolutePowerGradient(double exponent) implements Op {}

    /** y = scale x + shift. */
    record Linear(double scale, double shift) implements Op {}

    /** x1, x2, ... -> y, one after the other on an axis. */
    record Concat(int axis) implements Op {}

    /** x -> y: as many as y has, from {@code from} on. */
    record Slice(int axis, long from) implements Op {}

    /** The same elements in (N, C, H, W) row-major order: x -> y. */
    record Reshape() implements Op {}

    /** The same numbers in another type, or copied to a border: x -> y. */
    record Copy() implements Op {}

    /** Nothing -> y, all the same number. */
    record Fill(double value) implements Op {}

    /** 1 / keep with probability keep, else 0, anew in each forward pass: nothing -> y. Layers draw from streams of their own. */
    record DropoutFactors(double keep, int layer) implements Op {}

    /** Standard normals, drawn as {@link DropoutFactors} are: nothing -> y. */
    record Normals(int layer) implements Op {}

    /** Rows of a table: indices (N, 1), w (rows, F) -> y (N, F). */
    record Lookup() implements Op {}

    /** Sums of gradients over the samples with the same index: indices, dy -> dw. */
    record LookupGradient() implements Op {}

    /** Each sample over its Euclidean norm, or over epsilon if that is larger: x -> y. */
    record Normalize(double epsilon) implements Op {}

    /** x, dy -> dx. */
    record NormalizeGradient(double epsilon) implements Op {}

    /** Each sample less its mean, over its (biased) standard deviation; zeros where that is zero: x (N, F) -> y. */
    record LayerNorm() implements Op {}

    /** x, dy -> dx. */
    record LayerNormGradient() implements Op {}

    /** Each sample times its own number, and one more addend: x, c (N, 1) [, addend] -> y. */
    record ScaleSamples() implements Op {}

    /**
     * Each element times its own number, plus one for each channel: x (N, F), w (F) [, b (F)] -> y; or x (N, C, H, W) and w (C, H, W), with 1 in
     * the place of each size along which it stays the same.
     */
    record Scale() implements Op {}

    /** Sum over the samples, and over the axes on which the result has size 1: x -> sums, in the shapes of x and w of {@link Scale}. */
    record SumTo() implements Op {}

    /** Octaves of sines and cosines behind each row: x (N, F) -> y (N, F + 2 octaves F), as {@link org.latent4j.compute.layer.FourierFeatures} says. */
    record Fourier(double frequency, int octaves) implements Op {}

    /** y, dy -> dx. */
    record FourierGradient(double frequency, int octaves) implements Op {}

    /** What {@link Fourier} does to a small change of x: y, dx -> dy. */
    record FourierTangent(double frequency, int octaves) implements Op {}

    /** What maxima over windows do to a small change of x: x, dx -> dy, taken where the (first) maximum of x is. */
    record MaximumTangent(Window window) implements Op {}

    /** A penalty on the slopes v = dD/dx, weight (N, 1): v, weight -> factor times v for {@link Tangent}, |v|^2 (N, 1). */
    record PenaltyStart(Penalty penalty) implements Op {}

    /** Output and labels -> gradient with respect to the output (of SOFTMAX_CROSS_ENTROPY: to softmax's argument), summed loss. */
    record Loss(LossKind kind, double clip) implements Op {}

    /** For outputs a and labels y, with DL4J's signs and scales; MEAN divides by the columns. Outputs are clipped to [clip, 1 - clip]. */
    enum LossKind {
        SQUARE,
        MEAN_SQUARE,
        ABSOLUTE,
        MEAN_ABSOLUTE,
        BINARY_CROSS_ENTROPY,
        SOFTMAX_CROSS_ENTROPY,
        HINGE,
        WASSERSTEIN
    }

    /** Whether results stay the same under small changes of the operands. */
    default boolean isStep() {
        return this instanceof Binary binary && binary.kind() == BinaryKind.GREATER_EQUAL;
    }

    /** Whether results are random. */
    default boolean draws() {
        return this instanceof DropoutFactors || this instanceof Normals;
    }

    /** Name for reports. */
    default String title() {
        return getClass().getSimpleName();
    }

    /** Floating point operations that the definition asks for; 0 where moving memory is all that counts. */
    default double flops(List<Value> inputs, List<Value> outputs) {
        if (this instanceof Conv conv) {
            Window window = conv.window();
            return 2.0
                    * outputs.get(0).shape().elements()
                    * window.height()
                    * window.width()
                    * Filters.of(inputs.get(1).shape()).inputs();
        }
        if (this instanceof ConvData conv) {
            Window window = conv.window();
            return 2.0
                    * inputs.get(0).shape().elements()
                    * window.height()
                    * window.width()
                    * Filters.of(inputs.get(1).shape()).inputs();
        }
        if (this instanceof ConvWeights conv) {
            Window window = conv.window();
            return 2.0
                    * inputs.get(1).shape().elements()
                    * window.height()
                    * window.width()
                    * Filters.of(outputs.get(0).shape()).inputs();
        }
        if (this instanceof MatMul product) {
            return 2.0
                    * outputs.get(0).shape().elements()
                    * inputs.get(0).shape().size(product.transposeA() ? 0 : 1);
        }
        return 0;
    }
}
