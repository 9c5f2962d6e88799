package org.latent4j.gan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.latent4j.compute.DeviceOptions;
import org.latent4j.data.DataSource;
import org.latent4j.data.Dataset;
import org.latent4j.data.Progress;
import org.latent4j.gan.network.NetworkOptions;
import org.latent4j.gan.network.Networks;

/** A profile times true steps: networks and statistics are what they are without it. */
class StepProfileTest {
    private static final int STEPS = 5;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(UpdateRule.class)
    void profiledStepsLearnWhatStepsLearn(UpdateRule update) {
        TrainingOptions options = TrainingOptions.defaults()
                .withBatch(13)
                .withUpdateRule(update)
                .withLoss(Loss.RELATIVISTIC)
                .withDevice("cpu");
        ComputationGraph[] profiled = networks();
        String table;
        try (AdversarialGame game = open(profiled, options)) {
            table = game.profile(0, STEPS);
            // Products of 13 samples, 2-8-8-8-2 and 2-8-8-8-1: 160 and 152 a sample forward, as many for weights, 144
            // and 136
            // for what is between layers, 152 back to the samples.
            int both = 26 * (152 + 152 + 136) + 13 * (160 + 160 + 144) + 13 * (152 + 152);
            int alternating = both + 13 * 160 + 13 * 152;
            assertThat(game.flops()).isEqualTo(2.0 * (update == UpdateRule.SIMULTANEOUS ? both : alternating));
            game.step(STEPS);
        }
        ComputationGraph[] plain = networks();
        try (AdversarialGame game = open(plain, options)) {
            for (int step = 0; step <= STEPS; step++) {
                game.step(step);
            }
        }
        for (int i = 0; i < 2; i++) {
            assertThat(profiled[i].params()).isEqualTo(plain[i].params());
            assertThat(profiled[i].updaterState()).isEqualTo(plain[i].updaterState());
        }
        assertThat(table).contains("MatMul", "ms in all", "memory:", "latents", "loss of D", "updater of G", "in all");
        assertThat(table).doesNotContain("moving average", "passes of its own"); // there are none here
        assertThat(table).contains(update == UpdateRule.SIMULTANEOUS ? "both: " : "G: discriminator on real samples");
    }

    @Test
    void stockDl4jIsNotProfiled() {
        try (AdversarialGame game =
                open(networks(), TrainingOptions.defaults().withBatch(2).withDevice("nd4j"))) {
            assertThatThrownBy(() -> game.profile(0, 1)).hasMessageContaining("use --device cpu");
            assertThatThrownBy(game::warmUp).hasMessageContaining("use --device cpu");
        }
    }

    private AdversarialGame open(ComputationGraph[] networks, TrainingOptions options) {
        return AdversarialGame.open(networks[0], networks[1], data(), options, 0, DeviceOptions.DEFAULT);
    }

    private Dataset data() {
        return DataSource.of("moons").open(folder, Progress.NONE).data();
    }

    private ComputationGraph[] networks() {
        NetworkOptions mlp = new NetworkOptions("mlp", 8, 2, "adam:lr=1e-3", "adam:lr=1e-3");
        Networks.Pair pair = Networks.configure(mlp, data().shape(), 1);
        return new ComputationGraph[] {
            new ComputationGraph(pair.generator()), new ComputationGraph(pair.discriminator())
        };
    }
}
