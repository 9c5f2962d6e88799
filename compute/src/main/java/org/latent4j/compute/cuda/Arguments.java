package org.latent4j.compute.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/** The arguments of one launch, in the kernel's order. Addresses are looked up when they are first needed. */
final class Arguments {
    private static final int ALIGNMENT = 16;

    private final List<Object> values = new ArrayList<>();
    private BytePointer memory;
    private PointerPointer<Pointer> pointers;

    /** An address; none is the null pointer. */
    Arguments at(Place place) {
        values.add(place == null ? (Place) () -> 0 : place);
        return this;
    }

    Arguments number(long value) {
        values.add(value);
        return this;
    }

    Arguments integer(long value) {
        values.add(Math.toIntExact(value));
        return this;
    }

    Arguments flag(boolean value) {
        values.add(value ? 1 : 0);
        return this;
    }

    Arguments real(double value) {
        values.add((float) value);
        return this;
    }

    Arguments precise(double value) {
        values.add(value);
        return this;
    }

    /** A structure of numbers of 32 bits, by value. */
    Arguments integers(long... fields) {
        ByteBuffer bytes = ByteBuffer.allocate(fields.length * Integer.BYTES).order(ByteOrder.nativeOrder());
        for (long field : fields) {
            bytes.putInt(Math.toIntExact(field));
        }
        values.add(bytes.array());
        return this;
    }

    /** A structure of numbers of 64 bits, by value. */
    Arguments numbers(long... fields) {
        ByteBuffer bytes = ByteBuffer.allocate(fields.length * Long.BYTES).order(ByteOrder.nativeOrder());
        for (long field : fields) {
            bytes.putLong(field);
        }
        values.add(bytes.array());
        return this;
    }

    List<Object> values() {
        return List.copyOf(values);
    }

    /** What a launch takes: a pointer to each argument. */
    PointerPointer<Pointer> pointers() {
        if (pointers == null) {
            List<byte[]> all = values.stream().map(Arguments::bytes).toList();
            long total = all.stream().mapToLong(Arguments::room).sum();
            memory = new BytePointer(total + ALIGNMENT);
            long base = (memory.address() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT - memory.address();
            PointerPointer<Pointer> made = new PointerPointer<>(all.size());
            for (int i = 0; i < all.size(); i++) {
                memory.position(base).put(all.get(i), 0, all.get(i).length);
                made.put(i, Address.of(memory.position(0).address() + base));
                base += room(all.get(i));
            }
            pointers = made;
        }
        return pointers;
    }

    private static long room(byte[] bytes) {
        return (bytes.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private static byte[] bytes(Object value) {
        ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
        if (value instanceof byte[] structure) {
            return structure;
        } else if (value instanceof Place place) {
            return buffer.putLong(place.address()).array();
        } else if (value instanceof Long number) {
            return buffer.putLong(number).array();
        } else if (value instanceof Integer number) {
            return buffer.putInt(number).array();
        } else if (value instanceof Float number) {
            return buffer.putFloat(number).array();
        } else {
            return buffer.putDouble((Double) value).array();
        }
    }
}
