package org.latent4j.compute.cpu;

import org.bytedeco.dnnl.memory;
import org.latent4j.compute.graph.Shape;
import org.latent4j.compute.graph.Tensor;

/** Scratch memory that the operations of a tape share, one after the other. It grows while a plan is prepared. */
final class Workspace {
    private static final long ALIGNMENT = 64;

    private final Block block = Block.movable();
    private long capacity;
    private long used;

    /** A new operation begins: all of the memory is free again. */
    void begin() {
        used = 0;
    }

    /** Bytes that are taken. */
    long used() {
        return used;
    }

    /** What was taken since {@code bytes} were is free again. */
    void free(long bytes) {
        used = bytes;
    }

    Array take(memory.desc desc) {
        long offset = used;
        used += (desc.get_size() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        if (used > capacity) {
            capacity = used;
            Tensor memory = Tensor.zeros(Shape.of(1, capacity / Float.BYTES));
            block.moveTo(memory.address(), memory);
        }
        return block.array(desc, offset);
    }
}
