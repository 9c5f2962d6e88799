package org.latent4j.compute.cuda;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.latent4j.compute.graph.GameKernels;
import org.latent4j.compute.graph.Kernel;
import org.latent4j.compute.graph.Parameters;

/** Spectral normalisation of weights on a card. */
final class DeviceSpectralNorm implements GameKernels.SpectralKernels {
    private final Gpu gpu;
    private final DeviceMirror values;
    private final DeviceMirror gradients;
    private final List<One> all = new ArrayList<>();

    DeviceSpectralNorm(Gpu gpu, Parameters parameters, List<GameKernels.Normed> weights, int steps) {
        this.gpu = gpu;
        this.values = CudaPlan.mirror(gpu, parameters, Parameters.Part.VALUES, parameters.valueAddress());
        this.gradients = CudaPlan.mirror(gpu, parameters, Parameters.Part.GRADIENTS, parameters.gradientAddress());
        weights.forEach(weight -> all.add(new One(weight, steps)));
        put();
    }

    /** The weights of one layer. */
    private final class One {
        private final GameKernels.Normed weight;
        private final DeviceMemory u;
        private final List<Kernel> before = new ArrayList<>();
        private final List<Kernel> after = new ArrayList<>();

        One(GameKernels.Normed weight, int steps) {
            this.weight = weight;
            int rows = weight.rows();
            int columns = weight.columns();
            long n = (long) rows * columns;
            this.u = new DeviceMemory(gpu, (long) rows * Double.BYTES);
            DeviceMemory v = new DeviceMemory(gpu, (long) columns * Double.BYTES);
            DeviceMemory parts = new DeviceMemory(gpu, (long) rows * Double.BYTES);
            DeviceMemory number = new DeviceMemory(gpu, Double.BYTES);
            Place w = values.place().plus(weight.offset() * Float.BYTES);
            Place g = gradients.place().plus(weight.offset() * Float.BYTES);
            Kernel pull = launch(
                    "spectral_pull",
                    Grid.over(columns),
                    new Arguments()
                            .at(w)
                            .at(Place.of(u))
                            .at(Place.of(v))
                            .integer(rows)
                            .integer(columns));
            Kernel unitV = unit(v, columns, number);
            before.add(pull);
            before.add(unitV);
            before.add(push(w, null, g, parts, rows, columns));
            before.add(launch(
                    "spectral_sum",
                    Grid.blocks(1),
                    new Arguments().at(Place.of(parts)).integer(rows).at(Place.of(number))));
            before.add(launch(
                    "spectral_gradient",
                    Grid.over(n),
                    new Arguments()
                            .at(g)
                            .at(Place.of(u))
                            .at(Place.of(v))
                            .at(Place.of(number))
                            .number(n)
                            .integer(columns)));
            for (int step = 0; step < steps; step++) {
                after.add(pull);
                after.add(unitV);
                after.add(push(w, Place.of(v), null, u, rows, columns));
                after.add(unit(u, rows, number));
            }
            after.add(launch(
                    "spectral_divide",
                    Grid.over(n),
                    new Arguments().at(w).at(Place.of(number)).number(n)));
        }

        private Kernel launch(String function, Grid grid, Arguments arguments) {
            return gpu.launch(KernelName.of("game", function), grid, arguments);
        }

        private Kernel unit(DeviceMemory x, int n, DeviceMemory length) {
            return launch(
                    "spectral_unit",
                    Grid.blocks(1),
                    new Arguments().at(Place.of(x)).integer(n).at(Place.of(length)));
        }

        private Kernel push(Place w, Place v, Place g, DeviceMemory result, int rows, int columns) {
            return launch(
                    "spectral_push",
                    Grid.blocks(rows),
                    new Arguments().at(w).at(v).at(g).at(Place.of(result)).integer(columns));
        }
    }

    @Override
    public void beforeUpdate() {
        gpu.enter();
        values.toDevice();
        gradients.toDevice();
        all.forEach(one -> one.before.forEach(Kernel::run));
        gradients.deviceChanged();
    }

    @Override
    public void afterUpdate() {
        gpu.enter();
        values.toDevice();
        all.forEach(one -> one.after.forEach(Kernel::run));
        values.deviceChanged();
    }

    @Override
    public void put() {
        gpu.enter();
        for (One one : all) {
            try (DoublePointer host = new DoublePointer(one.weight.u())) {
                gpu.upload(one.u.address(), host.address(), one.u.bytes());
            }
        }
    }

    @Override
    public void get() {
        gpu.enter();
        for (One one : all) {
            double[] u = one.weight.u();
            try (DoublePointer host = new DoublePointer(u.length)) {
                gpu.download(host.address(), one.u.address(), one.u.bytes());
                host.get(u);
            }
        }
    }
}
