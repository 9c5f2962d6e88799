package org.latent4j.gan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latent4j.compute.Philox;
import org.latent4j.compute.graph.UpdatePace;
import org.latent4j.data.DataException;
import org.latent4j.data.DataSource;
import org.latent4j.data.synthetic.Synthetic;
import org.latent4j.gan.network.NetworkOptions;
import org.latent4j.gan.network.Networks;
import org.latent4j.gan.network.Preset;
import org.latent4j.gan.network.Updaters;
import org.latent4j.gan.run.StoredRun;
import org.latent4j.gan.run.TrainedGenerator;

class RecipeTest {

    @TempDir
    Path folder;

    @Test
    void rampsFallAlongACosineOfRatios() {
        Ramp ramp = Ramp.of("0.1..0.001");
        assertThat(ramp.at(0)).isEqualTo(0.1);
        assertThat(ramp.at(0.5)).isCloseTo(0.01, within(1e-12));
        assertThat(ramp.at(0.25)).isCloseTo(0.1 * Math.pow(0.01, (1 - Math.sqrt(0.5)) / 2), within(1e-12));
        assertThat(ramp.at(7)).isEqualTo(0.001);
        assertThat(Ramp.of("2").at(0.3)).isEqualTo(2);
        assertThat(Ramp.of(ramp.toString())).isEqualTo(ramp);
        for (String bad : new String[] {"", "a", "1..", "0..1", "-1", "1..2..3"}) {
            assertThatThrownBy(() -> Ramp.of(bad)).isInstanceOf(DataException.class);
        }
    }

    @Test
    void updatersSayHowTheyChange() {
        Pace pace = Updaters.pace("adam:lr=2e-3..2e-5,beta1=0.5,beta2=0.9..0.99");
        UpdatePace over = pace.over(10);
        assertThat(over.rateFactor(0)).isEqualTo(1);
        assertThat(over.rateFactor(5)).isCloseTo(0.1, within(1e-12));
        assertThat(over.beta2(5)).isCloseTo(1 - Math.sqrt(0.1 * 0.01), within(1e-12));
        assertThat(over.beta2(20)).isCloseTo(0.99, within(1e-12));
        assertThat(Updaters.pace("adam:lr=2e-3").over(10)).isSameAs(UpdatePace.STEADY);
        assertThat(Updaters.parse("adam:lr=2e-3..2e-5").getLearningRate(0, 0)).isEqualTo(2e-3);
        assertThatThrownBy(() -> Updaters.parse("adam:beta1=0.5..0.9"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("beta1");
        assertThatThrownBy(() -> Updaters.parse("adam:beta2=0.9..1.5"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("beta2");
    }

    @Test
    void latentsOfMixedKinds() {
        Latents latents = Latents.of("normal:2+bits:3");
        assertThat(latents.size()).isEqualTo(5);
        assertThat(Latents.of(latents.toString())).isEqualTo(latents);
        assertThat(Latents.of("64")).isEqualTo(Latents.normal(64));
        float[] numbers = new float[5 * 1000];
        new Philox(1, Philox.Purpose.LATENT, 0).fillNormal(numbers, 0, numbers.length);
        float[] before = numbers.clone();
        latents.shape(numbers);
        int positive = 0;
        for (int i = 0; i < numbers.length; i++) {
            if (i % 5 < 2) {
                assertThat(numbers[i]).isEqualTo(before[i]);
            } else {
                assertThat(Math.abs(numbers[i])).isEqualTo(1);
                positive += numbers[i] > 0 ? 1 : 0;
            }
        }
        assertThat(positive / 3000.0).isCloseTo(0.5, within(0.04));
        for (String bad : new String[] {"", "0", "bits", "coins:3", "normal:2+", "normal:-1"}) {
            assertThatThrownBy(() -> Latents.of(bad))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("--latent");
        }
    }

    @Test
    void drawnLatentsAreShapedNormals() {
        for (String kinds :
                new String[] {"normal:2+bits:10", "normal:3+bits:9", "bits:6+classes:4+normal:2", "bits:1"}) {
            Latents latents = Latents.of(kinds);
            float[] expected = new float[latents.size() * 301];
            new Philox(2, Philox.Purpose.LATENT, 7).fillNormal(expected, 0, expected.length);
            latents.shape(expected);
            float[] drawn = new float[expected.length];
            latents.draw(new Philox(2, Philox.Purpose.LATENT, 7), drawn);
            assertThat(drawn).as(kinds).isEqualTo(expected);
        }
    }

    @Test
    void recipesAreKeptInTheConfiguration() throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        for (Preset preset : Preset.values()) {
            TrainingOptions options = preset.training();
            assertThat(mapper.readValue(mapper.writeValueAsString(options), TrainingOptions.class))
                    .isEqualTo(options);
            assertThat(Preset.of(preset.label())).isEqualTo(preset);
        }
        String old = mapper.writeValueAsString(TrainingOptions.defaults()).replaceAll("\"recipe\":\\{.*?\\}\\},", "");
        assertThat(mapper.readValue(old, TrainingOptions.class)).isEqualTo(TrainingOptions.defaults());
        for (SlopePenalty penalty : SlopePenalty.values()) {
            assertThat(SlopePenalty.of(penalty.label())).isEqualTo(penalty);
        }
        assertThatThrownBy(() -> SlopePenalty.of("r1+r3"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("r1+r2");
    }

    /** A run by a preset, stopped and resumed: schedules, penalty and latents go on where they were, bit for bit. */
    @Test
    void aPresetsRunIsResumedBitForBit() {
        Path whole = folder.resolve("whole");
        Path parts = folder.resolve("parts");
        train(whole, false, Long.MAX_VALUE);
        train(parts, false, 5);
        train(parts, true, Long.MAX_VALUE);
        StoredRun one = StoredRun.open(whole);
        StoredRun other = StoredRun.open(parts);
        assertThat(other.readGenerator().params()).isEqualTo(one.readGenerator().params());
        assertThat(other.readDiscriminator().params())
                .isEqualTo(one.readDiscriminator().params());
        assertThat(whole.resolve("stats.jsonl"))
                .as("a loss of pairs tells of pairs alone")
                .content()
                .contains("\"pairsWon\":", "\"lead\":")
                .doesNotContain("dReal", "jsLowerBound", "NaN");
        float[] latents = TrainedGenerator.of(one, "cpu").latents(1, 0, 20);
        for (int i = 0; i < latents.length; i++) {
            assertThat(i % 12 < 2 || Math.abs(latents[i]) == 1).isTrue();
        }
    }

    private static void train(Path run, boolean resume, long stop) {
        var data = ((Synthetic.Points) Synthetic.parse("gaussian-grid")).distribution();
        NetworkOptions networks = Preset.GRID.networks(data.shape());
        Networks.Pair graphs = Networks.configure(networks, data.shape(), 1);
        TrainingOptions preset = Preset.GRID.training();
        TrainingOptions options = preset.withSteps(12)
                .withBatch(16)
                .withIntervals(5, 5, 5)
                .withRecipe(preset.recipe()
                        .withBurnIn(12)
                        .withPaces(
                                Updaters.pace(networks.generatorUpdater()),
                                Updaters.pace(networks.discriminatorUpdater())));
        long[] steps = {0};
        new GanTrainer(
                        new ComputationGraph(graphs.generator()),
                        new ComputationGraph(graphs.discriminator()),
                        data,
                        options)
                .describe(networks, DataSource.of("gaussian-grid"))
                .runDirectory(run)
                .resume(resume)
                .stopWhen(() -> ++steps[0] >= stop)
                .train();
    }
}
