package org.latent4j.compute.cuda;

import java.nio.IntBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.latent4j.compute.graph.GameKernels;
import org.latent4j.compute.graph.Kernel;
import org.latent4j.compute.graph.Tensor;

/** A set of images on a card, bytes (n, h, w, c): minibatches are gathered, scaled and mirrored there. */
final class DeviceImages implements GameKernels.Store {
    private static final long PIECE_BYTES = 1 << 26;

    private final Gpu gpu;
    private final GameKernels.Images shape;
    private final DeviceMemory memory;

    DeviceImages(Gpu gpu, GameKernels.Images shape, int count, GameKernels.Source source) {
        this.gpu = gpu;
        this.shape = shape;
        int image = shape.channels() * shape.height() * shape.width();
        this.memory = new DeviceMemory(gpu, (long) count * image);
        int piece = (int) Math.max(1, Math.min(count, PIECE_BYTES / image));
        byte[] bytes = new byte[piece * image];
        try (BytePointer host = new BytePointer(bytes.length)) {
            for (int from = 0; from < count; from += piece) {
                int images = Math.min(piece, count - from);
                for (int i = 0; i < images; i++) {
                    source.read(from + i, bytes, i * image);
                }
                host.put(bytes, 0, images * image);
                gpu.upload(memory.address() + (long) from * image, host.address(), (long) images * image);
            }
        }
    }

    @Override
    public long bytes() {
        return memory.bytes();
    }

    @Override
    public Kernel gather(IntBuffer which, Tensor samples) {
        long m = samples.shape().size(0);
        long n = samples.shape().elements();
        DeviceMemory indices = new DeviceMemory(gpu, m * Integer.BYTES);
        DeviceMirror target = CudaPlan.mirror(gpu, samples);
        IntPointer host = new IntPointer(which);
        Kernel kernel = gpu.launch(
                KernelName.of("game", "gather"),
                Grid.over(n),
                new Arguments()
                        .at(Place.of(memory))
                        .at(Place.of(indices))
                        .at(target.place().plus(samples.offset()))
                        .number(n)
                        .integer(shape.channels())
                        .integer(shape.height())
                        .integer(shape.width())
                        .flag(samples.shape().rank() == 4));
        return () -> {
            gpu.enter();
            target.toDevice();
            gpu.upload(indices.address(), host.address(), m * Integer.BYTES);
            kernel.run();
            target.deviceChanged();
        };
    }
}
