package org.latent4j.compute.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Builds a graph node by node and checks every shape.
 *
 * <p>Throws {@link IllegalArgumentException} that names the operation, the shapes that came and what it expects.
 */
public final class GraphBuilder {
    private final List<Node> nodes = new ArrayList<>();
    private int nextId;
    private String name = "";

    /** Values made from here on belong to this vertex. */
    public void name(String vertex) {
        this.name = vertex;
    }

    public Value border(String border, Shape shape, Role role) {
        return new Value(nextId++, border, shape, DType.F32, role);
    }

    public List<Node> nodes() {
        return List.copyOf(nodes);
    }

    Value add(Op op, Shape shape, Value... inputs) {
        return add(op, List.of(inputs), activation(shape, DType.F32));
    }

    private Value add(Op op, List<Value> inputs, Value... outputs) {
        nodes.add(new Node(op, inputs, List.of(outputs)));
        return outputs[0];
    }

    private Value activation(Shape shape, DType type) {
        return new Value(nextId++, name, shape, type, Role.ACTIVATION);
    }

    /**
     * Moves a result to a border or a parameter's gradient: where its node would have written, it writes there. A result that is a border
     * already is copied.
     */
    Value land(Value result, String border, Role role) {
        Value now = nodes.stream()
                .flatMap(node -> node.outputs().stream())
                .filter(value -> value.id() == result.id())
                .findFirst()
                .orElse(result);
        if (now.role() != Role.ACTIVATION) {
            return add(new Op.Copy(), List.of(now), new Value(nextId++, border, now.shape(), DType.F32, role));
        }
        Value landed = new Value(now.id(), border, now.shape(), now.type(), role);
        nodes.replaceAll(node -> node.map(value -> value.id() == landed.id() ? landed : value));
        return landed;
    }

    public Value conv(Window window, Value x, Value w, Value bias) {
        Filters filters = filters(window, w);
        require(
                x.shape().rank() == 4 && x.shape().size(1) == filters.allInputs(),
                "Conv",
                "x (N, C, H, W) and w (K, C, h, w) or (G, K / G, C / G, h, w)",
                x,
                w);
        Shape shape = Shape.of(
                x.shape().size(0),
                filters.allOutputs(),
                window.outputHeight(x.shape().size(2)),
                window.outputWidth(x.shape().size(3)));
        return add(
                new Op.Conv(window, Activation.IDENTITY),
                withBias(shape.size(1), bias, x, w),
                activation(shape, DType.F32));
    }

    /** The adjoint of a convolution whose input has the given shape. */
    public Value convData(Window window, Shape shape, Value dy, Value w, Value bias) {
        Filters filters = filters(window, w);
        require(
                dy.shape().rank() == 4
                        && dy.shape().size(1) == filters.allOutputs()
                        && shape.size(1) == filters.allInputs()
                        && window.outputHeight(shape.size(2)) == dy.shape().size(2)
                        && window.outputWidth(shape.size(3)) == dy.shape().size(3),
                "ConvData",
                "dy (N, K, H', W') and w (K, C, h, w) or (G, K / G, C / G, h, w) that make " + shape,
                dy,
                w);
        return add(
                new Op.ConvData(window, Activation.IDENTITY),
                withBias(shape.size(1), bias, dy, w),
                activation(shape, DType.F32));
    }

    /** The gradient of a convolution's weights, which have the given shape. */
    public Value convWeights(Window window, Shape weights, Value x, Value dy) {
        return add(new Op.ConvWeights(window), weights, x, dy);
    }

    public Value matMul(boolean transposeA, boolean transposeB, Value a, Value b, Value bias) {
        require(a.shape().rank() == 2 && b.shape().rank() == 2, "MatMul", "two matrices", a, b);
        long rows = a.shape().size(transposeA ? 1 : 0);
        long columns = b.shape().size(transposeB ? 0 : 1);
        require(
                a.shape().size(transposeA ? 0 : 1) == b.shape().size(transposeB ? 1 : 0),
                "MatMul",
                "as many columns of the first as rows of the second",
                a,
                b);
        return add(
                new Op.MatMul(transposeA, transposeB, Activation.IDENTITY),
                withBias(columns, bias, a, b),
                activation(Shape.of(rows, columns), DType.F32));
    }

    /** Bias gradients have the shape of the bias. */
    public Value channelSum(Value dy, Shape shape) {
        return add(new Op.ChannelSum(), shape, dy);
    }

    /** Samples weighted by a column. */
    Value channelSum(Value dy, Value column, Shape shape) {
        return add(new Op.ChannelSum(), shape, dy, column);
    }

