package org.latent4j.compute;

import org.junit.jupiter.api.Assumptions;
import org.latent4j.compute.cuda.CudaUnderTest;

/** On a real card with {@code -Dlatent4j.test.device=cuda}, else on an emulated one. */
class CudaPrimitivesTest extends PrimitivesContract {
    @Override
    Primitives create() {
        String device = BackendUnderTest.device().equals("cuda") ? "cuda" : "emulated";
        String problem = CudaUnderTest.problem(device);
        Assumptions.assumeTrue(problem.isEmpty(), problem);
        return new CheckedPrimitives(CudaUnderTest.primitives(device));
    }
}
