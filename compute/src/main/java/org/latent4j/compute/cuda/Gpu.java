package org.latent4j.compute.cuda;

import org.latent4j.compute.graph.Kernel;

/**
 * A card as the backend sees it: memory and kernels, in one stream in which everything runs in order. Tests put an emulated card in its
 * place, on which the kernels run as host code.
 */
interface Gpu {
    CudaCard card();

    /** The libraries' convolutions and products, or null: then the backend's own kernels do everything. */
    CudaLibraries libraries();

    /** Makes the card the calling thread's. */
    void enter();

    /** Memory that nobody uses. */
    long freeBytes();

    /** Throws {@link DeviceMemoryException} if there is not enough. */
    long allocate(long bytes);

    void free(long address);

    /** From the host; the host's memory may change when this returns. */
    void upload(long to, long host, long bytes);

    /** To the host, where the numbers are when this returns. */
    void download(long host, long from, long bytes);

    void copy(long to, long from, long bytes);

    void zero(long to, long bytes);

    /** Prepares a launch; the arguments' places must be known when it first runs. */
    Kernel launch(KernelName name, Grid grid, Arguments arguments);

    /** The same work, recorded at its second run and from then on launched as one graph. */
    Kernel recorded(Kernel work);

    /** Work that asks the same of the card each time and reads nothing back, as one launch from its second run on; see {@link Steps}. */
    Kernel step(Kernel work);

    /** Whether such a step is being recorded or launched, in which nothing can be read back. */
    boolean inStep();

    /** Runs the work and tells how long it took. */
    double milliseconds(Kernel work);
}
