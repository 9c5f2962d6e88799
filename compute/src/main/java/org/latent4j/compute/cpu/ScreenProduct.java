package org.latent4j.compute.cpu;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.latent4j.compute.graph.DType;

/** One worker's calls for a {@link Screen}: packs blocks of points, and multiplies them by chunks of centres. */
final class ScreenProduct {
    private final DType type;
    private final int depth;
    private final Workspace workspace = new Workspace();
    private final Points.Buffer buffer = new Points.Buffer();
    private final memory.desc packedFormat;
    private final Block packed = Block.movable();
    private final Block centres = Block.movable();
    private final Native scores = new Native((long) Screen.CHUNK * Screen.LANES * Float.BYTES);
    private final Map<Integer, Dnnl.Call> products = new HashMap<>();
    private final String implementation;
    private float[] plainFloats;
    private short[] plainShorts;
    private Native plain;
    private Native spare;
    private Dnnl.Call packing;

    ScreenProduct(Screen screen) {
        this.type = screen.type();
        this.depth = screen.depth();
        var description = description(Screen.CHUNK, Dnnl.any(type, depth, Screen.LANES));
        this.packedFormat = new memory.desc(description.weights_desc());
        this.implementation = description.impl_info_str().getString();
    }

    private matmul.primitive_desc description(int rows, memory.desc pointsFormat) {
        return new matmul.primitive_desc(
                Dnnl.ENGINE,
                Dnnl.matrix(type, rows, depth),
                pointsFormat,
                Dnnl.matrix(DType.F32, rows, Screen.LANES),
                Dnnl.attributes(),
                false);
    }

    /** Bytes of a packed block, and of the way to the next. */
    long blockBytes() {
        return (packedFormat.get_size() + 63) / 64 * 64;
    }

    /** Where a block lies that is not kept. */
    long spareBlock() {
        if (spare == null) {
            spare = new Native(blockBytes());
        }
        return spare.address();
    }

    Points.Buffer buffer() {
        return buffer;
    }

    float[] plainBlock() {
        if (plainFloats == null) {
            plainFloats = new float[depth * Screen.LANES];
        }
        return plainFloats;
    }

    short[] plainShorts() {
        if (plainShorts == null) {
            plainShorts = new short[depth * Screen.LANES];
        }
        return plainShorts;
    }

    long plainAddress() {
        if (plain == null) {
            plain = new Native((long) depth * Screen.LANES * type.bytes());
        }
        return plain.address();
    }

    /** Packs the plain block. */
    void packTo(long address) {
        packed.moveTo(address, null);
        if (packing == null) {
            memory.desc from = Dnnl.matrix(type, depth, Screen.LANES);
            var description =
                    new reorder.primitive_desc(Dnnl.ENGINE, from, Dnnl.ENGINE, packedFormat, Dnnl.attributes(), false);
            packing = new Dnnl.Arguments()
                    .with(DNNL_ARG_FROM, Block.fixed(plainAddress(), plain).array(from, 0))
                    .with(DNNL_ARG_TO, packed.array(packedFormat, 0))
                    .call(description, new reorder(description), workspace);
        }
        packing.run();
    }

    /** The rows that a product of {@code count} centres has. */
    int rows(int count) {
        for (int rows = 16; rows < Screen.CHUNK; rows *= 2) {
            if (rows >= count
                    && description(rows, packedFormat)
                            .impl_info_str()
                            .getString()
                            .equals(implementation)) {
                return rows;
            }
        }
        return Screen.CHUNK;
    }

    /** Multiplies the centres at one address by the packed points at another. */
    void multiply(int rows, long centresAddress, long packedAddress) {
        packed.moveTo(packedAddress, null);
        centres.moveTo(centresAddress, null);
        products.computeIfAbsent(rows, this::product).run();
    }

    private Dnnl.Call product(int rows) {
        var description = description(rows, packedFormat);
        return new Dnnl.Arguments()
                .with(DNNL_ARG_SRC, centres.array(Dnnl.matrix(type, rows, depth), 0))
                .with(DNNL_ARG_WEIGHTS, packed.array(packedFormat, 0))
                .with(
                        DNNL_ARG_DST,
                        Block.fixed(scores.address(), scores).array(Dnnl.matrix(DType.F32, rows, Screen.LANES), 0))
                .call(description, new matmul(description), workspace);
    }

    /** The bits of the scores of the last product's first {@code count} centres. */
    void read(int count, int[] bits, int at) {
        new IntPointer(Block.pointer(scores.address())).get(bits, at, count * Screen.LANES);
    }

    FloatBuffer scores() {
        return scores.floats();
    }

    /** Memory of its own, aligned for vector loads. */
    static final class Native {
        private final BytePointer memory;

        Native(long bytes) {
            memory = new BytePointer(bytes + 64);
            memory.position((64 - memory.address() % 64) % 64);
        }

        long address() {
            return memory.address() + memory.position();
        }

        FloatBuffer floats() {
            return memory.asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
        }
    }
}
