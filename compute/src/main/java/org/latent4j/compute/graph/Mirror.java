package org.latent4j.compute.graph;

/**
 * A device's copy of numbers that the host has too. Each side knows which of the two is newer; what is not needed elsewhere stays where it
 * is.
 */
public interface Mirror {

    /** Brings the host's numbers up to date. */
    void toHost();

    /** The host has new numbers, {@code bytes} from {@code offset} on. */
    void hostChanged(long offset, long bytes);

    /** Takes {@code bytes} over from another mirror of the same device, without the host. */
    void copy(long offset, Mirror from, long fromOffset, long bytes);

    /**
     * Likewise with another order: from flat samples to images with their channels last, or from those to flat ones.
     *
     * @param images (N, C, H, W)
     */
    void reorder(long offset, Mirror from, long fromOffset, Shape images, boolean toImages);
}
