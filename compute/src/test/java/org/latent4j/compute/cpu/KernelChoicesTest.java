package org.latent4j.compute.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelChoicesTest {
    private static final List<String> WAYS = List.of("a", "b", "c");

    @TempDir
    Path folder;

    private static String choose(KernelChoices choices, String key, Map<String, Double> seconds) {
        return choices.choose(key, "", WAYS, true, ways -> ways.stream()
                .mapToDouble(seconds::get)
                .toArray());
    }

    @Test
    void theFastestIsTakenAndTheFirstUnlessAnotherIsClearlyFaster() {
        KernelChoices choices = KernelChoices.at(folder.resolve("k"));
        assertThat(choose(choices, "clear", Map.of("a", 1.0, "b", 0.5, "c", 0.7)))
                .isEqualTo("b");
        assertThat(choose(choices, "close", Map.of("a", 1.0, "b", 0.98, "c", 0.96)))
                .isEqualTo("a");
        assertThat(choices.choose("small", "", WAYS, false, ways -> {
                    throw new AssertionError("small operations are not timed");
                }))
                .isEqualTo("a");
    }

    @Test
    void whatWasSlowIsNotTimedAgainForTheSameOperation() {
        KernelChoices choices = KernelChoices.at(folder.resolve("k"));
        choose(choices, "x", Map.of("a", 1.0, "b", 0.5, "c", 0.7));
        List<String> timed = new ArrayList<>();
        String chosen = choices.choose("x", " with b kept", WAYS, true, ways -> {
            timed.addAll(ways);
            return new double[] {0.6, 0.5};
        });
        assertThat(timed).containsExactly("b", "c");
        assertThat(chosen).isEqualTo("c");
        choose(choices, "y", Map.of("a", 1.0, "b", 0.5, "c", 1.0));
        assertThat(choices.choose("y", " with b kept", WAYS, true, ways -> {
                    throw new AssertionError("only one is left");
                }))
                .isEqualTo("b");
    }

    @Test
    void aChoiceIsKeptForTheNextRun() throws IOException {
        Path file = folder.resolve("deep/er/kernels.properties");
        KernelChoices first = KernelChoices.at(file);
        choose(first, "x 3x3:y", Map.of("a", 1.0, "b", 2.0, "c", 0.1));
        first.save();
        assertThat(choose(KernelChoices.at(file), "x 3x3:y", Map.of("a", 0.1, "b", 1.0, "c", 1.0)))
                .isEqualTo("c");
        Files.writeString(file, "\\u12 is no character");
        assertThat(choose(KernelChoices.at(file), "x 3x3:y", Map.of("a", 0.1, "b", 1.0, "c", 1.0)))
                .isEqualTo("a");
    }

    @Test
    void aFolderThatCannotBeWrittenDoesNoHarm() throws IOException {
        Path blocked = Files.writeString(folder.resolve("file"), "x");
        KernelChoices choices = KernelChoices.at(blocked.resolve("kernels"));
        choose(choices, "k", Map.of("a", 1.0, "b", 0.5, "c", 1.0));
        choices.save();
        assertThat(choose(choices, "k", Map.of())).isEqualTo("b");
    }
}
