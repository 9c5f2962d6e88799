package org.latent4j.compute.cuda;

/** Where numbers lie on the card; known at the latest when a plan is prepared. */
interface Place {
    long address();

    /** So many bytes further on. */
    default Place plus(long bytes) {
        return bytes == 0 ? this : () -> address() + bytes;
    }

    static Place of(DeviceMemory memory) {
        return memory::address;
    }
}
