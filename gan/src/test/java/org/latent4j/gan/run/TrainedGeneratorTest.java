package org.latent4j.gan.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latent4j.compute.ComputeException;
import org.latent4j.compute.Device;
import org.latent4j.compute.graph.Close;
import org.latent4j.data.DataException;
import org.latent4j.data.DataSource;
import org.latent4j.data.Dataset;
import org.latent4j.data.Progress;
import org.latent4j.gan.GanTrainer;
import org.latent4j.gan.TrainingOptions;
import org.latent4j.gan.network.NetworkOptions;
import org.latent4j.gan.network.Networks;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** Samples of a run: the same on every device, however many are drawn. */
class TrainedGeneratorTest {
    private static final int N = 21; // three minibatches of the training, one of them not full

    @TempDir
    private Path folder;

    private StoredRun trained(
            DataSource source,
            Dataset data,
            NetworkOptions networks,
            ComputationGraph generator,
            ComputationGraph discriminator) {
        Path run = folder.resolve("run");
        new GanTrainer(
                        generator,
                        discriminator,
                        data,
                        TrainingOptions.defaults().withBatch(8).withSteps(10).withEma(0.9))
                .describe(networks, source)
                .runDirectory(run)
                .train();
        return StoredRun.open(run);
    }

    /** Deconvolutions, batch norm and vertices of our own. */
    private StoredRun lattices() {
        DataSource source = DataSource.of("ising:l=8,t=2.5,n=100");
        Dataset data = source.open(folder.resolve("store"), Progress.NONE).data();
        NetworkOptions networks = Networks.defaults(Networks.LATTICE, data.shape());
        Networks.Pair pair = Networks.configure(networks, data.shape(), 1);
        return trained(
                source,
                data,
                networks,
                new ComputationGraph(pair.generator()),
                new ComputationGraph(pair.discriminator()));
    }

    /** Points, by networks of which one has a layer that DL4J alone runs. */
    private StoredRun onlyByDl4j(boolean generator) {
        DataSource source = DataSource.of("moons:n=200,seed=3");
        Dataset data = source.open(folder.resolve("store"), Progress.NONE).data();
        return trained(
                source,
                data,
                new NetworkOptions(Networks.OWN, 0, 0, 0, 0, 0, 3, null, 0, null, null),
                new ComputationGraph(chain(3, 2, generator)),
                new ComputationGraph(chain(2, 1, !generator)));
    }

    private static ComputationGraphConfiguration chain(int inputs, int outputs, boolean onlyByDl4j) {
        var graph = graph().addLayer(
                        "hidden", new DenseLayer.Builder().nIn(inputs).nOut(5).build(), "in");
        if (onlyByDl4j) {
            graph.addLayer(
                    "factors",
                    new ElementWiseMultiplicationLayer.Builder()
                            .nIn(5)
                            .nOut(5)
                            .activation(Activation.TANH)
                            .build(),
                    "hidden");
        }
        return graph.addLayer(
                        "out",
                        new DenseLayer.Builder()
                                .nIn(5)
                                .nOut(outputs)
                                .activation(Activation.IDENTITY)
                                .build(),
                        onlyByDl4j ? "factors" : "hidden")
                .setOutputs("out")
                .build();
    }

    private static ComputationGraphConfiguration.GraphBuilder graph() {
        return new NeuralNetConfiguration.Builder()
                .seed(5)
                .updater(new Adam(0.01))
                .activation(Activation.TANH)
                .graphBuilder()
                .addInputs("in");
    }

    @Test
    void devicesDrawTheSameSamples() {
        StoredRun run = lattices();
        TrainedGenerator ours = TrainedGenerator.of(run, "cpu");
        TrainedGenerator stock = TrainedGenerator.of(run, "nd4j");
        assertThat(ours.device().kind()).isEqualTo(Device.Kind.CPU);
        assertThat(stock.device().kind()).isEqualTo(Device.Kind.ND4J);
        float[] latents = ours.latents(7, 0, N);
        INDArray plain = ModelZip.read(run.newest().average())
                .outputSingle(Nd4j.createFromArray(latents).reshape('c', N, -1));
        float[] expected = plain.dup('c').data().asFloat();
        assertThat(Close.distance(ours.generate(latents), expected)).isLessThan(1e-5);
        assertThat(Close.distance(stock.generate(latents), expected)).isLessThan(1e-6);
        assertThat(stock.latents(7, 0, N)).isEqualTo(latents);
    }

    @Test
    void aSampleDoesNotDependOnHowManyAreDrawn() {
        TrainedGenerator generator = TrainedGenerator.of(lattices(), "cpu");
        float[] all = generator.generate(generator.latents(7, 0, N));
        assertThat(generator.generate(generator.latents(7, 10, 3)))
                .isEqualTo(Arrays.copyOfRange(all, 10 * 64, 13 * 64));
    }

    @Test
    void activationsAreThoseOfDl4j() {
        StoredRun run = lattices();
        TrainedGenerator generator = TrainedGenerator.of(run, "cpu");
        float[] latents = generator.latents(7, 0, N);
        ComputationGraph graph = ModelZip.read(run.newest().average());
        Map<String, INDArray> all =
                graph.feedForward(Nd4j.createFromArray(latents).reshape('c', N, -1), false);
        assertThat(generator.firstBlock()).isEqualTo("deconv1-wrap");
        for (String vertex : List.of("noise1", "deconv1-wrap", "noise0-joined", "image")) {
            float[] expected = all.get(vertex).dup('c').data().asFloat();
            assertThat(generator.activations(latents, vertex)).as(vertex).hasSameSizeAs(expected);
            assertThat(Close.distance(generator.activations(latents, vertex), expected))
                    .as(vertex)
                    .isLessThan(1e-5);
        }
        assertThatThrownBy(() -> generator.activations(latents, "relu9"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("relu9");
    }

    @Test
    void whatNoDeviceCompilesIsDrawnByDl4jOrRefused() {
        StoredRun run = onlyByDl4j(true);
        TrainedGenerator generator = TrainedGenerator.of(run, "auto");
        assertThat(generator.device().kind()).isEqualTo(Device.Kind.ND4J);
        assertThat(generator.generate(generator.latents(7, 0, N))).hasSize(2 * N);
        assertThatThrownBy(() -> TrainedGenerator.of(run, "cpu"))
                .isInstanceOf(ComputeException.class)
                .hasMessageContaining("device cpu can't run these networks: 'factors'");
        assertThatThrownBy(() -> TrainedGenerator.of(run, "gpu"))
                .isInstanceOf(ComputeException.class)
                .hasMessageContaining("unknown device 'gpu'");
    }

    /** Each network has the best device that can run it. */
    @Test
    void aDiscriminatorThatNoDeviceCompilesChoosesByDl4j() {
        StoredRun run = onlyByDl4j(false);
        TrainedGenerator generator = TrainedGenerator.of(run, "auto").bestOf(2, run);
        assertThat(generator.device().kind()).isEqualTo(Device.Kind.CPU);
        assertThat(generator.latents(7, 0, N)).hasSize(3 * N);
        assertThatThrownBy(() -> TrainedGenerator.of(run, "cpu").bestOf(2, run))
                .isInstanceOf(ComputeException.class)
                .hasMessageContaining("'factors'");
    }
}
