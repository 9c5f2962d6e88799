package org.latent4j.compute.nd4j;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which of ND4J's backends are on the class path, and whether they can be used as they are. Finding out loads none of them.
 *
 * <p>ND4J itself takes whichever has the higher priority, and fails later and elsewhere.
 */
public final class Nd4jBackends {
    private static final String NATIVE = "org/nd4j/linalg/cpu/nativecpu/CpuBackend.class";
    private static final String CUDA = "org/nd4j/linalg/jcublas/JCublasBackend.class";
    /** The newest generation that nd4j-cuda-11.6 has machine code for; it holds no PTX. Ada (8.9) runs code of 8.6. */
    private static final double NEWEST = 8.9;

    private static final double OLDEST = 3.7;
    private static final Pattern CARD = Pattern.compile("(.+), *(\\d+\\.\\d)");

    private final boolean hasNative;
    private final boolean hasCuda;
    private final Supplier<List<String>> cards;

    /** {@code cards}: lines "name, compute capability". */
    Nd4jBackends(Predicate<String> onClassPath, Supplier<List<String>> cards) {
        this.hasNative = onClassPath.test(NATIVE);
        this.hasCuda = onClassPath.test(CUDA);
        this.cards = cards;
    }

    /** Of this process. */
    public static Nd4jBackends ofClassPath() {
        ClassLoader loader = Nd4jBackends.class.getClassLoader();
        return new Nd4jBackends(name -> loader.getResource(name) != null, Nd4jBackends::cardsOfDriver);
    }

    /** Whether ND4J runs on a card, by nd4j-cuda-11.6. */
    public boolean areOnCards() {
        return hasCuda;
    }

    /** What is wrong, with the remedy; empty if nothing. */
    public String problem() {
        if (hasNative && hasCuda) {
            return "both ND4J backends are on the class path, nd4j-native and nd4j-cuda, and ND4J would take the one that it"
                    + " likes better: keep one of them (a build of latent4j has nd4j-native, and one with -Pnd4j-cuda has"
                    + " nd4j-cuda-11.6; look for the other in your own dependencies, as by mvn dependency:tree)";
        }
        if (!hasNative && !hasCuda) {
            return "there is no ND4J backend on the class path: add org.nd4j:nd4j-native-platform:1.0.0-M2.1";
        }
        if (hasCuda) {
            for (String line : cards.get()) {
                Matcher card = CARD.matcher(line.trim());
                double capability = card.matches() ? Double.parseDouble(card.group(2)) : OLDEST;
                if (capability > NEWEST) {
                    return "nd4j-cuda-11.6 has machine code for cards of sm_37 to sm_86 alone, which " + card.group(1)
                            + " (compute capability " + card.group(2)
                            + ") can't run: build without -Pnd4j-cuda and use --device cuda";
                }
            }
        }
        return "";
    }

    /** As NVIDIA's own tool lists them; none if there is no driver. */
    private static List<String> cardsOfDriver() {
        try {
            Process process = new ProcessBuilder("nvidia-smi", "--query-gpu=name,compute_cap", "--format=csv,noheader")
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            List<String> lines = new ArrayList<>();
            try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
                reader.lines().forEach(lines::add);
            }
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0 ? lines : List.of();
        } catch (IOException absent) {
            return List.of();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }
}
