package org.latent4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class LectureAndBenchCommandsTest {
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int run(String... args) {
        return Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err), args);
    }

    @Test
    void anUnknownLectureIsNamedWithTheNearest() {
        assertThat(run("lecture", "gan-traning", "--out", folder.resolve("out").toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("no lecture \"gan-traning\"", "gan-training");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void anUnknownSuiteIsNamedWithTheNearest() {
        assertThat(run("bench", "obs")).isEqualTo(2);
        assertThat(err.toString()).contains("no benchmark suite \"obs\"", "ops");
    }

    @Test
    void aFolderWithoutPeersIsRefusedBeforeAnythingIsMeasured() {
        assertThat(run("bench", "ops", "--peers", folder.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("holds no file env", "setup-peers").doesNotContain("device");
        assertThat(run("bench", "ops", "--rounds", "0")).isEqualTo(2);
        assertThat(err.toString()).contains("--rounds must be at least 1");
    }

    /** A peer that fails ends its suite, not the run. */
    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void suitesAfterOneThatFailsAreMeasuredAllTheSame() throws IOException {
        Path interpreter = folder.resolve("interpreter");
        Files.writeString(interpreter, "#!/bin/bash\n[[ $2 == *openblas* ]] && echo '{\"own\": null}' && read -r x\n");
        assertThat(interpreter.toFile().setExecutable(true)).isTrue();
        Files.writeString(folder.resolve("env"), "export PEERS_PYTHON=" + interpreter + "\n");
        String peers = folder.toString();
        assertThat(run("bench", "kmeans", "linkage", "--device", "cpu", "--rounds", "1", "--peers", peers))
                .isEqualTo(1);
        assertThat(err.toString())
                .contains("peers' OpenBLAS: not used")
                .contains("kmeans: peer kmeans ended without an answer")
                .contains("linkage: peer linkage_fastcluster ended without an answer");
    }

    @Test
    void filesThatCannotBeWrittenAreNamedBeforeAnythingIsMeasured() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");
        String below = file.resolve("rows.json").toString();
        assertThat(run("bench", "ops", "--json", below)).isEqualTo(2);
        assertThat(err.toString()).contains("--json " + below, "can't be made").doesNotContain("device");
        assertThat(run("bench", "ops", "--markdown", folder.toString())).isEqualTo(2);
        assertThat(err.toString())
                .contains("--markdown " + folder + " can't be written")
                .doesNotContain("device");
    }
}
