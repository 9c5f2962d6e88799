package org.latent4j.compute.cuda;

import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Value;

/** Convolutions and their two adjoints: by cuDNN, or from the definition where it has no algorithm. */
final class ConvKernels {
    private static final String NONE = "none";

    private ConvKernels() {}

    static void forward(CudaPlan plan, Op.Conv op, Node node) {
        Value x = node.input(0);
        Value y = node.output(0);
        Geometry geometry = Geometry.of(op.window(), node.input(1).shape(), x.shape(), y.shape());
        Place weights = plan.derived(node.input(1), x.type());
        Place result = result(plan, y, x.type());
        if (!library(plan, Cudnn.Direction.FORWARD, geometry, x.type(), plan.at(x), weights, result)) {
            plan.launch(
                    KernelName.of("conv", "conv_forward", CudaPlan.t(x)),
                    Grid.over(geometry.resultElements()),
                    new Arguments()
                            .at(plan.at(x))
                            .at(weights)
                            .at(result)
                            .number(geometry.resultElements())
                            .integers(geometry.fields()));
        }
        settle(plan, result, x.type(), y);
        ElementKernels.biasActivate(plan, y, bias(plan, node), op.activation());
    }

    static void data(CudaPlan plan, Op.ConvData op, Node node) {
        Value dy = node.input(0);
        Value dx = node.output(0);
        Geometry geometry = Geometry.of(op.window(), node.input(1).shape(), dx.shape(), dy.shape());
        Place weights = plan.derived(node.input(1), dy.type());
        Place result = result(plan, dx, dy.type());
        if (!library(plan, Cudnn.Direction.DATA, geometry, dy.type(), plan.at(dy), weights, result)) {
            plan.launch(
                    KernelName.of("conv", "conv_data", CudaPlan.t(dy)),
                    Grid.over(geometry.imageElements()),
                    new Arguments()
                            .at(plan.at(dy))
                            .at(weights)
                            .at(result)
                            .number(geometry.imageElements())
                            .integers(geometry.fields()));
        }
        settle(plan, result, dy.type(), dx);
        ElementKernels.biasActivate(plan, dx, bias(plan, node), op.activation());
    }

    static void weights(CudaPlan plan, Op.ConvWeights op, Node node) {
        Value x = node.input(0);
        Value dy = node.input(1);
        Value dw = node.output(0);
        Geometry geometry = Geometry.of(op.window(), dw.shape(), x.shape(), dy.shape());
        Place target = plan.output(dw);
        boolean exact = x.type() == DType.F32;
        Place result = exact
                ? target
                : plan.scratch(geometry.weightElements() * x.type().bytes());
        if (library(plan, Cudnn.Direction.WEIGHTS, geometry, x.type(), plan.at(x), plan.at(dy), result)) {
            if (!exact) {
                convert(plan, result, x.type(), target, dw);
            }
            return;
        }
        plan.launch(
                KernelName.of("conv", "conv_weights", CudaPlan.t(x)),
                Grid.over(geometry.weightElements()),
                new Arguments()
                        .at(plan.at(x))
                        .at(plan.at(dy))
                        .at(target)
                        .number(geometry.weightElements())
                        .integers(geometry.fields())
                        .integer(geometry.n()));
    }

    /** Where a convolution of numbers of a type writes, in that type: a border's 32 bits are made of it by {@link #settle}. */
    private static Place result(CudaPlan plan, Value y, DType type) {
        return y.type() == type ? plan.at(y) : plan.scratch(y.shape().elements() * type.bytes());
    }

    private static void settle(CudaPlan plan, Place result, DType type, Value y) {
        if (y.type() != type) {
            convert(plan, result, type, plan.at(y), y);
        }
    }

    private static void convert(CudaPlan plan, Place from, DType type, Place to, Value value) {
        long[] order = CudaPlan.natural(value.shape());
        MoveKernels.box(
                plan,
                MoveKernels.Side.of(from, type, order),
                MoveKernels.Side.of(to, value.type(), order),
                value.shape().array(),
                false);
    }

    private static Place bias(CudaPlan plan, Node node) {
        return node.inputs().size() < 3 ? null : plan.at(node.input(2));
    }

    /** Adds the library's kernels; false if it has none. The image is a or y, and is padded by us where cuDNN can't. */
    private static boolean library(
            CudaPlan plan, Cudnn.Direction direction, Geometry geometry, DType type, Place a, Place b, Place y) {
        CudaLibraries libraries = plan.gpu().libraries();
        if (libraries == null) {
            return false;
        }
        Geometry inner = geometry.symmetric() ? geometry : geometry.padded();
        var convolution = libraries.convolutions().new Convolution(direction, inner, type, plan.options());
        String chosen = libraries
                .choices()
                .choose(
                        direction + " " + inner + " " + type + " " + plan.options() + " "
                                + plan.gpu().card().name() + " " + libraries.versions(),
                        () -> {
                            Cudnn.Algorithm found =
                                    convolution.find(plan.options().deterministic());
                            return found == null ? NONE : found.toString();
                        });
        if (chosen.equals(NONE)) {
            return false;
        }
        Cudnn.Algorithm algorithm = Cudnn.Algorithm.parse(chosen);
        convolution.use(algorithm);
        boolean data = direction == Cudnn.Direction.DATA;
        Place image = data ? y : a;
        Place padded = geometry.symmetric() ? image : plan.scratch(inner.imageElements() * type.bytes());
        if (!geometry.symmetric() && !data) {
            plan.zero(padded, inner.imageElements() * type.bytes());
            MoveKernels.box(
                    plan, side(image, type, geometry), inside(padded, type, geometry, inner), sizes(geometry), false);
        }
        Place workspace = plan.scratch(algorithm.bytes());
        Place from = data ? a : padded;
        Place to = data ? padded : y;
        plan.add(
                "cudnn " + direction.name().toLowerCase(java.util.Locale.ROOT) + " algorithm " + algorithm.number(),
                () -> convolution.run(algorithm, from.address(), b.address(), to.address(), workspace.address()));
        if (!geometry.symmetric() && data) {
            MoveKernels.box(
                    plan, inside(padded, type, geometry, inner), side(image, type, geometry), sizes(geometry), false);
        }
        return true;
    }

    private static long[] sizes(Geometry g) {
        return new long[] {g.n(), g.c(), g.h(), g.w()};
    }

    private static MoveKernels.Side side(Place place, DType type, Geometry g) {
        return MoveKernels.Side.of(place, type, CudaPlan.natural(org.latent4j.compute.graph.Shape.of(sizes(g))));
    }

    private static MoveKernels.Side inside(Place place, DType type, Geometry g, Geometry padded) {
        return side(place, type, padded).from(0, 0, g.window().top(), g.window().left());
    }
}
