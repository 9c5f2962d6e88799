package org.latent4j.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.latent4j.compute.Device;

class BenchTest {
    @TempDir
    private Path folder;

    private Bench bench(Optional<Path> peers, int rounds) {
        return new Bench(
                new Device(Device.Kind.ND4J, 0), "nd4j", peers.map(Peers::asInstalled), rounds, false, line -> {});
    }

    /** A folder of peers whose interpreter is a shell script. */
    private Path peers(String script) throws IOException {
        Path interpreter = folder.resolve("interpreter");
        Files.writeString(interpreter, "#!/bin/bash\n" + script);
        assertThat(interpreter.toFile().setExecutable(true)).isTrue();
        Files.writeString(folder.resolve("env"), "export PEERS_PYTHON=" + interpreter + "\n");
        return folder;
    }

    @Test
    void oursAndThePeerTakeTurnsAfterWarmUp() {
        List<String> order = new ArrayList<>();
        double[] oursMs = {800, 1, 2, 3}; // warm after 7 times 800 ms
        double[] peerMs = {250, 250, 250, 4, 4, 12}; // after three turns
        int[] calls = new int[2];
        Turns turns = bench(Optional.empty(), 3)
                .turns(
                        "work",
                        times -> {
                            order.add("ours" + times);
                            return oursMs[calls[0]++];
                        },
                        times -> {
                            order.add("peer" + times);
                            return peerMs[calls[1]++];
                        },
                        7);
        assertThat(order)
                .containsExactly(
                        "ours7", "peer7", "peer7", "peer7", "ours7", "peer7", "peer7", "ours7", "ours7", "peer7");

        Row row = turns.row("work", bench(Optional.empty(), 3), "fp32", "other 1.0", null, "same sum");
        assertThat(row.oursMs()).isEqualTo(2);
        assertThat(row.peerMs()).isEqualTo(4);
        assertThat(row.ratio()).isEqualTo(4); // of 4/1, 4/2, 12/3
        assertThat(row.spread()).isCloseTo((4.0 - 2.0) / 4.0, within(1e-12));
    }

    @Test
    void withoutAPeerTheRowHoldsOursAlone() {
        Bench bench = bench(Optional.empty(), 2);
        assertThat(bench.peer("standin")).isEmpty();
        Row row = bench.turns("work", times -> 5, 1).row("work", bench, "fp32", null, 0.5, null);
        assertThat(row.peerMs()).isNull();
        assertThat(row.ratio()).isNull();
        assertThat(BenchReport.cells(row))
                .containsExactly("work", "nd4j", "fp32", "5.00", "", "", "", "50 %", "0 %", "");
    }

    @Test
    void measuredTimesEachCall() {
        int[] calls = {0};
        assertThat(Measured.of(() -> calls[0]++).millis(5)).isGreaterThanOrEqualTo(0);
        assertThat(calls[0]).isEqualTo(5);
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aPeerAnswersLineByLine() throws IOException {
        Path peers = peers(
                """
                echo "{\\"ready\\": true, \\"peer\\": \\"standin 2.0\\", \\"arguments\\": \\"$3 $4\\"}"
                while read -r word number; do echo "{\\"ms\\": $((number * 2)), \\"asked\\": \\"$word\\"}"; done
                """);
        try (Peer peer =
                bench(Optional.of(peers), 1).peer("standin", "--n", "3").orElseThrow()) {
            assertThat(peer.name()).isEqualTo("standin 2.0");
            assertThat(peer.ready().path("arguments").asText()).isEqualTo("--n 3");
            assertThat(peer.millis(21)).isEqualTo(42);
            assertThat(peer.ask("labels 1").path("asked").asText()).isEqualTo("labels");
        }
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void peersTakeTheFastestKernelsOfOpenBlas() throws IOException {
        String answer = "{\\\"own\\\": \\\"Prescott\\\", \\\"kernels\\\": %s, \\\"times\\\": 3.64}";
        Peers old = Peers.tuned(peers("echo \"" + answer.formatted("\\\"SKYLAKEX\\\"") + "\"; read -r x"));
        assertThat(old.openBlas())
                .isEqualTo(
                        "kernels SKYLAKEX by OPENBLAS_CORETYPE; its own choice, Prescott, multiplies 3.6 times slower");
        Path asked = peers("echo \"{\\\"peer\\\": \\\"$OPENBLAS_CORETYPE\\\"}\"; read -r x");
        try (Peer peer = Peer.start(old, "standin")) {
            assertThat(peer.name()).isEqualTo("SKYLAKEX");
        }
        try (Peer peer = Peer.start(Peers.asInstalled(asked), "standin")) {
            assertThat(peer.name()).isEmpty();
        }
        Peers known = Peers.tuned(peers("echo \"" + answer.formatted("null") + "\"; read -r x"));
        assertThat(known.environment()).isEmpty();
        assertThat(known.openBlas()).isEqualTo("kernels Prescott, its own choice");
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aPeerThatFailsIsNoResult() throws IOException {
        Bench silent = bench(Optional.of(peers("exit 1")), 1);
        assertThatThrownBy(() -> silent.peer("standin"))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("standin ended without an answer");
        Bench babbling = bench(Optional.of(peers("echo hello")), 1);
        assertThatThrownBy(() -> babbling.peer("standin"))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("answered no JSON");
        Bench without = bench(Optional.of(peers("echo '{}'; read -r x; echo '{}'")), 1);
        try (Peer peer = without.peer("standin").orElseThrow()) {
            assertThatThrownBy(() -> peer.millis(1)).hasMessageContaining("without \"ms\"");
        }
        assertThatThrownBy(() -> bench(Optional.of(folder.resolve("none")), 1).peer("standin"))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("no file");
    }

    @Test
    void reportsHoldTheRowsUnderTheirContractedNames() throws IOException {
        Row row = new Row("work", "cpu", "bf16", 1.5, "other", 3.0, 2.0, 0.25, 0.1, null, "same").ofBatch(3);
        BenchReport report = new BenchReport(Map.of("commit", "abc"), Map.of("ops", List.of(row)));
        JsonNode written = JsonMapper.builder().build().readTree(report.json());
        JsonNode first = written.path("suites").path("ops").path(0);
        assertThat(first.fieldNames())
                .toIterable()
                .contains(
                        "name", "device", "precision", "ours_ms", "peer", "peer_ms", "ratio", "limit_share", "spread");
        assertThat(first.path("ours_ms").asDouble()).isEqualTo(1.5);
        assertThat(first.path("samples_per_s").asDouble()).isEqualTo(2000);
        assertThat(report.markdown())
                .contains(
                        "- commit: abc",
                        "### ops",
                        "| work | cpu | bf16 | 1.50 | other | 3.00 | 2.00 x | 25 % | 10 % |");
    }
}
