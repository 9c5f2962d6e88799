package org.latent4j.gan.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataException;
import org.latent4j.data.PointSet;
import org.latent4j.gan.GanTrainer;
import org.latent4j.gan.TrainingOptions;
import org.latent4j.gan.network.Networks;

/** Runs whose networks were trained before. */
class PretrainedTest {
    private static final TrainingOptions OPTIONS = TrainingOptions.defaults()
            .withBatch(16)
            .withEma(0.9)
            .withSteps(20)
            .withIntervals(10, 20, 10)
            .withDevice("cpu");

    private final PointSet data = data();

    @TempDir
    private Path folder;

    @Test
    void aRunGoesOnFromAModelAndHoldsItFromTheBeginning() {
        Path first = folder.resolve("first");
        Networks.Pair pair = Networks.configure(Networks.defaults(Networks.MLP, data.shape()), data.shape(), 1);
        train(first, new ComputationGraph(pair.generator()), new ComputationGraph(pair.discriminator()), false, 20);
        Checkpoint last = StoredRun.open(first).newest();

        Path whole = folder.resolve("whole");
        train(whole, ModelZip.readToTrain(last.generator()), ModelZip.readToTrain(last.discriminator()), false, 20);
        Path parts = folder.resolve("parts");
        assertThatThrownBy(() -> train(
                        parts,
                        ModelZip.readToTrain(last.generator()),
                        ModelZip.readToTrain(last.discriminator()),
                        false,
                        -3))
                .isInstanceOf(Killed.class);
        Checkpoint begin = StoredRun.open(parts).newest();
        assertThat(begin.step()).isZero();
        ComputationGraph given = ModelZip.read(last.generator());
        ComputationGraph held = ModelZip.read(begin.generator());
        assertThat(held.params()).isEqualTo(given.params());
        assertThat(held.getUpdater().getStateViewArray())
                .isEqualTo(given.getUpdater().getStateViewArray());
        assertThat(held.getConfiguration().getIterationCount()).isEqualTo(20);

        train(
                parts,
                ModelZip.readToTrain(parts.resolve("generator.json")),
                ModelZip.readToTrain(parts.resolve("discriminator.json")),
                true,
                20);
        ComputationGraph resumed = ModelZip.read(StoredRun.open(parts).newest().generator());
        assertThat(resumed.params())
                .isEqualTo(ModelZip.read(StoredRun.open(whole).newest().generator())
                        .params())
                .isNotEqualTo(given.params());
        assertThat(resumed.getConfiguration().getIterationCount()).isEqualTo(40);
        assertThat(StoredRun.open(first).checkpoints().get(0).step())
                .as("networks drawn from a seed need none")
                .isEqualTo(10);
    }

    @Test
    void whatIsNeitherAConfigurationNorAModelIsNamed() throws IOException {
        Path torn = Files.write(folder.resolve("torn.zip"), new byte[] {'P', 'K', 3, 4, 0});
        assertThatThrownBy(() -> ModelZip.readToTrain(torn))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("torn.zip is no usable DL4J model");
        assertThatThrownBy(() -> ModelZip.readToTrain(folder.resolve("none.zip")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("does not exist")
                .hasMessageContaining("or the zip of a model");
    }

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** A negative {@code stop} throws after as many steps, as a kill would. */
    private void train(Path run, ComputationGraph generator, ComputationGraph discriminator, boolean resume, int stop) {
        AtomicInteger done = new AtomicInteger();
        new GanTrainer(generator, discriminator, data, OPTIONS)
                .runDirectory(run)
                .resume(resume)
                .stopWhen(() -> {
                    if (done.incrementAndGet() == -stop) {
                        throw new Killed();
                    }
                    return false;
                })
                .train();
    }

    private static PointSet data() {
        float[] values = new float[100 * 2];
        new Philox(1, Philox.Purpose.SYNTHETIC, 6).fillNormal(values, 0, values.length);
        return new PointSet("hundred", PointSet.numbered(2), values);
    }
}
