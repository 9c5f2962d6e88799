package org.latent4j.compute;

import org.junit.jupiter.api.Nested;

class Nd4jPrimitivesTest {
    private static Primitives create() {
        return Devices.primitives(new Device(Device.Kind.ND4J, 0));
    }

    @Nested
    class Nearest extends NearestContract {
        @Override
        Primitives create() {
            return Nd4jPrimitivesTest.create();
        }
    }

    @Nested
    class Pairs extends PairsContract {
        @Override
        Primitives create() {
            return Nd4jPrimitivesTest.create();
        }
    }

    @Nested
    class Products extends ProductsContract {
        @Override
        Primitives create() {
            return Nd4jPrimitivesTest.create();
        }
    }

    @Nested
    class Decompositions extends DecompositionsContract {
        @Override
        Primitives create() {
            return Nd4jPrimitivesTest.create();
        }
    }
}
