package org.latent4j.compute;

class Nd4jPrimitivesTest extends PrimitivesContract {
    @Override
    Primitives create() {
        return Devices.primitives(new Device(Device.Kind.ND4J, 0));
    }
}
