package org.latent4j.compute.cuda;

import java.util.Locale;

/** The card has too little free memory. Nothing was allocated, and the process can go on: with a smaller batch, say. */
public final class DeviceMemoryException extends CudaException {
    private static final long serialVersionUID = 1L;
    private static final double MIB = 1 << 20;

    private final long askedBytes;
    private final long usedBytes;
    private final long freeBytes;

    public DeviceMemoryException(String card, long askedBytes, long usedBytes, long freeBytes) {
        super(String.format(
                Locale.ROOT,
                "out of memory on %s: asked for %.1f MiB (%d bytes), but %.1f MiB are in use and %.1f MiB free; take a smaller"
                        + " --batch or --precision bf16, or end other programs on the card (nvidia-smi lists them)",
                card,
                askedBytes / MIB,
                askedBytes,
                usedBytes / MIB,
                freeBytes / MIB));
        this.askedBytes = askedBytes;
        this.usedBytes = usedBytes;
        this.freeBytes = freeBytes;
    }

    public long askedBytes() {
        return askedBytes;
    }

    /** By all programs on the card. */
    public long usedBytes() {
        return usedBytes;
    }

    public long freeBytes() {
        return freeBytes;
    }
}
