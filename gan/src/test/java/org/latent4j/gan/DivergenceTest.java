package org.latent4j.gan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.latent4j.compute.DeviceOptions;
import org.latent4j.data.DataSource;
import org.latent4j.data.Dataset;
import org.latent4j.data.Progress;
import org.latent4j.gan.network.NetworkOptions;
import org.latent4j.gan.network.Networks;

/** A number that stops being finite ends the run with the layer where that began; parameters that are not finite are never saved. */
class DivergenceTest {

    @ParameterizedTest
    @ValueSource(strings = {"nd4j", "cpu"})
    void aLossThatIsNotFiniteNamesTheLayer(String device) {
        Game game = new Game(device, "adam:lr=1e-3");
        game.generator.getLayer("dense2").getParam("W").muli(1e30);
        game.generator.getLayer("dense3").getParam("W").muli(1e30);
        assertThatThrownBy(() -> game.open().step(0))
                .isInstanceOf(TrainingDivergedException.class)
                .hasMessageContaining("first in the generator's layer dense3")
                .hasMessageContaining("lower the learning rate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nd4j", "cpu"})
    void aStepOutOfAllNumbersIsSeenBeforeItIsSaved(String device) {
        Game game = new Game(device, "sgd:lr=3e38");
        AdversarialGame open = game.open();
        assertThatThrownBy(() -> {
                    for (int step = 0; step < 3; step++) {
                        open.step(step);
                        open.networks().synchronize();
                    }
                })
                .isInstanceOf(TrainingDivergedException.class);
        assertThat(game.discriminator.getConfiguration().getIterationCount()).isLessThan(3);
    }

    private static final class Game {
        final ComputationGraph generator;
        final ComputationGraph discriminator;
        private final Dataset data =
                DataSource.of("moons").open(null, Progress.NONE).data();
        private final String device;

        Game(String device, String updater) {
            this.device = device;
            Networks.Pair pair = Networks.configure(new NetworkOptions("mlp", 8, 2, updater, updater), data.shape(), 1);
            generator = new ComputationGraph(pair.generator());
            discriminator = new ComputationGraph(pair.discriminator());
            generator.init();
            discriminator.init();
        }

        AdversarialGame open() {
            return AdversarialGame.open(
                    generator,
                    discriminator,
                    data,
                    TrainingOptions.defaults().withBatch(5).withDevice(device),
                    2,
                    DeviceOptions.DEFAULT);
        }
    }
}
