package org.latent4j.compute;

import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.latent4j.compute.cpu.CpuBackend;
import org.latent4j.compute.cpu.KernelChoices;
import org.latent4j.compute.cuda.CudaUnderTest;
import org.latent4j.compute.graph.Backend;

/**
 * The backend that the agreement tests are about, by the system property {@code latent4j.test.device}: {@code cpu} (when none is given),
 * {@code emulated} (the CUDA backend on an emulated card) or {@code cuda} (on a real one). Where there is none, the tests are skipped.
 */
public final class BackendUnderTest {
    private BackendUnderTest() {}

    public static String device() {
        return System.getProperty("latent4j.test.device", "cpu");
    }

    public static boolean isCpu() {
        return device().equals("cpu");
    }

    /** Ways to convolve on device cpu. */
    public static final List<String> WAYS =
            List.of("direct", "columns", "phases", "shifts", "places", "winograd", "winograd4");

    /** One of them, by turns. */
    public static String way(long seed) {
        return WAYS.get((int) (seed % WAYS.size()));
    }

    /** Convolutions of device cpu in the named way where it suits, else in the first. */
    public static Backend get(String way) {
        return switch (device()) {
            case "cpu" ->
                new CpuBackend(
                        way.equals("columns") ? KernelChoices.always(way, "halves") : KernelChoices.always(way), true);
            case "emulated", "cuda" -> {
                String problem = CudaUnderTest.problem(device());
                Assumptions.assumeTrue(problem.isEmpty(), problem);
                yield CudaUnderTest.backend(device());
            }
            default -> throw new IllegalArgumentException("latent4j.test.device is " + device());
        };
    }

    public static Backend get() {
        return get("direct");
    }
}
