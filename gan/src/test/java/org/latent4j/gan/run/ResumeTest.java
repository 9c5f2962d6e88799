package org.latent4j.gan.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataException;
import org.latent4j.data.Dataset;
import org.latent4j.data.PointSet;
import org.latent4j.gan.GanTrainer;
import org.latent4j.gan.Loss;
import org.latent4j.gan.TrainingObserver;
import org.latent4j.gan.TrainingOptions;
import org.latent4j.gan.TrainingPlan;
import org.latent4j.gan.UpdateRule;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.Adam;

/** A run that is stopped, killed or damaged at any moment ends with the networks of the run that was not. */
class ResumeTest {
    private static final TrainingOptions OPTIONS = TrainingOptions.defaults()
            .withUpdates(2, 3)
            .withBatch(5)
            .withEma(0.9)
            .withSteps(30)
            .withIntervals(3, 6, 6);

    @TempDir
    Path folder;

    @Test
    void aRunStoppedAtAnyStepEndsBitForBitLikeTheUninterruptedOne() throws IOException {
        Path whole = folder.resolve("whole");
        assertThat(train(whole, OPTIONS, false, Long.MAX_VALUE)).isEqualTo(new GanTrainer.Result(30, true));
        for (int stop : new int[] {1, 6, 7, 29}) {
            Path parts = folder.resolve("parts" + stop);
            assertThat(train(parts, OPTIONS, false, stop)).isEqualTo(new GanTrainer.Result(stop, false));
            assertThat(train(parts, OPTIONS, true, Long.MAX_VALUE)).isEqualTo(new GanTrainer.Result(30, true));
            assertSameNetworks(whole, parts);
            assertThat(names(parts.resolve("samples"))).containsAll(names(whole.resolve("samples")));
        }
    }

    @ParameterizedTest
    @CsvSource({"fp32, SIMULTANEOUS, RELATIVISTIC", "bf16, ALTERNATING, HINGE", "bf16, SIMULTANEOUS, LEAST_SQUARES"})
    void compiledGamesOfAllKindsResume(String precision, UpdateRule update, Loss loss) {
        TrainingOptions options = OPTIONS.withUpdates(1, 1)
                .withDevice("cpu")
                .withPrecision(precision)
                .withUpdateRule(update)
                .withLoss(loss);
        Path whole = folder.resolve("whole");
        Path parts = folder.resolve("parts");
        train(whole, options, false, Long.MAX_VALUE);
        train(parts, options, false, 7);
        train(parts, options, true, Long.MAX_VALUE);
        assertSameNetworks(whole, parts);
    }

    @Test
    void whatAKilledProcessLeavesDoesNotDisturb() throws IOException {
        Path whole = folder.resolve("whole");
        train(whole, OPTIONS, false, Long.MAX_VALUE);
        Path killed = folder.resolve("killed");
        assertThatThrownBy(() -> train(killed, OPTIONS, false, -20)).isInstanceOf(Killed.class);
        // Torn line, statistics and a sample of steps after the checkpoint, half a checkpoint of a process that is
        // dead.
        Files.writeString(
                killed.resolve("stats.jsonl"),
                "{\"step\":20,\"kimg\":0.2}\n{\"step\":21,\"ki",
                StandardOpenOption.APPEND);
        Files.writeString(killed.resolve("samples/000000.999-kimg.png"), "torn");
        Path half = Files.createDirectory(killed.resolve("checkpoints/.tmp-999999999-00000024"));
        Files.writeString(half.resolve("generator.zip"), "torn");

        train(killed, OPTIONS, true, Long.MAX_VALUE);
        assertSameNetworks(whole, killed);
        assertThat(half).doesNotExist();
        assertThat(killed.resolve("samples/000000.999-kimg.png")).doesNotExist();
        assertThat(steps(killed)).isEqualTo(steps(whole));
        assertThat(names(killed.resolve("checkpoints"))).isEqualTo(List.of("00000018", "00000024", "00000030"));
        assertThat(killed.resolve("report.html")).isNotEmptyFile();
    }

