package org.latent4j.gan.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.Philox;
import org.latent4j.data.Progress;
import org.latent4j.data.SampleShape;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * Features of a convolutional network with random weights: what edges and textures an image has, and roughly where.
 *
 * <p>Four 3x3 convolutions with LeakyReLU 0.2, 32, 64, 64 and 64 channels, each but the first of stride 2 while the image has more than 4
 * pixels a side; the means of each channel over the four quadrants are the features: (n, 896). Weights are normal with variance 2 / fan-in,
 * drawn from the seed, without biases.
 *
 * <p>Source: Naeem, Oh, Uh, Choi, Yoo, "Reliable fidelity and diversity metrics for generative models", ICML 2020, section 4: random
 * embeddings, for data unlike those that pretrained networks have seen.
 */
public final class RandomFeatures implements FeatureSpace {
    private static final int[] CHANNELS = {32, 64, 64, 64};
    private static final int SMALLEST = 4;
    private static final int BATCH = 64;
    private static final long WEIGHTS_STREAM = -11;
    private static final String TASK = "random convolution features";

    private final long seed;
    private final List<Step> steps;
    private final NetworkOutputs network;

    /** One convolution: its stride, and the size of what comes out. */
    private record Step(int channels, int stride, int height, int width) {}

    /** {@code device} as in {@link NetworkOutputs}. */
    public RandomFeatures(SampleShape.Image shape, long seed, String device) {
        this.seed = seed;
        this.steps = steps(shape);
        ComputationGraph graph = new ComputationGraph(configuration(shape.channels(), steps));
        graph.init();
        Philox random = new Philox(seed, Philox.Purpose.EVALUATION, WEIGHTS_STREAM);
        graph.paramTable().forEach((name, array) -> {
            float[] weights = new float[(int) array.length()];
            random.fillNormal(weights, 0, weights.length);
            double scale = Math.sqrt(2 / 1.04 * array.size(0) / array.length()); // 1.04 = 1 + 0.2^2
            array.assign(Nd4j.createFromArray(weights).muli(scale).reshape(array.shape()));
        });
        this.network = new NetworkOutputs(graph, device, BATCH, shape.channels(), shape.height(), shape.width());
    }

    private static List<Step> steps(SampleShape.Image shape) {
        List<Step> steps = new ArrayList<>();
        int height = shape.height();
        int width = shape.width();
        for (int channels : CHANNELS) {
            int stride = !steps.isEmpty() && Math.min(height, width) > SMALLEST ? 2 : 1;
            height = (height + stride - 1) / stride;
            width = (width + stride - 1) / stride;
            steps.add(new Step(channels, stride, height, width));
        }
        return steps;
    }

    private static ComputationGraphConfiguration configuration(int inputChannels, List<Step> steps) {
        var graph = new NeuralNetConfiguration.Builder()
                .updater(new NoOp())
                .trainingWorkspaceMode(WorkspaceMode.NONE)
                .inferenceWorkspaceMode(WorkspaceMode.NONE)
                .graphBuilder()
                .addInputs("in");
        String previous = "in";
        int channels = inputChannels;
        List<String> names = new ArrayList<>();
        for (Step step : steps) {
            String name = "conv" + (names.size() + 1);
            graph.addLayer(
                    name,
                    new ConvolutionLayer.Builder(3, 3)
                            .stride(step.stride(), step.stride())
                            .convolutionMode(ConvolutionMode.Same)
                            .nIn(channels)
                            .nOut(step.channels())
                            .hasBias(false)
                            .activation(new ActivationLReLU(0.2))
                            .build(),
                    previous);
            names.add(name);
            previous = name;
            channels = step.channels();
        }
        return graph.setOutputs(names.toArray(String[]::new)).build();
    }

    @Override
    public String description() {
        return "random convolution features, seed " + seed;
    }

    @Override
    public Seen see(Rows samples, Progress progress) {
        int d = steps.stream().mapToInt(step -> 4 * step.channels()).sum();
        float[] features = new float[Math.multiplyExact(samples.count(), d)];
        network.run(samples, TASK, progress, (from, count, maps) -> {
            for (int row = 0; row < count; row++) {
                int at = (from + row) * d;
                for (int i = 0; i < maps.length; i++) {
                    quadrants(maps[i], row, steps.get(i), features, at);
                    at += 4 * steps.get(i).channels();
                }
            }
        });
        INDArray array = Nd4j.createFromArray(features).reshape(new long[] {samples.count(), d});
        return new Seen(array, Optional.empty());
    }

    /** Means of a sample's channels over four quadrants, which share the middle row and column of odd sizes. */
    private static void quadrants(float[] maps, int row, Step step, float[] out, int at) {
        int height = step.height();
        int width = step.width();
        int high = (height + 1) / 2;
        int wide = (width + 1) / 2;
        for (int c = 0; c < step.channels(); c++) {
            int start = (row * step.channels() + c) * height * width;
            for (int q = 0; q < 4; q++) {
                int y0 = q < 2 ? 0 : height - high;
                int x0 = q % 2 == 0 ? 0 : width - wide;
                double sum = 0;
                for (int y = y0; y < y0 + high; y++) {
                    for (int x = x0; x < x0 + wide; x++) {
                        sum += maps[start + y * width + x];
                    }
                }
                out[at + 4 * c + q] = (float) (sum / (high * wide));
            }
        }
    }
}
