package org.latent4j.compute.cuda;

import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.LongPointer;
import org.latent4j.compute.ComputeException;
import org.latent4j.compute.Philox;
import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Parameters;
import org.latent4j.compute.graph.Value;

/** What is done row by row, tables, dropout, losses. */
final class RowKernels {
    /** Dropout layers of one network; each takes every so many-th stream. */
    private static final int STREAMS = 1 << 10;

    private RowKernels() {}

    private static Grid rows(long rows) {
        return Grid.blocks(Math.min(rows, 1 << 16));
    }

    private static long columns(Value value) {
        return value.shape().elements() / value.shape().size(0);
    }

    static void softmax(CudaPlan plan, Op.Softmax op, Node node) {
        Value x = node.input(0);
        long channels = x.shape().size(1);
        long rows = x.shape().elements() / channels;
        plan.launch(
                KernelName.of("rows", "softmax", CudaPlan.t(x)),
                rows(rows),
                new Arguments()
                        .at(plan.at(x))
                        .at(plan.at(node.output(0)))
                        .number(rows)
                        .integer(channels));
    }

    static void softmaxGradient(CudaPlan plan, Op.SoftmaxGradient op, Node node) {
        Value y = node.input(0);
        long channels = y.shape().size(1);
        long rows = y.shape().elements() / channels;
        plan.launch(
                KernelName.of("rows", "softmax_gradient", CudaPlan.t(y)),
                rows(rows),
                new Arguments()
                        .at(plan.at(y))
                        .at(plan.at(node.input(1)))
                        .at(plan.at(node.output(0)))
                        .number(rows)
                        .integer(channels));
    }

    static void normalize(CudaPlan plan, Op.Normalize op, Node node) {
        rowByRow(plan, "unit_rows", node, arguments -> arguments.precise(op.epsilon()));
    }

    static void normalizeGradient(CudaPlan plan, Op.NormalizeGradient op, Node node) {
        rowByRow(plan, "unit_rows_gradient", node, arguments -> arguments.precise(op.epsilon()));
    }

    static void layerNorm(CudaPlan plan, Op.LayerNorm op, Node node) {
        rowByRow(plan, "layer_norm", node, arguments -> arguments);
    }

    static void layerNormGradient(CudaPlan plan, Op.LayerNormGradient op, Node node) {
        rowByRow(plan, "layer_norm_gradient", node, arguments -> arguments);
    }

    /** All inputs, the result, and how many rows and columns they have. */
    private static void rowByRow(CudaPlan plan, String function, Node node, UnaryOperator<Arguments> more) {
        Value x = node.input(0);
        Arguments arguments = new Arguments();
        node.inputs().forEach(input -> arguments.at(plan.at(input)));
        arguments.at(plan.at(node.output(0))).number(x.shape().size(0)).number(columns(x));
        plan.launch(
                KernelName.of("rows", function, CudaPlan.t(x)), rows(x.shape().size(0)), more.apply(arguments));
    }

    static void lookup(CudaPlan plan, Op.Lookup op, Node node) {
        Value table = node.input(1);
        Value y = node.output(0);
        Parameters.Place place = plan.place(table);
        DeviceMemory bad = new DeviceMemory(plan.gpu(), Long.BYTES);
        plan.launch(
                KernelName.of("rows", "lookup", CudaPlan.t(y)),
                Grid.over(y.shape().elements()),
                new Arguments()
                        .at(plan.at(node.input(0)))
                        .at(plan.at(table))
                        .at(plan.at(y))
                        .number(y.shape().size(0))
                        .number(y.shape().size(1))
                        .number(table.shape().size(0))
                        .number(place.strides().get(0))
                        .number(place.strides().get(1))
                        .at(Place.of(bad)));
        long rows = y.shape().size(0);
        plan.check(() -> requireNone(plan.gpu(), bad, rows, table));
    }

    private static void requireNone(Gpu gpu, DeviceMemory bad, long rows, Value table) {
        try (LongPointer told = new LongPointer(1)) {
            gpu.download(told.address(), bad.address(), Long.BYTES);
            long found = told.get();
            if (found != 0) {
                gpu.zero(bad.address(), Long.BYTES);
                throw new ComputeException("sample " + (rows - (found >>> 32)) + " has index " + (int) found + ", but "
                        + table.name() + " has rows 0 to " + (table.shape().size(0) - 1));
            }
        }
    }

    static void lookupGradient(CudaPlan plan, Op.LookupGradient op, Node node) {
        Value dy = node.input(1);
        Value table = node.output(0);
        Parameters.Place place = plan.place(table);
        plan.launch(
                KernelName.of("rows", "lookup_gradient", CudaPlan.t(dy)),
                Grid.over(table.shape().elements()),
                new Arguments()
                        .at(plan.at(node.input(0)))
                        .at(plan.at(dy))
                        .at(plan.at(table))
                        .number(dy.shape().size(0))
                        .number(dy.shape().size(1))
                        .number(table.shape().size(0))
                        .number(place.strides().get(0))
                        .number(place.strides().get(1))
                        .flag(plan.accumulates()));
    }

    static void dropoutFactors(CudaPlan plan, Op.DropoutFactors op, Node node) {
        draw(plan, "dropout", node.output(0), op.layer(), arguments -> arguments
                .real(1 / op.keep())
                .precise(op.keep() * 0x1.0p32));
    }

    static void normals(CudaPlan plan, Op.Normals op, Node node) {
        draw(plan, "normals", node.output(0), op.layer(), arguments -> arguments);
    }

    /** Four numbers at once, as Philox gives them. */
    private static void draw(CudaPlan plan, String function, Value y, int layer, UnaryOperator<Arguments> more) {
        long n = y.shape().elements();
        plan.launch(
                KernelName.of("rows", function, CudaPlan.t(y)),
                Grid.over((n + 3) / 4),
                more.apply(new Arguments()
                        .at(plan.at(y))
                        .number(n)
                        .at(plan.noise())
                        .integer(Philox.Purpose.NETWORK_NOISE.code())
                        .number(STREAMS)
                        .integer(layer)));
    }

    static void loss(CudaPlan plan, Op.Loss op, Node node) {
        Value outputs = node.input(0);
        double scale =
                switch (op.kind()) {
                    case MEAN_SQUARE, MEAN_ABSOLUTE, WASSERSTEIN ->
                        1.0 / outputs.shape().size(1);
                    default -> 1;
                };
        plan.launch(
                KernelName.of("rows", "loss", "T=float"),
                Grid.blocks(1),
                new Arguments()
                        .at(plan.at(outputs))
                        .at(plan.at(node.input(1)))
                        .at(plan.at(node.output(0)))
                        .at(plan.at(node.output(1)))
                        .number(outputs.shape().elements())
                        .integer(op.kind().ordinal())
                        .precise(op.clip())
                        .precise(scale));
    }
}
