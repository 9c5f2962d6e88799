package org.latent4j.gan.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.latent4j.compute.BackendUnderTest;
import org.latent4j.compute.Device;
import org.latent4j.compute.Philox;
import org.latent4j.compute.cuda.CudaUnderTest;
import org.latent4j.compute.graph.Close;
import org.latent4j.compute.network.NetworkDevice;
import org.latent4j.data.Progress;
import org.latent4j.data.SampleShape;
import org.latent4j.gan.network.NetworkOptions;
import org.latent4j.gan.network.Networks;

/**
 * Samples, features and the classifier by a card, against DL4J and the processor. On a real one with
 * {@code -Dlatent4j.test.device=cuda}, else on an emulated one.
 */
class NetworkDeviceTest {
    private static final String NAME = BackendUnderTest.device().equals("cuda") ? "cuda" : "emulated";
    private static final SampleShape.Image IMAGE = new SampleShape.Image(1, 8, 8);

    @BeforeEach
    void needsACard() {
        String problem = CudaUnderTest.problem(NAME);
        assumeTrue(problem.isEmpty(), problem);
    }

    private static NetworkDevice card() {
        return new NetworkDevice(new Device(Device.Kind.CUDA, 0), CudaUnderTest.backend(NAME));
    }

    private static float[] normal(long stream, int n) {
        float[] values = new float[n];
        new Philox(5, Philox.Purpose.EVALUATION, stream).fillNormal(values, 0, n);
        return values;
    }

    /** Also when the parameters have changed meanwhile, as in a training. */
    @Test
    void generatorsDrawTheSameSamples() {
        NetworkOptions options = Networks.defaults(Networks.LATTICE, IMAGE);
        ComputationGraph graph =
                new ComputationGraph(Networks.configure(options, IMAGE, 1).generator());
        graph.init();
        NetworkOutputs onCard = new NetworkOutputs(graph, card(), 8, options.latent());
        NetworkOutputs stock = new NetworkOutputs(graph, "nd4j", 8, options.latent());
        Rows latents = Rows.of(normal(1, 11 * options.latent()), options.latent());
        float[] before = onCard.of(latents, "", Progress.NONE)[0];
        assertThat(before).hasSize(11 * 64);
        assertThat(Close.distance(before, stock.of(latents, "", Progress.NONE)[0]))
                .isLessThan(1e-5);
        graph.params().muli(1.5);
        onCard.refresh();
        float[] after = onCard.of(latents, "", Progress.NONE)[0];
        assertThat(Close.distance(after, before)).isGreaterThan(1e-2);
        assertThat(Close.distance(after, stock.of(latents, "", Progress.NONE)[0]))
                .isLessThan(1e-5);
    }

    @Test
    void classifiersLearnTheSame() {
        int n = 40;
        Rows rows = Rows.of(normal(2, n * 64), 64);
        int[] labels = new int[n];
        Arrays.setAll(labels, i -> i % 3);
        ComputationGraph ofCard = trained(rows, labels, card());
        ComputationGraph ofProcessor = trained(rows, labels, null);
        assertThat(Close.distance(
                        ofCard.params().dup().data().asFloat(),
                        ofProcessor.params().dup().data().asFloat()))
                .isLessThan(1e-3);
    }

    /** Without a device: on the processor. */
    private static ComputationGraph trained(Rows rows, int[] labels, NetworkDevice device) {
        ComputationGraph graph = new ComputationGraph(ClassifierNetwork.configuration(IMAGE, 3, 10));
        graph.init();
        float[] start = graph.params().dup().data().asFloat();
        NetworkDevice chosen = device == null ? NetworkDevice.forTraining("cpu", graph) : device;
        new ClassifierTraining(graph, 3, 16, chosen, 1, 8, 8).train(rows, labels, 2, 0, "", Progress.NONE);
        assertThat(Close.distance(graph.params().dup().data().asFloat(), start)).isGreaterThan(1e-3);
        return graph;
    }
}
