package org.latent4j.compute.cpu;

import org.bytedeco.dnnl.memory;

/** Scratch memory that the operations of a tape share, one after the other. It grows while a plan is prepared. */
final class Workspace {
    private static final long ALIGNMENT = 64;
    private static final double SPARE = 0.5;

    private final Block block = Block.movable();
    private final ScratchMemory memory;
    private final double spare;
    private long capacity;
    private long used;

    Workspace() {
        this(new ScratchMemory(), 0);
    }

    private Workspace(ScratchMemory memory, double spare) {
        this.memory = memory;
        this.spare = spare;
    }

    /** In memory that others had before and will have after, which may be more than is needed. */
    static Workspace passing(ScratchMemory memory) {
        return new Workspace(memory, SPARE);
    }

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
            block.moveTo(memory.address(capacity, spare), memory);
        }
        return block.array(desc, offset);
    }
}
