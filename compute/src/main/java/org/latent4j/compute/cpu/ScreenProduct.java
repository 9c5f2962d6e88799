package org.latent4j.compute.cpu;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_inference;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_max;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_forward;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.latent4j.compute.graph.DType;

/**
 * One worker's calls for a {@link Screen}: packs blocks of points, multiplies them by chunks of centres, and takes maxima of the scores.
 *
 * <p>Scores are rows of {@link Screen#LANES} numbers, one for each centre; centre {@link #GRID} r + c is at row r and column c of a grid.
 */
final class ScreenProduct {
    /** Columns of the grid. */
    static final int GRID = 16;

    private final DType type;
    private final int depth;
    private final int columns;
    private final Workspace workspace = new Workspace();
    private final Points.Buffer buffer = new Points.Buffer();
    private final memory.desc packedFormat;
    private final Block packed = Block.movable();
    private final Block centres = Block.movable();
    private final Native scores = new Native((long) Screen.CHUNK * Screen.LANES * Float.BYTES);
    private final Native rowMaxima = new Native((long) Screen.CHUNK / GRID * Screen.LANES * Float.BYTES);
    private final Native columnMaxima = new Native((long) GRID * Screen.LANES * Float.BYTES);
    private final Map<Integer, Integer> rowsOf = new HashMap<>();
    private final Map<Integer, Dnnl.Call> products = new HashMap<>();
    private final Map<Integer, Dnnl.Call> poolsOfRows = new HashMap<>();
    private final Map<Integer, Dnnl.Call> poolsOfColumns = new HashMap<>();
    private final String implementation;
    private Plain plain;
    private Native plainMemory;
    private Native spare;
    private Dnnl.Call packing;

    ScreenProduct(Screen screen) {
        this.type = screen.type();
        this.depth = screen.depth();
        this.columns = screen.columns();
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

    /**
     * A block before it is packed, point by point.
     *
     * @param numbers shifted and scaled points
     * @param first the first part of each number
     * @param rows as the product takes them, zeros at first
     */
    record Plain(float[] numbers, float[] first, float[] rows) {}

    Plain plain() {
        if (plain == null) {
            plain = new Plain(
                    new float[columns * Screen.LANES],
                    new float[columns * Screen.LANES],
                    new float[depth * Screen.LANES]);
            plainMemory = new Native((long) depth * Screen.LANES * Float.BYTES);
        }
        return plain;
    }

    /** Packs the rows of the plain block. */
    void packTo(long address) {
        new FloatPointer(Block.pointer(plainMemory.address())).put(plain.rows(), 0, plain.rows().length);
        packed.moveTo(address, null);
        if (packing == null) {
            memory.desc from = Dnnl.desc(DType.F32, new long[] {depth, Screen.LANES}, new long[] {1, depth});
            var description =
                    new reorder.primitive_desc(Dnnl.ENGINE, from, Dnnl.ENGINE, packedFormat, Dnnl.attributes(), false);
            packing = new Dnnl.Arguments()
                    .with(
                            DNNL_ARG_FROM,
                            Block.fixed(plainMemory.address(), plainMemory).array(from, 0))
                    .with(DNNL_ARG_TO, packed.array(packedFormat, 0))
                    .call(description, new reorder(description), workspace);
        }
        packing.run();
    }

    /** The rows that a product of {@code count} centres has. */
    int rows(int count) {
        return rowsOf.computeIfAbsent(count, this::findRows);
    }

    private int findRows(int count) {
        for (int rows = GRID; rows < Screen.CHUNK; rows *= 2) {
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

    /** The maxima of the last product's scores over each row and each column of the grid. */
    void takeMaxima(int rows) {
        poolsOfRows
                .computeIfAbsent(rows, r -> pool(r / GRID, 1, GRID, rowMaxima))
                .run();
        poolsOfColumns
                .computeIfAbsent(rows, r -> pool(r / GRID, r / GRID, 1, columnMaxima))
                .run();
    }

    private Dnnl.Call pool(int height, int windowHeight, int windowWidth, Native to) {
        memory.desc from = grid(height, GRID);
        memory.desc into = grid(height / windowHeight, GRID / windowWidth);
        long[] window = {windowHeight, windowWidth};
        long[] none = {0, 0};
        var description = new pooling_forward.primitive_desc(
                Dnnl.ENGINE,
                dnnl_forward_inference,
                dnnl_pooling_max,
                from,
                into,
                window,
                window,
                none,
                none,
                none,
                Dnnl.attributes(),
                false);
        return new Dnnl.Arguments()
                .with(DNNL_ARG_SRC, Block.fixed(scores.address(), scores).array(from, 0))
                .with(DNNL_ARG_DST, Block.fixed(to.address(), to).array(into, 0))
                .call(description, new pooling_forward(description), workspace);
    }

    /** An image whose channels are the lanes. */
    private static memory.desc grid(int height, int width) {
        return Dnnl.desc(DType.F32, new long[] {1, Screen.LANES, height, width}, new long[] {
            (long) height * width * Screen.LANES, 1, (long) width * Screen.LANES, Screen.LANES
        });
    }

    FloatBuffer scores() {
        return scores.floats();
    }

    Native rowMaxima() {
        return rowMaxima;
    }

    Native columnMaxima() {
        return columnMaxima;
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

        void read(int[] bits, int at, int count) {
            new IntPointer(Block.pointer(address())).get(bits, at, count);
        }

        void read(float[] numbers, int count) {
            new FloatPointer(Block.pointer(address())).get(numbers, 0, count);
        }

        void write(int[] bits, int count) {
            new IntPointer(Block.pointer(address())).put(bits, 0, count);
        }

        FloatBuffer floats() {
            return memory.asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
        }
    }
}
