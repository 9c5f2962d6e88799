package org.latent4j.compute.cuda;

import org.latent4j.compute.graph.Kernel;

/**
 * A card that does less than it could.
 *
 * @param uses whether libraries are used, or the backend's own kernels do what libraries would
 * @param records whether steps are recorded, or played piece by piece
 */
record LesserGpu(Gpu gpu, boolean uses, boolean records) implements Gpu {
    @Override
    public CudaCard card() {
        return gpu.card();
    }

    @Override
    public CudaLibraries libraries() {
        return uses ? gpu.libraries() : null;
    }

    @Override
    public void enter() {
        gpu.enter();
    }

    @Override
    public long freeBytes() {
        return gpu.freeBytes();
    }

    @Override
    public long allocate(long bytes) {
        return gpu.allocate(bytes);
    }

    @Override
    public void free(long address) {
        gpu.free(address);
    }

    @Override
    public void upload(long to, long host, long bytes) {
        gpu.upload(to, host, bytes);
    }

    @Override
    public void download(long host, long from, long bytes) {
        gpu.download(host, from, bytes);
    }

    @Override
    public void copy(long to, long from, long bytes) {
        gpu.copy(to, from, bytes);
    }

    @Override
    public void zero(long to, long bytes) {
        gpu.zero(to, bytes);
    }

    @Override
    public Kernel launch(KernelName name, Grid grid, Arguments arguments) {
        return gpu.launch(name, grid, arguments);
    }

    @Override
    public Kernel recorded(Kernel work) {
        return gpu.recorded(work);
    }

    @Override
    public boolean inStep() {
        return gpu.inStep();
    }

    @Override
    public Kernel step(Kernel work) {
        return records ? gpu.step(work) : work;
    }

    @Override
    public double milliseconds(Kernel work) {
        return gpu.milliseconds(work);
    }
}