    @Test
    void anotherConfigurationIsRefusedWithAllDifferences() {
        Path run = folder.resolve("run");
        train(run, OPTIONS, false, 7);
        assertThat(StoredRun.open(run).config().training().device()).isEqualTo("cpu"); // what auto chose
        assertThatThrownBy(() -> train(run, OPTIONS.withDevice("nd4j"), true, Long.MAX_VALUE))
                .hasMessageContaining("training.device: cpu in the run, nd4j now");
        assertThatThrownBy(() -> train(run, OPTIONS, false, Long.MAX_VALUE))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("already holds a run")
                .hasMessageContaining("--resume");
        assertThatThrownBy(() -> train(run, OPTIONS.withBatch(4).withSeed(2), true, Long.MAX_VALUE))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("training.batch: 5 in the run, 4 now")
                .hasMessageContaining("training.seed: 1 in the run, 2 now");
        assertThatThrownBy(() -> train(run, OPTIONS.withArithmetic(true, true), true, Long.MAX_VALUE))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("training.tf32: false in the run, true now")
                .hasMessageContaining("training.deterministic: false in the run, true now");
        TrainingOptions longer = OPTIONS.withSteps(33).withIntervals(3, 6, 6);
        assertThat(train(run, longer, true, Long.MAX_VALUE)).isEqualTo(new GanTrainer.Result(33, true));
        assertThatThrownBy(() -> train(run, OPTIONS, true, Long.MAX_VALUE))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("has done 33 steps already");
    }

    @Test
    void checkpointsArePlainDl4jModelsWithTheirUpdaterState() throws IOException {
        Path run = folder.resolve("run");
        ComputationGraph generator = generator();
        ComputationGraph discriminator = discriminator();
        float[][] shown = new float[1][];
        new GanTrainer(generator, discriminator, data(), OPTIONS)
                .runDirectory(run)
                .onSamples((samples, step) -> shown[0] = samples.clone())
                .train();
        ComputationGraph trained = ModelSerializer.restoreComputationGraph(
                run.resolve("checkpoints/00000030/generator.zip").toFile(), true);
        assertThat(trained.params()).isEqualTo(generator.params());
        assertThat(trained.updaterState()).isEqualTo(generator.updaterState());
        assertThat(trained.getConfiguration().getIterationCount()).isEqualTo(90); // l = 3 updates a step

        // Samples are shown by the moving average, which is a plain DL4J model too.
        ComputationGraph restored = ModelSerializer.restoreComputationGraph(
                run.resolve("checkpoints/00000030/ema.zip").toFile(), false);

        float[] latents = new float[shown[0].length / 2 * 3];
        new Philox(1, Philox.Purpose.SAMPLE_GRID, 0).fillNormal(latents, 0, latents.length);
        float[] samples = restored.outputSingle(Nd4j.createFromArray(latents).reshape(latents.length / 3, 3))
                .dup('c')
                .data()
                .asFloat();
        StoredRun.open(run).config().scaling().toData(samples);
        assertThat(samples).containsExactly(shown[0], offset(1e-5f));
    }

    @Test
    void twoProcessesDoNotTrainInOneFolder() {
        Path run = folder.resolve("run");
        try (RunDirectory held = RunDirectory.open(run)) {
            assertThat(held.holdsRun()).isFalse();
            assertThatThrownBy(() -> train(run, OPTIONS, false, 3))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("in use by another training process");
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> train(file.resolve("run"), OPTIONS, false, 3))
                .isInstanceOf(RunException.class)
                .hasMessageContaining("can't be written");
    }

