package org.latent4j.compute.cuda;

import java.lang.ref.Cleaner;

/** A piece of a card's memory, given back when nobody refers to it any more or when it is closed. Zero at first. */
final class DeviceMemory implements AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();

    private final long address;
    private final long bytes;
    private final Cleaner.Cleanable cleanable;

    DeviceMemory(Gpu gpu, long bytes) {
        gpu.enter();
        long made = gpu.allocate(Math.max(bytes, 1));
        gpu.zero(made, Math.max(bytes, 1));
        this.address = made;
        this.bytes = bytes;
        this.cleanable = CLEANER.register(this, () -> {
            gpu.enter();
            gpu.free(made);
        });
    }

    long address() {
        return address;
    }

    long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        cleanable.clean();
    }
}
