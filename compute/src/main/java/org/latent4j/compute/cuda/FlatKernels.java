package org.latent4j.compute.cuda;

import java.nio.ByteBuffer;
import java.util.function.DoubleSupplier;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.latent4j.compute.graph.Kernel;
import org.latent4j.compute.graph.Parameters;
import org.latent4j.compute.graph.Tensor;

/** Work on whole vectors beside a network's own. */
final class FlatKernels {
    private static final int ALIGNMENT = 16;

    private FlatKernels() {}

    static Kernel fromBytes(Gpu gpu, ByteBuffer x, Tensor y) {
        long count = y.shape().elements();
        DeviceMemory bytes = new DeviceMemory(gpu, count);
        DeviceMirror target = CudaPlan.mirror(gpu, y);
        BytePointer host = new BytePointer(x);
        Kernel kernel = gpu.launch(
                KernelName.of("update", "from_bytes"),
                Grid.over((count + 3) / 4),
                new Arguments()
                        .at(Place.of(bytes))
                        .at(target.place().plus(y.offset()))
                        .number(count)
                        .flag(y.offset() % ALIGNMENT == 0));
        return () -> {
            gpu.enter();
            target.toDevice();
            gpu.upload(bytes.address(), host.address(), count);
            kernel.run();
            target.deviceChanged();
        };
    }

    static Kernel average(Gpu gpu, Parameters values, Parameters average, DoubleSupplier keep) {
        DeviceMirror from = CudaPlan.mirror(gpu, values, Parameters.Part.VALUES, values.valueAddress());
        DeviceMirror to = CudaPlan.mirror(gpu, average, Parameters.Part.VALUES, average.valueAddress());
        DeviceMemory factor = new DeviceMemory(gpu, Float.BYTES);
        FloatPointer number = new FloatPointer(1);
        long count = values.count();
        Kernel kernel = gpu.launch(
                KernelName.of("update", "average"),
                Grid.over((count + 3) / 4),
                new Arguments().at(from.place()).at(to.place()).number(count).at(Place.of(factor)));
        return () -> {
            gpu.enter();
            from.toDevice();
            to.toDevice();
            number.put(0, (float) keep.getAsDouble());
            gpu.upload(factor.address(), number.address(), Float.BYTES);
            kernel.run();
            to.deviceChanged();
        };
    }
}
