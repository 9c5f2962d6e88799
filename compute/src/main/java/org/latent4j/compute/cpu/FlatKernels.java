package org.latent4j.compute.cpu;

import static org.bytedeco.dnnl.global.dnnl.*;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.memory;
import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Kernel;
import org.latent4j.compute.graph.Shape;
import org.latent4j.compute.graph.Tensor;

/** Chains of element-by-element operations on long vectors, in pieces that stay in the cache from one operation to the next. */
final class FlatKernels {
    static final long PIECE = 1 << 18;
    /** Vectors that one operation reads and writes. */
    private static final double OPERANDS = 3;

    /** Numbers of one flat vector; the offset counts floats. */
    record Flat(Block block, long offset) {
        Flat from(long start) {
            return new Flat(block, offset + start);
        }

        Array piece(long from, long count) {
            return block.array(Dnnl.vector(DType.F32, count), (offset + from) * Float.BYTES);
        }
    }

    /** Builds the chain for one piece. */
    interface Chain {
        void build(FlatKernels kernels, long from, long count);
    }

    private final List<Kernel> kernels = new ArrayList<>();
    private final Workspace workspace = new Workspace();

    /** All of it, one after the other. */
    Kernel chain() {
        Kernel[] all = kernels.toArray(Kernel[]::new);
        return () -> {
            for (Kernel kernel : all) {
                kernel.run();
            }
        };
    }

    void inPieces(long count, Chain chain) {
        for (long from = 0; from < count; from += PIECE) {
            long start = from;
            long piece = Math.min(PIECE, count - from);
            Dnnl.prepare(0, OPERANDS * piece * Float.BYTES, () -> chain.build(this, start, piece));
        }
    }

    /** A number that is computed anew before the kernels that follow run. */
    Array scalar(DoubleSupplier value) {
        Array array = cell(DType.F32);
        FloatMemory memory = new FloatMemory(array);
        kernels.add(() -> memory.put(0, (float) value.getAsDouble()));
        return array;
    }

    static Array constant(double value) {
        Array array = cell(DType.F32);
        new FloatMemory(array).put(0, (float) value);
        return array;
    }

    /** Memory that is nobody's between two operations. */
    static Flat scratch(long count) {
        Tensor memory = Tensor.zeros(Shape.of(1, count));
        return new Flat(Block.fixed(memory.address(), memory), 0);
    }

    static Array cell(DType type) {
        Tensor memory = Tensor.zeros(Shape.of(1, 1));
        return Block.fixed(memory.address(), memory).array(Dnnl.vector(type, 1), 0);
    }

    /** dst = post-operations of (a op b); the second operand may be one number. */
    void binary(int algorithm, Array a, Array b, Array dst, Dnnl.Arguments arguments, PostOps post) {
        memory.desc format = dst.desc();
        var description =
                new binary.primitive_desc(Dnnl.ENGINE, algorithm, a.desc(), b.desc(), format, post.attributes(), false);
        kernels.add(arguments
                .with(DNNL_ARG_SRC_0, a)
                .with(DNNL_ARG_SRC_1, b)
                .with(DNNL_ARG_DST, dst)
                .call(description, new binary(description), workspace));
    }

    void multiply(Array a, Array b, Array dst) {
        Dnnl.Arguments arguments = new Dnnl.Arguments();
        binary(dnnl_binary_mul, a, b, dst, arguments, new PostOps(arguments));
    }

    /** dst = a b + scale dst. */
    void multiplyAdd(Array a, Array b, double scale, Array dst) {
        Dnnl.Arguments arguments = new Dnnl.Arguments();
        binary(dnnl_binary_mul, a, b, dst, arguments, new PostOps(arguments).sum(scale));
    }

    /** dst = factor a a + scale dst. */
    void squareAdd(Array a, double factor, double scale, Array dst) {
        Dnnl.Arguments arguments = new Dnnl.Arguments();
        binary(
                dnnl_binary_mul,
                a,
                a,
                dst,
                arguments,
                new PostOps(arguments).eltwise(dnnl_eltwise_linear, factor, 0).sum(scale));
    }

    /** dst = factor a a + scale dst. */
    void squareAdd(Array a, Array factor, double scale, Array dst) {
        Dnnl.Arguments arguments = new Dnnl.Arguments();
        binary(
                dnnl_binary_mul,
                a,
                a,
                dst,
                arguments,
                new PostOps(arguments).binary(dnnl_binary_mul, factor).sum(scale));
    }

    void run(Kernel kernel) {
        kernels.add(kernel);
    }

    Workspace workspace() {
        return workspace;
    }
}
