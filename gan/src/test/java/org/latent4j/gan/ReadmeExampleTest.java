package org.latent4j.gan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latent4j.data.DataSource;
import org.latent4j.data.Dataset;
import org.latent4j.data.Progress;
import org.latent4j.data.SampleShape;
import org.latent4j.gan.network.NetworkOptions;
import org.latent4j.gan.network.Networks;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The README's Java code: it is the code below, and it runs. */
class ReadmeExampleTest {
    private static final Path SELF = Path.of("src/test/java/org/latent4j/gan/ReadmeExampleTest.java");

    @TempDir
    Path folder;

    @Test
    void theExampleRuns() {
        String source = "ising:l=8,n=64";
        Path runs = folder;
        int steps = 3;
        NetworkOptions small = new NetworkOptions("dcgan", 4, 100, "adam", "adam");
        Networks.Pair pair = Networks.configure(small, new SampleShape.Image(1, 8, 8), 1);
        ComputationGraph generator = new ComputationGraph(pair.generator());
        ComputationGraph discriminator = new ComputationGraph(pair.discriminator());
        List<String> shown = new ArrayList<>();

        // README begins
        Dataset images =
                DataSource.of(source).open(runs.resolve(".data"), Progress.NONE).data();
        TrainingOptions options = TrainingOptions.defaults()
                .withUpdates(1, 1) // k discriminator updates, l generator updates a step
                .withLoss(Loss.NON_SATURATING)
                .withBatch(64)
                .withSteps(steps)
                .withDevice("auto");
        new GanTrainer(generator, discriminator, images, options)
                .onStatistics(s -> shown.add(s.step() + ": V " + s.value() + ", D(x) " + s.dReal()))
                .onSamples((samples, step) -> shown.add(samples.length + " pixels at step " + step))
                .runDirectory(runs.resolve("mine"))
                .train();
        INDArray generated = generator.outputSingle(Nd4j.randn(16, 100));
        // README ends

        assertThat(shown).hasSizeGreaterThanOrEqualTo(4).anyMatch(line -> line.startsWith("3: V -"));
        assertThat(generated.shape()).containsExactly(16, 1, 8, 8);
        assertThat(runs.resolve("mine/report.html")).isNotEmptyFile();
    }

    @Test
    void theReadmeShowsThisCode() throws IOException {
        assertThat(block(Files.readString(Path.of("../README.md")), "```java\n", "```"))
                .isEqualTo(block(Files.readString(SELF), "// README begins\n", "// README ends"));
    }

    private static List<String> block(String text, String begin, String end) {
        int start = text.indexOf(begin) + begin.length();
        return text.substring(start, text.indexOf(end, start))
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
