package org.latent4j.compute.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Runs a graph's operations in double precision by their definitions, loop by loop: what a backend's kernels should give, and the proof
 * that a pass emits the right ones. Arrays are row-major in the shapes that values have, images (N, C, H, W).
 */
final class DoubleInterpreter {
    private final Map<Integer, double[]> values = new HashMap<>();
    private final Map<String, double[]> parameters = new HashMap<>();
    private final Map<String, double[]> borders = new HashMap<>();

    DoubleInterpreter(ComputationGraph network) {
        Parameters places = new Parameters(network);
        for (String name : places.names()) {
            INDArray seen = Dl4jParity.seen(network.params(), places.place(name));
            parameters.put(name, seen.dup('c').data().asDouble());
        }
    }

    /** Gives an input. */
    void set(String border, double[] numbers) {
        borders.put(border, numbers);
    }

    /** An output, or the gradient of the parameter of that name. */
    double[] get(String border) {
        return borders.get(border);
    }

    void run(Graph graph) {
        for (Node node : graph.nodes()) {
            List<double[]> in = node.inputs().stream().map(this::read).toList();
            double[][] out = new double[node.outputs().size()][];
            for (int i = 0; i < out.length; i++) {
                out[i] = new double[(int) node.output(i).shape().elements()];
            }
            apply(node, in, out);
            for (int i = 0; i < out.length; i++) {
                Value value = node.output(i);
                values.put(value.id(), out[i]);
                if (value.role() != Role.ACTIVATION) {
                    borders.put(
                            value.role() == Role.PARAM_GRADIENT ? "gradient of " + value.name() : value.name(), out[i]);
                }
            }
        }
    }

    private double[] read(Value value) {
        if (values.containsKey(value.id())) {
            return values.get(value.id());
        }
        double[] known = value.role() == Role.PARAM ? parameters.get(value.name()) : borders.get(value.name());
        if (known == null) {
            throw new IllegalStateException("nothing was written to " + value);
        }
        return known;
    }

