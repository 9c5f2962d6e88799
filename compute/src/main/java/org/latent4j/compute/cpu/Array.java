package org.latent4j.compute.cpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.BytePointer;

/** Formatted numbers in a block; the offset counts bytes. */
record Array(memory.desc desc, memory handle, Block block, long offset) {

    long address() {
        return block.address() + offset;
    }

    /** The same memory, or a part of it, in another format. */
    Array view(memory.desc format, long bytes) {
        return block.array(format, offset + bytes);
    }

    /** Some of the numbers; the start counts numbers, not bytes. */
    Array part(long[] sizes, long[] strides, long start) {
        memory.data_type type = desc.get_data_type();
        return view(new memory.desc(sizes, type, strides), start * Dnnl.bytes(type));
    }

    Array view(memory.desc format) {
        return view(format, 0);
    }

    /** The memory as it lies there now, for Java; the block must outlive it. */
    ByteBuffer bytes() {
        return new BytePointer(Block.pointer(address()))
                .capacity(desc.get_size())
                .asByteBuffer()
                .order(ByteOrder.nativeOrder());
    }
}
