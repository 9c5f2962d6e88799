package org.latent4j.compute.cpu;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.matmul;
import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Shape;
import org.latent4j.compute.graph.Tensor;

/**
 * The sum of squares of a long vector, in one pass over it: the vector is cut into rows, a batch of products takes each with itself, and the
 * sums of the rows are added up in double precision. A product of the whole vector with itself would use one lane of a register.
 */
final class SquaredNorm {
    private static final long ROW = 2048;

    private final FlatKernels flat;
    private final List<Sums> parts = new ArrayList<>();

    private record Sums(FloatMemory memory, long count) {}

    /** Adds the kernels to a chain. */
    SquaredNorm(FlatKernels flat, FlatKernels.Flat numbers, long count) {
        this.flat = flat;
        long rows = count / ROW;
        if (rows > 0) {
            add(numbers.piece(0, rows * ROW), rows, ROW);
        }
        if (count % ROW > 0) {
            add(numbers.piece(rows * ROW, count % ROW), 1, count % ROW);
        }
    }

    private void add(Array numbers, long rows, long length) {
        Tensor memory = Tensor.zeros(Shape.of(1, rows));
        Array sums = Block.fixed(memory.address(), memory)
                .array(Dnnl.desc(DType.F32, new long[] {rows, 1, 1}, new long[] {1, 1, 1}), 0);
        Array across = numbers.view(Dnnl.desc(DType.F32, new long[] {rows, 1, length}, new long[] {length, length, 1}));
        Array down = numbers.view(Dnnl.desc(DType.F32, new long[] {rows, length, 1}, new long[] {length, 1, 1}));
        var description = new matmul.primitive_desc(
                Dnnl.ENGINE, across.desc(), down.desc(), sums.desc(), Dnnl.attributes(), false);
        flat.run(new Dnnl.Arguments()
                .with(DNNL_ARG_SRC, across)
                .with(DNNL_ARG_WEIGHTS, down)
                .with(DNNL_ARG_DST, sums)
                .call(description, new matmul(description), flat.workspace()));
        parts.add(new Sums(new FloatMemory(sums), rows));
    }

    /** After the chain has run. */
    double value() {
        double sum = 0;
        for (Sums part : parts) {
            for (long i = 0; i < part.count(); i++) {
                sum += part.memory().get(i);
            }
        }
        return sum;
    }
}