    private static void apply(Node node, List<double[]> in, double[][] out) {
        Op op = node.op();
        double[] y = out[0];
        double[] a = in.isEmpty() ? null : in.get(0);
        double[] b = in.size() < 2 ? null : in.get(1);
        if (op instanceof Op.Conv conv) {
            addBias(node.output(0).shape(), in, y);
            convolve(conv.window(), node.input(0), node.input(1), node.output(0), (x, w, z) -> y[z] += a[x] * b[w]);
            activate(conv.activation(), y);
        } else if (op instanceof Op.ConvData conv) {
            addBias(node.output(0).shape(), in, y);
            convolve(conv.window(), node.output(0), node.input(1), node.input(0), (x, w, z) -> y[x] += a[z] * b[w]);
            activate(conv.activation(), y);
        } else if (op instanceof Op.ConvWeights conv) {
            convolve(conv.window(), node.input(0), node.output(0), node.input(1), (x, w, z) -> y[w] += a[x] * b[z]);
        } else if (op instanceof Op.MatMul product) {
            addBias(node.output(0).shape(), in, y);
            multiply(product, node, a, b, y);
            activate(product.activation(), y);
        } else if (op instanceof Op.ChannelSum) {
            Shape shape = node.input(0).shape();
            int channels = (int) shape.size(1);
            int pixels = pixels(shape);
            for (int i = 0; i < a.length; i++) {
                y[i / pixels % channels] += a[i] * (b == null ? 1 : b[i / pixels / channels]);
            }
        } else if (op instanceof Op.Activate activate) {
            System.arraycopy(a, 0, y, 0, y.length);
            activate(activate.activation(), y);
        } else if (op instanceof Op.ActivateGradient gradient) {
            for (int i = 0; i < y.length; i++) {
                y[i] = b[i] * slope(gradient.activation(), a[i]);
            }
        } else if (op instanceof Op.Binary binary) {
            DoubleBinaryOperator function =
                    switch (binary.kind()) {
                        case ADD -> Double::sum;
                        case SUBTRACT -> (p, q) -> p - q;
                        case MULTIPLY -> (p, q) -> p * q;
                        case MAXIMUM -> Math::max;
                        case GREATER_EQUAL -> (p, q) -> p >= q ? 1 : 0;
                    };
            for (int i = 0; i < y.length; i++) {
                y[i] = function.applyAsDouble(a[i], b[i]);
            }
        } else if (op instanceof Op.Linear linear) {
            for (int i = 0; i < y.length; i++) {
                y[i] = linear.scale() * a[i] + linear.shift();
            }
        } else if (op instanceof Op.Fill fill) {
            java.util.Arrays.fill(y, fill.value());
        } else if (op instanceof Op.Reshape || op instanceof Op.Copy) {
            System.arraycopy(a, 0, y, 0, y.length);
        } else if (op instanceof Op.Upsample up) {
            tiles(node.output(0).shape(), up.height(), up.width(), (large, small) -> y[large] = a[small]);
        } else if (op instanceof Op.UpsampleGradient up) {
            tiles(node.input(0).shape(), up.height(), up.width(), (large, small) -> y[small] += a[large]);
        } else if (op instanceof Op.Pad pad) {
            inside(node.output(0).shape(), node.input(0).shape(), pad.top(), pad.left(), (l, s) -> y[l] = a[s]);
        } else if (op instanceof Op.Crop crop) {
            inside(node.input(0).shape(), node.output(0).shape(), crop.top(), crop.left(), (l, s) -> y[s] = a[l]);
        } else if (op instanceof Op.Wrap wrap) {
            wrapped(node.input(0).shape(), wrap, (inside, outside) -> y[outside] = a[inside]);
        } else if (op instanceof Op.WrapGradient gradient) {
            wrapped(node.output(0).shape(), gradient.wrap(), (inside, outside) -> y[inside] += a[outside]);
        } else if (op instanceof Op.Concat concat) {
            long from = 0;
            for (int i = 0; i < in.size(); i++) {
                copyPart(node.input(i).shape(), node.output(0).shape(), concat.axis(), from, in.get(i), y, true);
                from += node.input(i).shape().size(concat.axis());
            }
        } else if (op instanceof Op.Slice slice) {
            copyPart(node.output(0).shape(), node.input(0).shape(), slice.axis(), slice.from(), y, a, false);
        } else if (op instanceof Op.ScaleSamples) {
            int elements = y.length / (int) node.output(0).shape().size(0);
            for (int i = 0; i < y.length; i++) {
                y[i] = a[i] * b[i / elements] + (in.size() == 3 ? in.get(2)[i] : 0);
            }
        } else if (op instanceof Op.Scale) {
            spread(node.input(1).shape(), node.input(0).shape(), (x, w) -> y[x] += a[x] * b[w]);
        } else if (op instanceof Op.SumTo) {
            spread(node.output(0).shape(), node.input(0).shape(), (x, w) -> y[w] += a[x]);
        } else if (op instanceof Op.Pool pool) {
            pool(pool.kind(), pool.window(), node, a, out);
        } else if (op instanceof Op.PoolGradient pool) {
            poolGradient(pool.kind(), pool.window(), node, in, y);
        } else if (op instanceof Op.MaximumTangent maximum) {
            double[][] results = {new double[y.length], new double[y.length]};
            Node forward = new Node(op, List.of(node.input(0)), node.outputs());
            pool(Op.PoolKind.MAX, maximum.window(), forward, a, results);
            for (int i = 0; i < y.length; i++) {
                y[i] = b[(int) results[1][i]];
            }
        } else if (op instanceof Op.PenaltyStart start) {
            int elements = y.length / out[1].length;
            for (int i = 0; i < y.length; i++) {
                out[1][i / elements] += a[i] * a[i];
            }
            for (int i = 0; i < y.length; i++) {
                double weight = b[i / elements];
                double square = out[1][i / elements];
                y[i] = a[i]
                        * (start.penalty() == Penalty.ZERO_CENTRED
                                ? weight
                                : square == 0 ? 0 : 2 * weight * (1 - 1 / Math.sqrt(square)));
            }
        } else {
            FourierInDouble.apply(node, a, b, y);
        }
    }

    private static int pixels(Shape shape) {
        return shape.rank() == 4 ? (int) (shape.size(2) * shape.size(3)) : 1;
    }

    private static void addBias(Shape shape, List<double[]> in, double[] y) {
        if (in.size() == 3) {
            int pixels = pixels(shape);
            for (int i = 0; i < y.length; i++) {
                y[i] = in.get(2)[i / pixels % (int) shape.size(1)];
            }
        }
    }

