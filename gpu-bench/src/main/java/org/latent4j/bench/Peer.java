package org.latent4j.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A peer in a process of its own, which waits while ours is measured.
 *
 * <p>The script reads lines from standard input and answers each with one line of JSON. Its first line, before any question, is
 * {@code {"ready": true, "peer": "name version", ...}}. To {@code run N} it answers {@code {"ms": median milliseconds of one time, ...}}; scripts have
 * questions of their own beside that. It ends when its input ends.
 */
public final class Peer implements Measured, AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final String script;
    private final Process process;
    private final Path folder;
    private final BufferedReader answers;
    private final Writer questions;
    private final JsonNode ready;

    private Peer(String script, Process process, Path folder) {
        this.script = script;
        this.process = process;
        this.folder = folder;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.questions = process.outputWriter(StandardCharsets.UTF_8);
        this.ready = answer();
    }

    static Peer start(Peers peers, String script, String... arguments) {
        Path environment = peers.folder().resolve("env");
        if (!Files.isRegularFile(environment)) {
            throw new BenchException("no peers in " + peers.folder() + ": there is no file " + environment
                    + ", which sets PEERS_PYTHON and PYTHONPATH; install the peers there first");
        }
        try {
            Path folder = Files.createTempDirectory("latent4j-peer");
            Path file = folder.resolve(script + ".py");
            try (InputStream source = Peer.class.getResourceAsStream("/peers/" + script + ".py")) {
                if (source == null) {
                    throw new IllegalArgumentException("there is no resource peers/" + script + ".py");
                }
                Files.copy(source, file);
            }
            List<String> command = new ArrayList<>(List.of(
                    "bash",
                    "-c",
                    "source \"$1\" && shift && exec \"$PEERS_PYTHON\" -u \"$@\"",
                    "peer",
                    environment.toAbsolutePath().toString(),
                    file.toString()));
            command.addAll(List.of(arguments));
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
            // Peers run with their own defaults, not with what our launcher sets for the libraries of ours.
            builder.environment()
                    .keySet()
                    .removeAll(List.of("OPENBLAS_THREAD_TIMEOUT", "GOMP_SPINCOUNT", "GLIBC_TUNABLES"));
            builder.environment().putAll(peers.environment());
            return new Peer(script, builder.start(), folder);
        } catch (IOException e) {
            throw new BenchException("peer " + script + " can't be started: " + e.getMessage(), e);
        }
    }

    /** The first line of the script: its versions and sizes. */
    public JsonNode ready() {
        return ready;
    }

    /** Name and version. */
    public String name() {
        return ready.path("peer").asText(script);
    }

    /** Sends a line and gives the answer. */
    public JsonNode ask(String question) {
        try {
            questions.write(question + "\n");
            questions.flush();
        } catch (IOException e) {
            throw new BenchException("peer " + script + " is gone at '" + question + "'; its last words are above", e);
        }
        return answer();
    }

    @Override
    public double millis(int times) {
        JsonNode answer = ask("run " + times);
        if (!answer.path("ms").isNumber()) {
            throw new BenchException("peer " + script + " answered a run without \"ms\": " + answer);
        }
        return answer.path("ms").asDouble();
    }

    private JsonNode answer() {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw new BenchException("peer " + script + " ended without an answer; its last words are above");
            }
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new BenchException("peer " + script + " answered no JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new BenchException("peer " + script + " can't be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            questions.close(); // the end of its input ends it
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroy();
            }
            Files.deleteIfExists(folder.resolve(script + ".py"));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            process.destroy(); // it was gone already; nothing of worth is lost
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }
}
