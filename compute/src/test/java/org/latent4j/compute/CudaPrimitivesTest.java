package org.latent4j.compute;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Nested;
import org.latent4j.compute.cuda.CudaUnderTest;

/** On a real card with {@code -Dlatent4j.test.device=cuda}, else on an emulated one. */
class CudaPrimitivesTest {
    private static Primitives create() {
        String device = BackendUnderTest.device().equals("cuda") ? "cuda" : "emulated";
        String problem = CudaUnderTest.problem(device);
        Assumptions.assumeTrue(problem.isEmpty(), problem);
        return new CheckedPrimitives(CudaUnderTest.primitives(device));
    }

    @Nested
    class Nearest extends NearestContract {
        @Override
        Primitives create() {
            return CudaPrimitivesTest.create();
        }
    }

    @Nested
    class Pairs extends PairsContract {
        @Override
        Primitives create() {
            return CudaPrimitivesTest.create();
        }
    }

    @Nested
    class Products extends ProductsContract {
        @Override
        Primitives create() {
            return CudaPrimitivesTest.create();
        }
    }

    @Nested
    class Decompositions extends DecompositionsContract {
        @Override
        Primitives create() {
            return CudaPrimitivesTest.create();
        }
    }
}