    private static void activate(Activation function, double[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] = switch (function.kind()) {
                case IDENTITY -> y[i];
                case RELU, LEAKY_RELU -> y[i] > 0 ? y[i] : function.alpha() * y[i];
                case TANH -> Math.tanh(y[i]);
                case HARD_TANH -> Math.max(-function.alpha(), Math.min(function.alpha(), y[i]));
                case CLIPPED_RELU -> Math.max(0, Math.min(function.alpha(), y[i]));
                default -> throw new IllegalStateException("unknown here: " + function);
            };
        }
    }

    private static double slope(Activation function, double saved) {
        return switch (function.kind()) {
            case IDENTITY -> 1;
            case RELU, LEAKY_RELU -> saved > 0 ? 1 : function.alpha();
            case TANH -> 1 - saved * saved;
            case HARD_TANH -> Math.abs(saved) < function.alpha() ? 1 : 0;
            case CLIPPED_RELU -> saved > 0 && saved < function.alpha() ? 1 : 0;
            default -> throw new IllegalStateException("unknown here: " + function);
        };
    }

    private static void multiply(Op.MatMul op, Node node, double[] a, double[] b, double[] y) {
        int rows = (int) node.output(0).shape().size(0);
        int columns = (int) node.output(0).shape().size(1);
        int inner = (int) node.input(0).shape().size(op.transposeA() ? 0 : 1);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                for (int k = 0; k < inner; k++) {
                    y[i * columns + j] += a[op.transposeA() ? k * rows + i : i * inner + k]
                            * b[op.transposeB() ? j * inner + k : k * columns + j];
                }
            }
        }
    }

    private interface Triple {
        void at(int x, int w, int y);
    }

    private interface Pair {
        void at(int large, int small);
    }

    /** All products of a convolution of x (N, C, H, W) to y (N, K, H', W'). */
    private static void convolve(Window window, Value x, Value weights, Value y, Triple product) {
        Filters filters = Filters.of(weights.shape());
        int channels = (int) filters.inputs();
        int results = (int) filters.allOutputs();
        windows(window, x.shape(), y.shape(), (n, h, w, i, j, row, column) -> {
            for (int k = 0; k < results; k++) {
                int first = k / (int) filters.outputs() * channels;
                for (int c = 0; c < channels; c++) {
                    product.at(
                            index(x.shape(), n, first + c, h, w),
                            ((k * channels + c) * window.height() + i) * window.width() + j,
                            index(y.shape(), n, k, row, column));
                }
            }
        });
    }

    private interface Tap {
        void at(int n, int h, int w, int i, int j, int row, int column);
    }

    private static void windows(Window window, Shape x, Shape y, Tap tap) {
        for (int n = 0; n < y.size(0); n++) {
            for (int row = 0; row < y.size(2); row++) {
                for (int column = 0; column < y.size(3); column++) {
                    for (int i = 0; i < window.height(); i++) {
                        for (int j = 0; j < window.width(); j++) {
                            int h = row * window.strideHeight() - window.top() + i * window.dilationHeight();
                            int w = column * window.strideWidth() - window.left() + j * window.dilationWidth();
                            if (h >= 0 && h < x.size(2) && w >= 0 && w < x.size(3)) {
                                tap.at(n, h, w, i, j, row, column);
                            }
                        }
                    }
                }
            }
        }
    }

    private static int index(Shape shape, int n, int c, int h, int w) {
        return (int) (((n * shape.size(1) + c) * shape.size(2) + h) * shape.size(3) + w);
    }

    private static void tiles(Shape large, int height, int width, Pair pair) {
        Shape small = large.with(2, large.size(2) / height).with(3, large.size(3) / width);
        inside(large, large, 0, 0, (l, s) -> {
            int w = (int) (l % large.size(3));
            int h = (int) (l / large.size(3) % large.size(2));
            int plane = (int) (l / large.size(3) / large.size(2));
            pair.at(l, (int) ((plane * small.size(2) + h / height) * small.size(3) + w / width));
        });
    }

    /** Each element of x (N, F) or (N, C, H, W) and its place in w, (F) or (C, H, W) with 1 in the place of sizes. */
    private static void spread(Shape w, Shape x, Pair pair) {
        for (int i = 0; i < x.elements(); i++) {
            long place = 0;
            long inner = x.elements() / x.size(0);
            for (int axis = 0; axis < w.rank(); axis++) {
                inner /= x.size(axis + 1);
                place = place * w.size(axis) + (w.size(axis) == 1 ? 0 : i / inner % x.size(axis + 1));
            }
            pair.at(i, (int) place);
        }
    }

    /** A smaller image at a place in a larger one. */
    private static void inside(Shape large, Shape small, int top, int left, Pair pair) {
        for (int n = 0; n < small.size(0); n++) {
            for (int c = 0; c < small.size(1); c++) {
                for (int h = 0; h < small.size(2); h++) {
                    for (int w = 0; w < small.size(3); w++) {
                        pair.at(index(large, n, c, h + top, w + left), index(small, n, c, h, w));
                    }
                }
            }
        }
    }

    /** Each pixel of an image that goes on beyond its edges, and the one that it repeats. */
    private static void wrapped(Shape image, Op.Wrap wrap, Pair pair) {
        Shape whole = image.with(2, image.size(2) + 2L * wrap.rows()).with(3, image.size(3) + 2L * wrap.columns());
        for (int n = 0; n < whole.size(0); n++) {
            for (int c = 0; c < whole.size(1); c++) {
                for (int h = 0; h < whole.size(2); h++) {
                    for (int w = 0; w < whole.size(3); w++) {
                        int row = Math.floorMod(h - wrap.rows(), (int) image.size(2));
                        int column = Math.floorMod(w - wrap.columns(), (int) image.size(3));
                        pair.at(index(image, n, c, row, column), index(whole, n, c, h, w));
                    }
                }
            }
        }
    }

    private static void copyPart(
            Shape part, Shape whole, int axis, long from, double[] partNumbers, double[] wholeNumbers, boolean in) {
        long inner = 1;
        for (int i = axis + 1; i < part.rank(); i++) {
            inner *= part.size(i);
        }
        for (int i = 0; i < partNumbers.length; i++) {
            long outer = i / inner / part.size(axis);
            long at = i / inner % part.size(axis) + from;
            int index = (int) ((outer * whole.size(axis) + at) * inner + i % inner);
            if (in) {
                wholeNumbers[index] = partNumbers[i];
            } else {
                partNumbers[i] = wholeNumbers[index];
            }
        }
    }

    private static double share(Op.PoolKind kind, int[] counts, Window window, int y) {
        return kind == Op.PoolKind.MEAN ? 1.0 / (window.height() * window.width()) : 1.0 / counts[y];
    }

    private static int[] counts(Window window, Shape x, Shape y) {
        int[] counts = new int[(int) y.elements()];
        windows(window, x, y, (n, h, w, i, j, row, column) -> {
            for (int c = 0; c < y.size(1); c++) {
                counts[index(y, n, c, row, column)]++;
            }
        });
        return counts;
    }

    private static void pool(Op.PoolKind kind, Window window, Node node, double[] a, double[][] out) {
        Shape x = node.input(0).shape();
        Shape y = node.output(0).shape();
        int[] counts = counts(window, x, y);
        if (kind == Op.PoolKind.MAX) {
            java.util.Arrays.fill(out[0], Double.NEGATIVE_INFINITY);
        }
        windows(window, x, y, (n, h, w, i, j, row, column) -> {
            for (int c = 0; c < y.size(1); c++) {
                int from = index(x, n, c, h, w);
                int to = index(y, n, c, row, column);
                if (kind != Op.PoolKind.MAX) {
                    out[0][to] += a[from] * share(kind, counts, window, to);
                } else if (a[from] > out[0][to]) {
                    out[0][to] = a[from];
                    out[1][to] = from;
                }
            }
        });
    }

    private static void poolGradient(Op.PoolKind kind, Window window, Node node, List<double[]> in, double[] dx) {
        Shape x = node.input(0).shape();
        Shape y = node.input(1).shape();
        if (kind == Op.PoolKind.MAX) {
            for (int i = 0; i < in.get(1).length; i++) {
                dx[(int) in.get(2)[i]] += in.get(1)[i];
            }
            return;
        }
        int[] counts = counts(window, x, y);
        windows(window, x, y, (n, h, w, i, j, row, column) -> {
            for (int c = 0; c < y.size(1); c++) {
                int to = index(y, n, c, row, column);
                dx[index(x, n, c, h, w)] += in.get(1)[to] * share(kind, counts, window, to);
            }
        });
    }
}
