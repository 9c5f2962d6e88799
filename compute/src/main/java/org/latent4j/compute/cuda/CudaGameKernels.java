package org.latent4j.compute.cuda;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.bytedeco.javacpp.DoublePointer;
import org.latent4j.compute.graph.Backend;
import org.latent4j.compute.graph.GameKernels;
import org.latent4j.compute.graph.Kernel;
import org.latent4j.compute.graph.Parameters;
import org.latent4j.compute.graph.Tensor;

/** The game's own kernels on a card. */
final class CudaGameKernels implements GameKernels {
    /** In the order of the kernels' enumeration: losses, value, probabilities, norms, pairs, counts. */
    private static final int SUMS = 10;

    private static final int DISCRIMINATOR_NORM = 4;
    private static final int GENERATOR_NORM = 7;
    private static final int COUNTS = 2;

    private final Gpu gpu;
    private final DeviceMemory sums;

    CudaGameKernels(Gpu gpu) {
        this.gpu = gpu;
        this.sums = new DeviceMemory(gpu, (long) Double.BYTES * (SUMS + COUNTS));
    }

    private Place place(Tensor tensor) {
        return tensor == null ? null : CudaPlan.mirror(gpu, tensor).place().plus(tensor.offset());
    }

    /** With what it reads brought to the card before, and what it writes known to be newer there. */
    private Kernel with(List<Tensor> read, List<Tensor> written, Kernel work) {
        DeviceMirror[] before = Stream.concat(read.stream(), written.stream())
                .map(tensor -> CudaPlan.mirror(gpu, tensor))
                .distinct()
                .toArray(DeviceMirror[]::new);
        DeviceMirror[] after = written.stream()
                .map(tensor -> CudaPlan.mirror(gpu, tensor))
                .distinct()
                .toArray(DeviceMirror[]::new);
        return () -> {
            gpu.enter();
            for (DeviceMirror mirror : before) {
                mirror.toDevice();
            }
            work.run();
            for (DeviceMirror mirror : after) {
                mirror.deviceChanged();
            }
        };
    }

    private static List<Tensor> those(Tensor... tensors) {
        return Arrays.stream(tensors).filter(Objects::nonNull).toList();
    }

    private static long width(Tensor rows) {
        return rows.shape().elements() / rows.shape().size(0);
    }

    @Override
    public Kernel discriminator(Kind kind, Judged real, Judged fake, Tensor classes) {
        return with(
                those(real.logits(), fake.logits(), classes),
                those(real.slopes(), fake.slopes()),
                gpu.launch(
                        KernelName.of("game", "discriminator_loss"),
                        Grid.blocks(1),
                        new Arguments()
                                .at(place(real.logits()))
                                .at(place(fake.logits()))
                                .at(place(classes))
                                .at(place(real.slopes()))
                                .at(place(fake.slopes()))
                                .integer(real.logits().shape().size(0))
                                .integer(width(real.logits()))
                                .integer(width(real.slopes()))
                                .integer(kind.ordinal())
                                .at(Place.of(sums))));
    }

    @Override
    public Kernel generator(Kind kind, Tensor realLogits, Judged fake, Tensor classes) {
        return with(
                those(realLogits, fake.logits(), classes),
                those(fake.slopes()),
                gpu.launch(
                        KernelName.of("game", "generator_loss"),
                        Grid.blocks(1),
                        new Arguments()
                                .at(place(realLogits))
                                .at(place(fake.logits()))
                                .at(place(classes))
                                .at(place(fake.slopes()))
                                .integer(fake.logits().shape().size(0))
                                .integer(width(fake.logits()))
                                .integer(width(fake.slopes()))
                                .integer(kind.ordinal())
                                .at(Place.of(sums))));
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
        return with(List.of(), List.of(), kernel);
    }

    @Override
    public Kernel scale(Tensor x, Tensor factors, Tensor y) {
        long n = x.shape().elements();
        return with(
                those(x, factors),
                those(y),
                gpu.launch(
                        KernelName.of("game", "scale"),
                        Grid.over(n),
                        new Arguments()
                                .at(place(x))
                                .at(place(factors))
                                .at(place(y))
                                .number(n)
                                .number(width(x))));
    }

    @Override
    public Kernel mix(Tensor a, Tensor b, Tensor shares, Tensor y) {
        long n = a.shape().elements();
        return with(
                those(a, b, shares),
                those(y),
                gpu.launch(
                        KernelName.of("game", "mix"),
                        Grid.over(n),
                        new Arguments()
                                .at(place(a))
                                .at(place(b))
                                .at(place(shares))
                                .at(place(y))
                                .number(n)
                                .number(width(a))));
    }

    @Override
    public Kernel alongSlopes(Sloped from, double distance, Sloped to, Tensor gamma, Tensor classes) {
        return with(
                those(from.samples(), from.slopes(), gamma, classes),
                those(to.samples(), to.slopes()),
                gpu.launch(
                        KernelName.of("game", "along_slopes"),
                        Grid.blocks(from.samples().shape().size(0)),
                        new Arguments()
                                .at(place(from.samples()))
                                .at(place(from.slopes()))
                                .at(place(gamma))
                                .at(place(classes))
                                .at(place(to.samples()))
                                .at(place(to.slopes()))
                                .number(width(from.samples()))
                                .integer(width(to.slopes()))
                                .precise(distance)));
    }

    @Override
    public Kernel view(Images shape, Tensor images, Tensor numbers, boolean back) {
        long bytes = images.shape().elements() * Float.BYTES;
        DeviceMemory made = new DeviceMemory(gpu, bytes);
        Place place = place(images);
        Kernel kernel = gpu.launch(
                KernelName.of("game", back ? "view_back" : "view"),
                Grid.blocks(images.shape().size(0)),
                new Arguments()
                        .at(place)
                        .at(place(numbers))
                        .at(Place.of(made))
                        .integer(shape.channels())
                        .integer(shape.height())
                        .integer(shape.width())
                        .flag(shape.channelsLast()));
        return with(those(numbers), those(images), () -> {
            kernel.run();
            gpu.copy(place.address(), made.address(), bytes);
        });
    }

    @Override
    public SpectralKernels spectral(Parameters parameters, List<Normed> weights, int steps) {
        gpu.enter();
        return new DeviceSpectralNorm(gpu, parameters, weights, steps);
    }

    @Override
    public long roomForImages() {
        gpu.enter();
        return gpu.freeBytes() / 2;
    }

    @Override
    public Store store(Images shape, int count, Source source) {
        gpu.enter();
        return new DeviceImages(gpu, shape, count, source);
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
