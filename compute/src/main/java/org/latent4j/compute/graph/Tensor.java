package org.latent4j.compute.graph;

import java.lang.ref.Reference;
import java.util.function.Supplier;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.latent4j.compute.ComputeException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A border of compiled networks: floats in native memory that tapes read or write.
 *
 * <p>Shapes are DL4J's, (N, F) or (N, C, H, W); in memory, images lie with their channels last, and {@link #array} is a view with the
 * strides that say so. Two networks share a tensor when one's output is the other's input. On a device, a {@link Mirror} of the whole
 * tensor follows it: take {@link #array} anew after each pass.
 *
 * <p>Throws {@link ComputeException} for arrays of another shape.
 */
public final class Tensor {
    private static final int ALIGNMENT = 64;

    private final Shape shape;
    private final INDArray rows; // (N, elements of a sample), in memory order
    private final FloatPointer memory;
    private final long elements;
    private final Tensor whole; // what this is a part of
    private Mirror mirror; // of the whole

    private Tensor(Shape shape, INDArray rows, Tensor whole) {
        this.shape = shape;
        this.elements = shape.elements();
        this.rows = rows;
        this.whole = whole == null ? this : whole;
        this.memory = new FloatPointer(new Address(address(rows)));
    }

    /** JavaCPP knows no public way to make a pointer of an address. */
    private static final class Address extends Pointer {
        Address(long address) {
            this.address = address;
        }
    }

    /** Zeros, aligned for vector loads. */
    public static Tensor zeros(Shape shape) {
        long spare = ALIGNMENT / Float.BYTES;
        INDArray memory = Nd4j.create(DataType.FLOAT, shape.elements() + spare);
        long misaligned = address(memory) % ALIGNMENT;
        long from = misaligned == 0 ? 0 : (ALIGNMENT - misaligned) / Float.BYTES;
        // Pages that nobody has written are all the same one, which is read faster than memory ever will be: that would
        // spoil timings.
        Pointer.memset(memory.data().pointer(), 0, memory.length() * Float.BYTES);
        INDArray part = memory.get(NDArrayIndex.interval(from, from + shape.elements()));
        return new Tensor(shape, part.reshape('c', shape.size(0), shape.elements() / shape.size(0)), null);
    }

    public Shape shape() {
        return shape;
    }

    /** Samples {@code from} to {@code to - 1}, as a view: for a network that fills or reads a part of another's minibatch. */
    public Tensor rows(long from, long to) {
        // As one row of numbers, because ND4J's intervals mistake the rows of a column for something else.
        long sample = rows.size(1);
        INDArray flat = rows.reshape(rows.length());
        INDArray part = flat.get(NDArrayIndex.interval(from * sample, to * sample));
        return new Tensor(shape.with(0, to - from), part.reshape(new long[] {to - from, sample}), whole);
    }

    /** What this tensor is a part of: itself, or what {@link #rows} was asked of. */
    public Tensor whole() {
        return whole;
    }

    /** The device's copy of the whole tensor, made on first use. */
    public Mirror mirror(Supplier<Mirror> make) {
        if (whole.mirror == null) {
            whole.mirror = make.get();
        }
        return whole.mirror;
    }

    /** Bytes from the start of the whole. */
    public long offset() {
        return address() - whole.address();
    }

    private void changed() {
        if (whole.mirror != null) {
            whole.mirror.hostChanged(offset(), shape.elements() * Float.BYTES);
        }
    }

    private void fetch() {
        if (whole.mirror != null) {
            whole.mirror.toHost();
        }
    }

    /** A view of the tensor's own memory in DL4J's shape: writing to it, before the next pass, writes to the tensor. */
    public INDArray array() {
        fetch();
        changed();
        return view();
    }

    private INDArray view() {
        if (shape.rank() != 4) {
            return rows.reshape('c', shape.array());
        }
        return rows.reshape('c', shape.size(0), shape.size(2), shape.size(3), shape.size(1))
                .permute(0, 3, 1, 2);
    }

    public void write(INDArray values) {
        requireElements(values.length());
        view().assign(values.reshape('c', shape.array()));
        changed();
    }

    /** Writes row-major values, images in (c, h, w) order. */
    public void write(float[] values) {
        if (shape.orderFree()) {
            put(values);
            return;
        }
        requireElements(values.length);
        INDArray ordered = Nd4j.createUninitialized(DataType.FLOAT, values.length);
        pointer(ordered).put(values, 0, values.length);
        write(ordered);
    }

    /** Reads row-major values, images in (c, h, w) order. */
    public float[] read() {
        float[] values = new float[Math.toIntExact(shape.elements())];
        if (shape.orderFree()) {
            get(values);
            return values;
        }
        fetch();
        INDArray ordered = view().dup('c');
        pointer(ordered).get(values, 0, values.length);
        Reference.reachabilityFence(ordered); // a pointer keeps no memory
        return values;
    }

    /** Writes values in memory order, images (h, w, c); allocates nothing. */
    public void put(float[] values) {
        requireElements(values.length);
        memory.put(values, 0, values.length);
        changed();
    }

    /** Reads values in memory order, images (h, w, c); allocates nothing. */
    public void get(float[] values) {
        requireElements(values.length);
        fetch();
        memory.get(values, 0, values.length);
    }

    /** Takes over the samples of another tensor, images or flat on either side. Allocates nothing if both lie alike in memory. */
    public void copy(Tensor from) {
        requireElements(from.elements);
        if (from.address() == address()) {
            return;
        }
        boolean onDevice = whole.mirror != null && from.whole.mirror != null;
        if (liesLike(from)) {
            long bytes = elements * Float.BYTES;
            if (onDevice) {
                whole.mirror.copy(offset(), from.whole.mirror, from.offset(), bytes);
                return;
            }
            from.fetch();
            Pointer.memcpy(memory, from.memory, bytes);
            changed();
        } else if (onDevice) {
            boolean toImages = shape.rank() == 4;
            Shape images = toImages ? shape : from.shape;
            whole.mirror.reorder(offset(), from.whole.mirror, from.offset(), images, toImages);
        } else {
            write(from.array().dup('c'));
        }
    }

    /** Whether the samples of another tensor of as many numbers lie in memory as these do. */
    private boolean liesLike(Tensor other) {
        return other.shape.rank() == 4 && shape.rank() == 4 || other.shape.orderFree() && shape.orderFree();
    }

    /** Of the first number on the host. */
    public long address() {
        return memory.address();
    }

    /** Address of an array's first element. */
    static long address(INDArray array) {
        return array.data().pointer().address() + (long) array.data().getElementSize() * array.offset();
    }

    /** Copying in bulk; ND4J's own conversions go number by number. */
    private static FloatPointer pointer(INDArray array) {
        return new FloatPointer(array.data().pointer()).position(array.offset());
    }

    private void requireElements(long length) {
        if (length != elements) {
            throw new ComputeException("a tensor of shape " + shape + " takes " + elements + " numbers, but got "
                    + length + "; compile for another batch size, or change the data's shape");
        }
    }
}