    /** Each sample times its number in a column (N, 1), plus the addend if it is not null. */
    Value scaleSamples(Value x, Value column, Value addend) {
        require(
                column.shape().equals(Shape.of(x.shape().size(0), 1)),
                "ScaleSamples",
                "one number for each sample",
                x,
                column);
        return addend == null
                ? add(new Op.ScaleSamples(), x.shape(), x, column)
                : add(new Op.ScaleSamples(), x.shape(), x, column, addend);
    }

    /** Each element times its number in w, which is the same for all samples. */
    Value scale(Value x, Value w, Value bias) {
        require(
                fits(w.shape(), x.shape()),
                "Scale",
                "x (N, F) and w (F), or x (N, C, H, W) and w (C, H, W) or 1 in their places",
                x,
                w);
        return add(new Op.Scale(), withBias(x.shape().size(1), bias, x, w), activation(x.shape(), DType.F32));
    }

    private static boolean fits(Shape w, Shape x) {
        boolean fits = w.rank() == x.rank() - 1;
        for (int i = 0; fits && i < w.rank(); i++) {
            fits = w.size(i) == x.size(i + 1) || w.rank() == 3 && w.size(i) == 1;
        }
        return fits;
    }

    Value sumTo(Shape shape, Value x) {
        return add(new Op.SumTo(), shape, x);
    }

    public Value fourier(double frequency, int octaves, Value x) {
        require(x.shape().rank() == 2, "Fourier", "points (N, F)", x);
        Shape shape = x.shape().with(1, x.shape().size(1) * (1 + 2L * octaves));
        return add(new Op.Fourier(frequency, octaves), shape, x);
    }

    /**
     * The seed of a penalty's tangent.
     *
     * @param squares receives each sample's squared slope
     */
    Value penaltyStart(Penalty penalty, Value slopes, Value weights, Value squares) {
        Value start = activation(slopes.shape(), DType.F32);
        return add(new Op.PenaltyStart(penalty), List.of(slopes, weights), start, squares);
    }

    public Value activate(Activation function, Value x) {
        return function.isIdentity() ? x : add(new Op.Activate(function), x.shape(), x);
    }

    public Value batchNorm(double epsilon, Value x, Value gamma, Value beta, List<Value> moments) {
        Shape channels = Shape.of(x.shape().size(1));
        Value y = activation(x.shape(), DType.F32);
        Value mean = activation(channels, DType.F32);
        Value variance = activation(channels, DType.F32);
        moments.add(mean);
        moments.add(variance);
        return add(new Op.BatchNorm(epsilon, false), List.of(x, gamma, beta), y, mean, variance);
    }

    /** The gradients with respect to x, gamma and beta. */
    List<Value> batchNormGradient(double epsilon, List<Value> inputs) {
        Value x = inputs.get(0);
        Shape channels = Shape.of(x.shape().size(1));
        List<Value> gradients = List.of(
                activation(x.shape(), DType.F32), activation(channels, DType.F32), activation(channels, DType.F32));
        nodes.add(new Node(new Op.BatchNormGradient(epsilon, false), inputs, gradients));
        return gradients;
    }

    /** Writes the running moments' updates into their gradients. */
    public void runningMoments(
            double decay, boolean log10Deviation, List<Value> moments, List<Value> running, List<Value> gradients) {
        nodes.add(new Node(
                new Op.RunningMoments(decay, log10Deviation),
                Stream.concat(moments.stream(), running.stream()).toList(),
                gradients));
    }

    public Value pool(Op.PoolKind kind, Window window, Value x) {
        require(x.shape().rank() == 4, "Pool", "images (N, C, H, W)", x);
        Shape shape = x.shape()
                .with(2, window.outputHeight(x.shape().size(2)))
                .with(3, window.outputWidth(x.shape().size(3)));
        Value y = activation(shape, DType.F32);
        if (kind != Op.PoolKind.MAX) {
            return add(new Op.Pool(kind, window), List.of(x), y);
        }
        // The library keeps the place of each maximum in one byte, or in four for windows of 256 pixels and more.
        boolean large = window.height() * window.width() > 255;
        return add(new Op.Pool(kind, window), List.of(x), y, activation(shape, large ? DType.F32 : DType.U8));
    }

    public Value upsample(int height, int width, Value x) {
        require(x.shape().rank() == 4, "Upsample", "images (N, C, H, W)", x);
        Shape shape =
                x.shape().with(2, x.shape().size(2) * height).with(3, x.shape().size(3) * width);
        return add(new Op.Upsample(height, width), shape, x);
    }

    public Value pad(Op.Pad pad, Value x) {
        require(x.shape().rank() == 4, "Pad", "images (N, C, H, W)", x);
        Shape shape = x.shape()
                .with(2, x.shape().size(2) + pad.top() + pad.bottom())
                .with(3, x.shape().size(3) + pad.left() + pad.right());
        return add(pad, shape, x);
    }

