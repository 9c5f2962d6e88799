package org.latent4j.compute;

class CpuPrimitivesTest extends PrimitivesContract {
    @Override
    Primitives create() {
        return Devices.primitives(new Device(Device.Kind.CPU, 0));
    }
}
