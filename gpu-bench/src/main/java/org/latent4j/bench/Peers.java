package org.latent4j.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * Where peers are installed, and what they need to be as fast as they can be.
 *
 * @param folder holds a file {@code env}
 * @param environment variables of their processes
 * @param openBlas which kernels NumPy's OpenBLAS takes, for readers of the figures
 */
public record Peers(Path folder, Map<String, String> environment, String openBlas) {
    public Peers {
        environment = Map.copyOf(environment);
    }

    /** As they are. */
    public static Peers asInstalled(Path folder) {
        return new Peers(folder, Map.of(), "not looked at");
    }

    /**
     * With the fastest kernels of OpenBLAS. One that is older than the processor may not know it and take its oldest, and everything in NumPy, SciPy
     * and scikit-learn that is made of products is slower than it would have to be.
     *
     * @throws BenchException when Python does not come up
     */
    public static Peers tuned(Path folder) {
        try (Peer probe = Peer.start(asInstalled(folder), "openblas")) {
            JsonNode found = probe.ready();
            if (found.path("own").isNull()) {
                return new Peers(folder, Map.of(), "not used");
            }
            String own = found.path("own").asText();
            if (found.path("kernels").isNull()) {
                return new Peers(folder, Map.of(), "kernels " + own + ", its own choice");
            }
            String kernels = found.path("kernels").asText();
            return new Peers(
                    folder,
                    Map.of("OPENBLAS_CORETYPE", kernels),
                    String.format(
                            Locale.ROOT,
                            "kernels %s by OPENBLAS_CORETYPE; its own choice, %s, multiplies %.1f times slower",
                            kernels,
                            own,
                            found.path("times").asDouble()));
        }
    }
}