    public Value crop(Op.Crop crop, Value x) {
        require(
                x.shape().rank() == 4
                        && x.shape().size(2) > crop.top() + crop.bottom()
                        && x.shape().size(3) > crop.left() + crop.right(),
                "Crop",
                "images (N, C, H, W) larger than what is cut off",
                x);
        Shape shape = x.shape()
                .with(2, x.shape().size(2) - crop.top() - crop.bottom())
                .with(3, x.shape().size(3) - crop.left() - crop.right());
        return add(crop, shape, x);
    }

    public Value wrap(Op.Wrap wrap, Value x) {
        require(
                x.shape().rank() == 4
                        && x.shape().size(2) >= wrap.rows()
                        && x.shape().size(3) >= wrap.columns(),
                "Wrap",
                "images (N, C, H, W) at least as large as what is added on a side",
                x);
        Shape shape = x.shape()
                .with(2, x.shape().size(2) + 2L * wrap.rows())
                .with(3, x.shape().size(3) + 2L * wrap.columns());
        return add(wrap, shape, x);
    }

    public Value wrapGradient(Op.Wrap wrap, Value dy) {
        require(
                dy.shape().rank() == 4
                        && dy.shape().size(2) >= 3L * wrap.rows()
                        && dy.shape().size(3) >= 3L * wrap.columns(),
                "WrapGradient",
                "gradients of images (N, C, H, W) that Wrap made",
                dy);
        Shape shape = dy.shape()
                .with(2, dy.shape().size(2) - 2L * wrap.rows())
                .with(3, dy.shape().size(3) - 2L * wrap.columns());
        return add(new Op.WrapGradient(wrap), shape, dy);
    }

    public Value binary(Op.BinaryKind kind, Value a, Value b) {
        require(a.shape().equals(b.shape()), kind.name(), "equal shapes", a, b);
        return add(new Op.Binary(kind), a.shape(), a, b);
    }

    public Value linear(double scale, double shift, Value x) {
        return add(new Op.Linear(scale, shift), x.shape(), x);
    }

    public Value absolutePower(double exponent, Value x) {
        return add(new Op.AbsolutePower(exponent), x.shape(), x);
    }

    public Value concat(int axis, List<Value> parts) {
        Shape first = parts.get(0).shape();
        long total = 0;
        for (Value part : parts) {
            require(
                    part.shape().rank() == first.rank()
                            && part.shape().with(axis, 1).equals(first.with(axis, 1)),
                    "Concat",
                    "shapes that differ on axis " + axis + " only",
                    parts.toArray(Value[]::new));
            total += part.shape().size(axis);
        }
        return add(new Op.Concat(axis), parts, activation(first.with(axis, total), DType.F32));
    }

    public Value slice(int axis, long from, long count, Value x) {
        require(
                from >= 0 && count > 0 && from + count <= x.shape().size(axis),
                "Slice",
                "at least " + (from + count) + " on axis " + axis,
                x);
        return add(new Op.Slice(axis, from), x.shape().with(axis, count), x);
    }

    public Value reshape(Shape shape, Value x) {
        require(shape.elements() == x.shape().elements(), "Reshape", "as many elements as " + shape, x);
        return shape.equals(x.shape()) ? x : add(new Op.Reshape(), shape, x);
    }

    public Value fill(double value, Shape shape) {
        return add(new Op.Fill(value), shape);
    }

    public Value lookup(Value indices, Value w) {
        require(
                indices.shape().rank() == 2
                        && indices.shape().size(1) == 1
                        && w.shape().rank() == 2,
                "Lookup",
                "indices (N, 1) and a table",
                indices,
                w);
        return add(new Op.Lookup(), Shape.of(indices.shape().size(0), w.shape().size(1)), indices, w);
    }

    /**
     * The loss of an output.
     *
     * @param sum receives the sum over the batch
     * @return the gradient with respect to the output
     */
    Value loss(Op.Loss loss, Value output, Value labels, Value sum) {
        Value gradient = activation(output.shape(), DType.F32);
        return add(loss, List.of(output, labels), gradient, sum);
    }

    private static List<Value> withBias(long channels, Value bias, Value a, Value b) {
        if (bias == null) {
            return List.of(a, b);
        }
        require(
                bias.shape().elements() == channels,
                "bias",
                "as many elements as there are channels, " + channels,
                bias);
        return List.of(a, b, bias);
    }

    private static Filters filters(Window window, Value w) {
        Filters filters = Filters.of(w.shape());
        require(
                filters.height() == window.height() && filters.width() == window.width(),
                "convolution",
                "weights for a window " + window,
                w);
        return filters;
    }

    private static void require(boolean condition, String what, String expected, Value... values) {
        if (!condition) {
            throw new IllegalArgumentException(what + " expects " + expected + ", but got " + List.of(values));
        }
    }
}
