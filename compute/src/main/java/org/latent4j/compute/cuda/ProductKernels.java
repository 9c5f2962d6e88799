package org.latent4j.compute.cuda;

import org.latent4j.compute.graph.Activation;
import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Role;
import org.latent4j.compute.graph.Value;

/** Matrix products: by cuBLASLt, or tile by tile where it has no algorithm. */
final class ProductKernels {
    private static final int TILE = 16;
    private static final int TIMED = 4;
    private static final int RUNS = 3;
    private static final int MOST_ALIGNMENT = 16;

    private ProductKernels() {}

    /** A factor or result: rows and columns with the steps from one to the next. */
    private record Side(
            Place place, DType type, long rows, long columns, long rowStep, long columnStep, int alignment) {
        Side transposed() {
            return new Side(place, type, columns, rows, columnStep, rowStep, alignment);
        }

        CublasLt.Operand operand() {
            return operand(alignment);
        }

        CublasLt.Operand operand(int mostAlignment) {
            return new CublasLt.Operand(
                    type == DType.BF16 ? CublasLt.Numbers.BF16 : CublasLt.Numbers.F32,
                    rows,
                    columns,
                    // A single row or column can have any step; the library wants one that its length fits into.
                    rows == 1 && columnStep == 1 ? columns : rowStep,
                    columns == 1 && rowStep == 1 ? rows : columnStep,
                    Math.min(alignment, mostAlignment));
        }
    }

    private static Side side(CudaPlan plan, Value value, DType wanted) {
        boolean copied = value.role() == Role.PARAM && wanted != DType.F32;
        long[] steps = copied ? CudaPlan.natural(value.shape()) : plan.strides(value);
        return new Side(
                copied ? plan.derived(value, wanted) : plan.at(value),
                copied ? wanted : value.type(),
                value.shape().size(0),
                value.shape().size(1),
                steps[0],
                steps[1],
                copied ? MOST_ALIGNMENT : plan.alignment(value));
    }

    static void product(CudaPlan plan, Op.MatMul op, Node node) {
        Value y = node.output(0);
        DType type = node.input(0).role() == Role.PARAM
                ? node.input(1).type()
                : node.input(0).type();
        Side a = side(plan, node.input(0), type);
        Side b = side(plan, node.input(1), type);
        a = op.transposeA() ? a.transposed() : a;
        b = op.transposeB() ? b.transposed() : b;
        Place bias = node.inputs().size() < 3 ? null : plan.at(node.input(2));
        boolean add = y.role() == Role.PARAM_GRADIENT && plan.accumulates();
        Side result = side(plan, y, y.type());
        if (!library(plan, a, b, result, bias, op.activation(), add, node)) {
            own(plan, a, b, result, bias, op.activation(), add);
        }
    }

    private static void own(CudaPlan plan, Side a, Side b, Side y, Place bias, Activation function, boolean add) {
        plan.launch(
                KernelName.of(
                        "product",
                        "product",
                        "A=" + CudaPlan.type(a.type()),
                        "B=" + CudaPlan.type(b.type()),
                        "Y=" + CudaPlan.type(y.type())),
                Grid.tiles((y.columns() + TILE - 1) / TILE, (y.rows() + TILE - 1) / TILE, TILE, TILE),
                new Arguments()
                        .at(a.place())
                        .at(b.place())
                        .at(bias)
                        .at(y.place())
                        .integer(y.rows())
                        .integer(y.columns())
                        .integer(a.columns())
                        .numbers(a.rowStep(), a.columnStep(), b.rowStep(), b.columnStep(), y.rowStep(), y.columnStep())
                        .integer(function.kind().ordinal())
                        .real(function.alpha())
                        .flag(add));
    }

    /** Adds the library's product; false if it has none. */
    private static boolean library(
            CudaPlan plan, Side a, Side b, Side y, Place bias, Activation function, boolean add, Node node) {
        Value result = node.output(0);
        int biasAlignment = bias == null ? MOST_ALIGNMENT : plan.alignment(node.input(2));
        CudaLibraries libraries = plan.gpu().libraries();
        CublasLt.Operand left = a.operand();
        CublasLt.Operand right = b.operand();
        CublasLt.Operand target = y.operand(biasAlignment);
        boolean plain = libraries != null
                && (left.byRows() || left.byColumns())
                && (right.byRows() || right.byColumns())
                && (target.byRows() || target.byColumns());
        if (!plain) {
            return false;
        }
        // The library takes biases in the result's type only.
        boolean exact = y.type() == DType.F32 && a.type() == DType.F32 && target.byRows();
        boolean biased = exact && bias != null;
        boolean relu = exact && function.kind() == Activation.Kind.RELU;
        var product = libraries.products().new Product(left, right, target, add, biased, relu, plan.options());
        if (product.algorithms() == 0) {
            return false;
        }
        Place workspace = plan.scratch(CublasLt.WORKSPACE_BYTES);
        int[] chosen = new int[1];
        plan.whenPlaced(() -> {
            String key = left + " " + right + " " + target + " " + biased + relu + add + plan.options() + " "
                    + plan.gpu().card().name() + " " + libraries.versions();
            chosen[0] = Math.min(
                    product.algorithms() - 1,
                    Integer.parseInt(libraries
                            .choices()
                            .choose(key, () -> String.valueOf(fastest(plan, product, a, b, y, bias, workspace)))));
        });
        plan.add(
                "cublasLt" + (biased ? " + bias" : "") + (relu ? " + relu" : ""),
                () -> product.run(
                        chosen[0],
                        a.place().address(),
                        b.place().address(),
                        y.place().address(),
                        biased ? bias.address() : 0,
                        workspace.address()));
        if (target.byRows() && result.role() != Role.PARAM_GRADIENT) {
            ElementKernels.biasActivate(plan, result, biased ? null : bias, relu ? Activation.IDENTITY : function);
        }
        return true;
    }

    /** Timed where it will run: what is written there is overwritten before anybody reads it. */
    private static int fastest(
            CudaPlan plan, CublasLt.Product product, Side a, Side b, Side y, Place bias, Place workspace) {
        int best = 0;
        double least = Double.MAX_VALUE;
        for (int i = 0; i < Math.min(TIMED, product.algorithms()); i++) {
            int algorithm = i;
            for (int run = 0; run <= RUNS; run++) {
                double time = plan.gpu()
                        .milliseconds(() -> product.run(
                                algorithm,
                                a.place().address(),
                                b.place().address(),
                                y.place().address(),
                                bias == null ? 0 : bias.address(),
                                workspace.address()));
                if (run > 0 && time < least) {
                    least = time;
                    best = algorithm;
                }
            }
        }
        return best;
    }
}
