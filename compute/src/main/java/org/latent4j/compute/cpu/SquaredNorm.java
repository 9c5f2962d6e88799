package org.latent4j.compute.cpu;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.primitive_attr;
import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Shape;
import org.latent4j.compute.graph.Tensor;

/**
 * The sum of squares of a long vector: squares of a piece that stays in the cache, their sums by columns as a product with ones, and the sum
 * of these. The library's own product of a vector with itself uses one lane of a register.
 */
final class SquaredNorm {
    private static final long COLUMNS = 256;

    private final FlatKernels flat;
    private final FloatMemory result;

    /** Adds the kernels to a chain. */
    SquaredNorm(FlatKernels flat, FlatKernels.Flat numbers, long count) {
        this.flat = flat;
        Array sums = zeros(COLUMNS);
        Array squares = zeros(FlatKernels.PIECE);
        boolean[] first = {true};
        flat.inPieces(count, (kernels, from, length) -> {
            // What is behind the last piece's end stays zero.
            Array padded = length == FlatKernels.PIECE ? squares : zeros((length + COLUMNS - 1) / COLUMNS * COLUMNS);
            Array piece = numbers.piece(from, length);
            flat.multiply(piece, piece, padded.view(piece.desc()));
            long rows = padded.desc().get_dims().get(0) / COLUMNS;
            product(ones(rows), rows, padded, COLUMNS, sums, !first[0]);
            first[0] = false;
        });
        Array total = FlatKernels.cell(DType.F32);
        product(sums, COLUMNS, ones(COLUMNS), 1, total, false);
        result = new FloatMemory(total);
    }

    /** After the chain has run. */
    double value() {
        return result.get(0);
    }

    /** y (1, columns) = a (1, rows) b (rows, columns), or added to what is there. */
    private void product(Array a, long rows, Array b, long columns, Array y, boolean add) {
        Array row = a.view(Dnnl.matrix(DType.F32, 1, rows));
        Array matrix = b.view(Dnnl.matrix(DType.F32, rows, columns));
        Array sum = y.view(Dnnl.matrix(DType.F32, 1, columns));
        primitive_attr attributes = add ? new PostOps().sum(1).attributes() : Dnnl.attributes();
        var description =
                new matmul.primitive_desc(Dnnl.ENGINE, row.desc(), matrix.desc(), sum.desc(), attributes, false);
        flat.run(new Dnnl.Arguments()
                .with(DNNL_ARG_SRC, row)
                .with(DNNL_ARG_WEIGHTS, matrix)
                .with(DNNL_ARG_DST, sum)
                .call(description, new matmul(description), flat.workspace()));
    }

    private static Array zeros(long count) {
        Tensor memory = Tensor.zeros(Shape.of(1, count));
        return Block.fixed(memory.address(), memory).array(Dnnl.vector(DType.F32, count), 0);
    }

    private static Array ones(long count) {
        Array array = zeros(count);
        FloatMemory memory = new FloatMemory(array);
        for (long i = 0; i < count; i++) {
            memory.put(i, 1);
        }
        return array;
    }
}
