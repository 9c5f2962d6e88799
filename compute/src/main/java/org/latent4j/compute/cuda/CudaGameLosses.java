package org.latent4j.compute.cuda;

import org.bytedeco.javacpp.DoublePointer;
import org.latent4j.compute.graph.Backend;
import org.latent4j.compute.graph.GameLosses;
import org.latent4j.compute.graph.Kernel;
import org.latent4j.compute.graph.Tensor;

/** The game's losses on a card. */
final class CudaGameLosses implements GameLosses {
    /** In the order of the kernels' enumeration: losses, value, probabilities, norms, pairs, counts. */
    private static final int SUMS = 10;

    private static final int DISCRIMINATOR_NORM = 4;
    private static final int GENERATOR_NORM = 7;
    private static final int COUNTS = 2;

    private final Gpu gpu;
    private final DeviceMemory sums;

    CudaGameLosses(Gpu gpu) {
        this.gpu = gpu;
        this.sums = new DeviceMemory(gpu, (long) Double.BYTES * (SUMS + COUNTS));
    }

    /** A part of a tensor that a kernel reads or writes. */
    private record Part(DeviceMirror mirror, long offset) {
        static Part of(Gpu gpu, Tensor tensor) {
            return new Part(CudaPlan.mirror(gpu, tensor), tensor.offset());
        }

        Place place() {
            return mirror.place().plus(offset);
        }
    }

    @Override
    public Kernel discriminator(Kind kind, Tensor real, Tensor fake, Tensor realSlopes, Tensor fakeSlopes) {
        Part a = Part.of(gpu, real);
        Part b = Part.of(gpu, fake);
        Part da = Part.of(gpu, realSlopes);
        Part db = Part.of(gpu, fakeSlopes);
        Kernel kernel = gpu.launch(
                KernelName.of("game", "discriminator_loss"),
                Grid.blocks(1),
                new Arguments()
                        .at(a.place())
                        .at(b.place())
                        .at(da.place())
                        .at(db.place())
                        .integer(real.shape().elements())
                        .integer(kind.ordinal())
                        .at(Place.of(sums)));
        return () -> {
            gpu.enter();
            a.mirror.toDevice();
            b.mirror.toDevice();
            da.mirror.toDevice();
            db.mirror.toDevice();
            kernel.run();
            da.mirror.deviceChanged();
            db.mirror.deviceChanged();
        };
    }

    @Override
    public Kernel generator(Kind kind, Tensor real, Tensor fake, Tensor slopes) {
        Part a = real == null ? null : Part.of(gpu, real);
        Part b = Part.of(gpu, fake);
        Part db = Part.of(gpu, slopes);
        Kernel kernel = gpu.launch(
                KernelName.of("game", "generator_loss"),
                Grid.blocks(1),
                new Arguments()
                        .at(a == null ? null : a.place())
                        .at(b.place())
                        .at(db.place())
                        .integer(fake.shape().elements())
                        .integer(kind.ordinal())
                        .at(Place.of(sums)));
        return () -> {
            gpu.enter();
            if (a != null) {
                a.mirror.toDevice();
            }
            b.mirror.toDevice();
            db.mirror.toDevice();
            kernel.run();
            db.mirror.deviceChanged();
        };
    }

    @Override
    public Kernel norm(Backend.Measure squares, int minibatch, boolean ofDiscriminator) {
        Kernel kernel = gpu.launch(
                KernelName.of("game", "add_norm"),
                Grid.blocks(1),
                new Arguments()
                        .at(((Norm) squares).place())
                        .at(Place.of(sums)
                                .plus((long) Double.BYTES * (ofDiscriminator ? DISCRIMINATOR_NORM : GENERATOR_NORM)))
                        .precise(1.0 / minibatch));
        return () -> {
            gpu.enter();
            kernel.run();
        };
    }

    @Override
    public Sums take() {
        gpu.enter();
        double[] s = new double[SUMS + COUNTS];
        try (DoublePointer host = new DoublePointer(s.length)) {
            gpu.download(host.address(), sums.address(), sums.bytes());
            host.get(s);
        }
        gpu.zero(sums.address(), sums.bytes());
        return new Sums((long) s[10], s[0], s[1], s[2], s[3], s[4], s[8], s[9], (long) s[11], s[5], s[6], s[7]);
    }
}
