package org.latent4j.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.latent4j.compute.Device;
import org.latent4j.compute.cuda.CudaSetup;

/** Where a benchmark ran: what a reader must know to judge its figures. */
final class Environment {
    private Environment() {}

    /** Names and values in reading order. */
    static Map<String, String> of(Bench bench) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        commit().ifPresent(commit -> facts.put("commit", commit));
        facts.put("device", bench.deviceName());
        if (bench.device().kind() == Device.Kind.CUDA) {
            CudaSetup cuda = CudaSetup.ofSystem();
            facts.put("card", cuda.requireCard(bench.device().index()).toString());
            facts.putAll(cuda.versions());
        }
        facts.put("processor", processor());
        facts.put("threads", String.valueOf(Runtime.getRuntime().availableProcessors()));
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("Java", Runtime.version().toString());
        facts.put("rounds", String.valueOf(bench.rounds()));
        bench.peers().ifPresent(peers -> facts.put("peers' OpenBLAS", peers.openBlas()));
        return facts;
    }

    private static String processor() {
        return read(Path.of("/proc/cpuinfo"))
                .flatMap(info -> Pattern.compile("(?m)^model name\\s*:\\s*(.*)$")
                        .matcher(info)
                        .results()
                        .findFirst()
                        .map(match -> match.group(1)))
                .orElse(System.getProperty("os.arch"));
    }

    /** The commit of the checkout that the launcher started from, with a mark when files differ from it. */
    private static Optional<String> commit() {
        String home = System.getProperty("latent4j.home");
        if (home == null || !Files.exists(Path.of(home, ".git"))) {
            return Optional.empty();
        }
        try {
            Process git = new ProcessBuilder("git", "-C", home, "describe", "--always", "--dirty", "--abbrev=10")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String text = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0 ? Optional.of(text) : Optional.empty();
        } catch (IOException noGit) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException notLinux) {
            return Optional.empty();
        }
    }
}
