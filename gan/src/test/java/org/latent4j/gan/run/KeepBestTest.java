package org.latent4j.gan.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latent4j.compute.Device;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataException;
import org.latent4j.data.DataSource;
import org.latent4j.data.PointSet;
import org.latent4j.data.Progress;
import org.latent4j.gan.BestSoFar;
import org.latent4j.gan.GanTrainer;
import org.latent4j.gan.Loss;
import org.latent4j.gan.TrainingOptions;
import org.latent4j.gan.TrainingStatistics.Score;
import org.latent4j.gan.evaluate.Evaluator;
import org.latent4j.gan.evaluate.FeatureSpace;
import org.latent4j.gan.evaluate.Measure;
import org.latent4j.gan.network.NetworkOptions;
import org.latent4j.gan.network.Networks;

/** The checkpoint whose samples are best by a figure stays, also where the game goes wrong after it. */
class KeepBestTest {
    private static final int STEPS = 200;

    /** Wasserstein's game without a penalty: the generator runs away. */
    private static final TrainingOptions OPTIONS = TrainingOptions.defaults()
            .withLoss(Loss.WASSERSTEIN)
            .withBatch(16)
            .withSteps(STEPS)
            .withIntervals(50, 100, 40)
            .withEvaluateEvery(5)
            .withKeepBest("frechet");

    private final PointSet data = data();

    @TempDir
    private Path folder;

    @Test
    void theBestStaysBesideTheLastThree() throws IOException {
        Path run = folder.resolve("run");
        train(run, OPTIONS, false, STEPS);
        StoredRun stored = StoredRun.open(run);
        BestSoFar best = stored.best();
        assertThat(best.step()).as("the game goes wrong").isBetween(1L, 100L);
        assertThat(best.step()).isEqualTo(nearestOf(run));
        assertThat(stored.checkpoints().stream().map(Checkpoint::step))
                .as("of which only the best is no 40 steps apart")
                .containsExactlyElementsOf(new TreeSet<>(List.of(best.step(), 120L, 160L, 200L)));
        assertThat(best.toString()).startsWith("Frechet distance ");

        assertThat(stored.at("best").newest().step()).isEqualTo(best.step());
        assertThat(stored.at("160").readGenerator().params())
                .isNotEqualTo(stored.at("newest").readGenerator().params());
        assertThat(TrainedGenerator.of(stored.at("best"), "cpu").step()).isEqualTo(best.step());
        for (String wrong : List.of("80", "last", "-1")) {
            assertThatThrownBy(() -> stored.at(wrong))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("--checkpoint " + wrong)
                    .hasMessageContaining("120, 160, 200; give one of them, newest or best");
        }
    }

    @Test
    void aRunInPartsKeepsTheSame() throws IOException {
        Path whole = folder.resolve("whole");
        Path parts = folder.resolve("parts");
        train(whole, OPTIONS, false, STEPS);
        train(parts, OPTIONS, false, 105);
        train(parts, OPTIONS, true, STEPS);
        assertThat(steps(parts)).isEqualTo(steps(whole));
        assertThat(StoredRun.open(parts).best().step())
                .isEqualTo(StoredRun.open(whole).best().step());
    }

    @Test
    void whatCannotBeKeptIsSaidBeforeTheGameBegins() {
        Path run = folder.resolve("run");
        assertThatThrownBy(() -> train(run, OPTIONS.withKeepBest("fid"), false, STEPS))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("--keep-best")
                .hasMessageContaining("frechet");
        assertThatThrownBy(() -> train(run, OPTIONS.withKeepBest("energy"), false, STEPS))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("metric ising, which is not measured here");
        assertThat(run).doesNotExist();
        train(run, OPTIONS.withKeepBest(null), false, 10);
        assertThatThrownBy(() -> StoredRun.open(run).at("best"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("trained without --keep-best");
    }

    @Test
    void theBestDiffersLeastFromRealSamples() {
        BestSoFar best = new BestSoFar("precision");
        assertThat(best.improves(1, new Score(0.80, 0.90))).isTrue();
        assertThat(best.improves(2, new Score(1.00, 0.90))).as("as far above").isFalse();
        assertThat(best.improves(3, new Score(Double.NaN, 0.90))).isFalse();
        assertThat(best.improves(4, null)).isFalse();
        assertThat(best.improves(5, new Score(0.95, 0.90))).isTrue();
        assertThat(best.step()).isEqualTo(5);
        assertThat(best).hasToString("precision 0.9500 (real samples 0.9000)");
        assertThat(TrainingOptions.defaults().withKeepBest("kid").evaluateEvery())
                .as("as often as checkpoints")
                .isEqualTo(100);
    }

    /** The step with the least gap by the statistics' own words. */
    private static long nearestOf(Path run) throws IOException {
        long nearest = -1;
        double least = Double.MAX_VALUE;
        for (var line : RunDirectory.statistics(run)) {
            var score = line.path("evaluation").path("frechet");
            double gap = Math.abs(score.path("value").asDouble(Double.NaN)
                    - score.path("floor").asDouble());
            if (gap < least) {
                least = gap;
                nearest = line.path("step").asLong();
            }
        }
        return nearest;
    }

    private static List<String> steps(Path run) throws IOException {
        try (Stream<Path> files = Files.list(run.resolve("checkpoints"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private void train(Path run, TrainingOptions options, boolean resume, int stop) {
        NetworkOptions networks = Networks.defaults(Networks.MLP, data.shape());
        Networks.Pair graphs = Networks.configure(networks, data.shape(), 1);
        AtomicInteger done = new AtomicInteger(resume ? 105 : 0);
        new GanTrainer(
                        new ComputationGraph(graphs.generator()),
                        new ComputationGraph(graphs.discriminator()),
                        data,
                        options.withDevice("cpu"))
                .describe(networks, DataSource.of("points"))
                .runDirectory(run)
                .resume(resume)
                .evaluator(new Evaluator(
                        data,
                        Optional.empty(),
                        FeatureSpace.values("coordinates"),
                        EnumSet.of(Measure.FRECHET),
                        true,
                        100,
                        1,
                        Devices.primitives(new Device(Device.Kind.CPU, 0)),
                        Progress.NONE))
                .stopWhen(() -> done.incrementAndGet() == stop)
                .train();
    }

    private static PointSet data() {
        float[] values = new float[200 * 2];
        new Philox(1, Philox.Purpose.SYNTHETIC, 5).fillNormal(values, 0, values.length);
        return new PointSet("two hundred", PointSet.numbered(2), values);
    }
}
