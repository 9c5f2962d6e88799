package org.latent4j.gan.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latent4j.data.DataException;
import org.latent4j.data.DataSource;
import org.latent4j.data.Dataset;
import org.latent4j.data.Progress;
import org.latent4j.gan.GanTrainer;
import org.latent4j.gan.Latents;
import org.latent4j.gan.Recipe;
import org.latent4j.gan.TrainingOptions;
import org.latent4j.gan.network.NetworkOptions;
import org.latent4j.gan.network.Networks;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Samples that the discriminator chose, judged once more by plain DL4J. */
class BestOfTest {
    private static final String ADAM = "adam:lr=0.01,beta1=0.5";
    private static final int N = 150; // more than are drawn together
    private static final int M = 4;

    @TempDir
    private Path folder;

    /** Trained for a few steps on points, or on dark and light images by class. */
    private StoredRun trained(boolean byClass) throws IOException {
        DataSource source = DataSource.of(byClass ? shades().toString() : "moons:n=200,seed=3");
        Dataset data = source.open(folder.resolve("store"), Progress.NONE).data();
        Latents latents = Latents.of(byClass ? "normal:3+classes:2" : "normal:3");
        NetworkOptions networks = new NetworkOptions(
                Networks.MLP, 16, 16, 0, 0, byClass ? 2 : 0, latents.size(), NetworkOptions.Norm.NONE, 0, ADAM, ADAM);
        Networks.Pair pair = Networks.configure(networks, data.shape(), 1);
        Path run = folder.resolve("run");
        new GanTrainer(
                        new ComputationGraph(pair.generator()),
                        new ComputationGraph(pair.discriminator()),
                        data,
                        TrainingOptions.defaults()
                                .withBatch(8)
                                .withSteps(30)
                                .withRecipe(Recipe.PLAIN.withLatents(latents)))
                .describe(networks, source)
                .runDirectory(run)
                .train();
        return StoredRun.open(run);
    }

    private Path shades() throws IOException {
        for (int i = 0; i < 40; i++) {
            Path shade = Files.createDirectories(folder.resolve("shades").resolve(i % 2 == 0 ? "dark" : "light"));
            BufferedImage image = new BufferedImage(6, 6, BufferedImage.TYPE_BYTE_GRAY);
            for (int pixel = 0; pixel < 36; pixel++) {
                image.setRGB(pixel % 6, pixel / 6, 0x010101 * (i % 2 * 150 + i + pixel % 5));
            }
            ImageIO.write(image, "png", shade.resolve(i + ".png").toFile());
        }
        return folder.resolve("shades");
    }

    private static float[] logits(StoredRun run, float[] latents) {
        ComputationGraph generator = run.readGenerator();
        INDArray rows = Nd4j.createFromArray(latents).reshape('c', N, -1);
        return run.readDiscriminator()
                .outputSingle(generator.outputSingle(rows))
                .dup('c')
                .data()
                .asFloat();
    }

    @Test
    void eachSampleIsTheOneThatTheDiscriminatorPrefers() throws IOException {
        StoredRun run = trained(false);
        TrainedGenerator plain = TrainedGenerator.of(run, "cpu");
        TrainedGenerator selected = plain.bestOf(M, run);
        float[] first = logits(run, plain.latents(7, 0, N));
        float[] best = logits(run, selected.latents(7, 0, N));
        int better = 0;
        for (int i = 0; i < N; i++) { // the first candidate is the plain sample
            assertThat(best[i]).isGreaterThan(first[i] - 1e-5f);
            better += best[i] > first[i] ? 1 : 0;
        }
        // Of M equal chances the first one wins one: 37 of 150, with a deviation of 5.
        assertThat(N - better).isBetween(N / M - 25, N / M + 25);
        assertThat(selected.generate(selected.latents(7, 0, 3)))
                .as("samples in the data's own units")
                .isEqualTo(plain.generate(selected.latents(7, 0, 3)));
    }

    @Test
    void aSampleDoesNotDependOnTheOthers() throws IOException {
        StoredRun run = trained(false);
        TrainedGenerator selected = TrainedGenerator.of(run, "cpu").bestOf(M, run);
        float[] all = selected.latents(7, 0, N);
        assertThat(selected.latents(7, 90, 7)).isEqualTo(Arrays.copyOfRange(all, 90 * 3, 97 * 3));
        assertThat(TrainedGenerator.of(run, "cpu").bestOf(1, run).latents(7, 0, N))
                .isEqualTo(TrainedGenerator.of(run, "cpu").latents(7, 0, N));
        for (int wrong : new int[] {0, 1001}) {
            assertThatThrownBy(() -> TrainedGenerator.of(run, "cpu").bestOf(wrong, run))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("--best-of must be from 1 to 1000, but is " + wrong);
        }
    }

    @Test
    void candidatesAreOfOneClassAndJudgedAsSuch() throws IOException {
        StoredRun run = trained(true);
        TrainedGenerator plain = TrainedGenerator.of(run, "cpu");
        TrainedGenerator selected = plain.bestOf(M, run);
        Latents kinds = run.config().training().recipe().latents();
        int[] byChance = kinds.labels(plain.latents(7, 0, N));
        assertThat(kinds.labels(selected.latents(7, 0, N))).isEqualTo(byChance).contains(0, 1);
        int[] turns = {1, 1, 0};
        float[] first = logits(run, plain.latents(7, 0, N, turns));
        float[] latents = selected.latents(7, 0, N, turns);
        float[] best = logits(run, latents);
        int better = 0;
        for (int i = 0; i < N; i++) {
            int own = 2 * i + turns[i % 3];
            assertThat(kinds.labels(latents)[i]).isEqualTo(turns[i % 3]);
            assertThat(best[own]).isGreaterThan(first[own] - 1e-5f);
            better += best[own] > first[own] ? 1 : 0;
        }
        assertThat(N - better).isBetween(N / M - 25, N / M + 25);
    }
}