    @Test
    void aFailedWriteKeepsTheEarlierCheckpoints() throws IOException {
        Path run = folder.resolve("run");
        train(run, OPTIONS, false, 12);
        // A folder in the report's place makes its write fail, as a full disk would.
        Path report = run.resolve("report.html");
        Files.delete(report);
        Files.createDirectory(report);
        Files.createFile(report.resolve("occupied"));
        assertThatThrownBy(() -> train(run, OPTIONS, true, Long.MAX_VALUE))
                .isInstanceOf(RunException.class)
                .hasMessageContaining("report.html could not be written")
                .hasMessageContaining("earlier checkpoints are intact");
        assertThat(StoredRun.open(run).newest().step()).isEqualTo(18);
    }

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Trains; a positive {@code stop} asks the run to stop there, a negative one throws after step -stop as a kill would. */
    private static GanTrainer.Result train(Path run, TrainingOptions options, boolean resume, long stop) {
        AtomicLong done = new AtomicLong();
        return new GanTrainer(generator(), discriminator(), data(), options)
                .runDirectory(run)
                .force(true) // 16-bit numbers on every processor
                .resume(resume)
                .observe(new TrainingObserver() {
                    @Override
                    public void started(TrainingPlan plan, long firstStep) {
                        done.set(firstStep);
                    }

                    @Override
                    public void step(long step) {
                        if (step == -stop) {
                            throw new Killed();
                        }
                    }
                })
                .stopWhen(() -> done.incrementAndGet() == stop)
                .train();
    }

    private static void assertSameNetworks(Path a, Path b) {
        for (String network : List.of("generator.zip", "discriminator.zip")) {
            ComputationGraph first =
                    ModelZip.read(a.resolve("checkpoints/00000030").resolve(network));
            ComputationGraph second =
                    ModelZip.read(b.resolve("checkpoints/00000030").resolve(network));
            assertThat(first.params().data().asFloat())
                    .containsExactly(second.params().data().asFloat());
            assertThat(first.updaterState().data().asFloat())
                    .containsExactly(second.updaterState().data().asFloat());
        }
        float[] average = average(a).params().data().asFloat();
        assertThat(average).containsExactly(average(b).params().data().asFloat());
        assertThat(average)
                .isNotEqualTo(ModelZip.read(a.resolve("checkpoints/00000030/generator.zip"))
                        .params()
                        .data()
                        .asFloat());
    }

    private static ComputationGraph average(Path run) {
        return ModelZip.read(run.resolve("checkpoints/00000030/ema.zip"));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static List<String> steps(Path run) {
        try (Stream<String> lines = Files.lines(run.resolve("stats.jsonl"))) {
            return lines.map(line -> line.replaceAll(".*\"step\":(\\d+),.*", "$1"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Thirteen points, so that minibatches of five cross the ends of epochs. */
    private static Dataset data() {
        float[] values = new float[13 * 2];
        new Philox(1, Philox.Purpose.SYNTHETIC, 9).fillNormal(values, 0, values.length);
        return new PointSet("thirteen", PointSet.numbered(2), values);
    }

    /** Batch norm, dropout and an updater with state: everything that a resume could lose. */
    private static ComputationGraph generator() {
        return new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Adam(1e-3))
                .graphBuilder()
                .addInputs("z")
                .addLayer(
                        "dense",
                        new DenseLayer.Builder().nIn(3).nOut(7).dropOut(0.8).build(),
                        "z")
                .addLayer(
                        "norm", new BatchNormalization.Builder().nIn(7).nOut(7).build(), "dense")
                .addLayer(
                        "out",
                        new DenseLayer.Builder()
                                .nIn(7)
                                .nOut(2)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "norm")
                .setOutputs("out")
                .build());
    }

    private static ComputationGraph discriminator() {
        return new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(4)
                .l2(1e-3)
                .updater(new AMSGrad(1e-3))
                .graphBuilder()
                .addInputs("x")
                .addLayer(
                        "dense",
                        new DenseLayer.Builder().nIn(2).nOut(7).dropOut(0.7).build(),
                        "x")
                .addLayer(
                        "out",
                        new DenseLayer.Builder()
                                .nIn(7)
                                .nOut(1)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "dense")
                .setOutputs("out")
                .build());
    }
}
