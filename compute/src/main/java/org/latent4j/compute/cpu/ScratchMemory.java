package org.latent4j.compute.cpu;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** Native memory, aligned for vector loads, that grows and then loses what was in it; zero at first. */
final class ScratchMemory implements AutoCloseable {
    private static final long ALIGNMENT = 64;

    private BytePointer memory;
    private long capacity;

    /** Memory of at least so many bytes, a part of them more if it has to grow. */
    long address(long bytes, double more) {
        if (bytes > capacity) {
            close();
            capacity = (long) (bytes * (1 + more));
            memory = new BytePointer(capacity + ALIGNMENT);
            // Pages that nobody has written are all the same one, which is read faster than memory ever will be: that
            // would spoil timings.
            Pointer.memset(memory, 0, capacity + ALIGNMENT);
        }
        return (memory.address() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    long address(long bytes) {
        return address(bytes, 0);
    }

    @Override
    public void close() {
        if (memory != null) {
            memory.close();
            memory = null;
            capacity = 0;
        }
    }
}
