package org.latent4j.gan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.data.DataException;
import org.latent4j.data.SampleShape;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How a generator, a discriminator and the data fit together: latents (m, latent) -> samples (m, elements) -> logits (m, 1), or (m, classes)
 * where the discriminator judges each sample as one of its class.
 *
 * <p>{@link #check} runs both networks once on a minibatch of two. It throws {@link DataException} with all problems at once: several
 * inputs or outputs, an output layer or a sigmoid where logits are needed, a generator whose samples have another size than the data's, a
 * discriminator that does not take them or does not give one logit, frozen layers that would stop the generator's gradient.
 */
public final class NetworkShapes {
    private final int latent;
    private final int classes;
    private final SampleShape sample;
    private final boolean generatorGivesImages;
    private final boolean discriminatorTakesImages;

    private NetworkShapes(
            int latent,
            int classes,
            SampleShape sample,
            boolean generatorGivesImages,
            boolean discriminatorTakesImages) {
        this.latent = latent;
        this.classes = classes;
        this.sample = sample;
        this.generatorGivesImages = generatorGivesImages;
        this.discriminatorTakesImages = discriminatorTakesImages;
    }

    /** Whether the generator's samples are (m, c, h, w) and not flat. */
    public boolean generatorGivesImages() {
        return generatorGivesImages;
    }

    /** Whether the discriminator takes (m, c, h, w) and not flat samples. */
    public boolean discriminatorTakesImages() {
        return discriminatorTakesImages;
    }

    /** Numbers in one latent vector. */
    public int latent() {
        return latent;
    }

    /** Classes that samples are made and judged by; 0: none. */
    public int classes() {
        return classes;
    }

    public SampleShape sample() {
        return sample;
    }

    /** One sample as the discriminator takes it: (elements), or (channels, height, width). */
    public long[] discriminatorInput() {
        return discriminatorTakesImages && sample instanceof SampleShape.Image image
                ? new long[] {image.channels(), image.height(), image.width()}
                : new long[] {sample.elements()};
    }

    /** Samples (m, elements) or (m, c, h, w) in the rank that the discriminator takes. */
    public INDArray discriminatorInput(INDArray samples, int m) {
        if (discriminatorTakesImages) {
            SampleShape.Image image = (SampleShape.Image) sample;
            return samples.reshape('c', m, image.channels(), image.height(), image.width());
        }
        return samples.reshape('c', m, sample.elements());
    }

    /** Fits two networks without classes to the data. */
    public static NetworkShapes check(
            ComputationGraph generator, ComputationGraph discriminator, SampleShape sample, int latent) {
        return check(generator, discriminator, sample, latent, 0);
    }

    /**
     * Fits the two networks to the data.
     *
     * @param latent numbers in a latent vector, or 0 to take it from the generator's first layer
     * @param classes of which each has its own logit; 0: one logit for all samples
     */
    public static NetworkShapes check(
            ComputationGraph generator, ComputationGraph discriminator, SampleShape sample, int latent, int classes) {
        List<String> problems = new ArrayList<>();
        generator.init();
        discriminator.init();
        boolean givesImages = false;
        int inputs = latent > 0 ? latent : firstLayerInputs(generator.getConfiguration());
        boolean oneToOne =
                checkEnds("generator", generator, problems) & checkEnds("discriminator", discriminator, problems);
        if (inputs < 1) {
            problems.add(
                    "generator: the size of its latent vectors can't be told from its first layer; give it with --latent");
        } else if (latent > 0
                && firstLayerInputs(generator.getConfiguration()) > 0
                && firstLayerInputs(generator.getConfiguration()) != latent) {
            problems.add("generator: its first layer takes " + firstLayerInputs(generator.getConfiguration())
                    + " inputs, but latent vectors have " + latent);
        } else if (oneToOne) {
            givesImages = checkSamples(generator, inputs, sample, problems);
        }
        checkLogits(discriminator, problems);
        boolean takesImages = oneToOne && checkDiscriminator(discriminator, sample, classes, problems);
        if (!generator
                .getConfiguration()
                .getDataType()
                .equals(discriminator.getConfiguration().getDataType())) {
            problems.add("generator computes in " + generator.getConfiguration().getDataType() + ", discriminator in "
                    + discriminator.getConfiguration().getDataType() + ": give both the same dataType");
        }
        if (!problems.isEmpty()) {
            throw new DataException(
                    "these networks can't be trained on " + sample + ":\n  - " + String.join("\n  - ", problems));
        }
        return new NetworkShapes(inputs, classes, sample, givesImages, takesImages);
    }

    /** Whether one sample's output depends on the others of its minibatch: then real and generated ones must pass separately. */
    public static boolean mixesSamples(ComputationGraph discriminator) {
        return Arrays.stream(discriminator.getLayers())
                .map(layer -> layer.conf().getLayer())
                .anyMatch(layer -> layer instanceof BatchNormalization
                        || !layer.getClass().getName().startsWith("org.deeplearning4j."));
    }

    private static boolean checkEnds(String network, ComputationGraph graph, List<String> problems) {
        int before = problems.size();
        if (graph.getNumInputArrays() != 1) {
            problems.add(network + ": has " + graph.getNumInputArrays() + " inputs "
                    + graph.getConfiguration().getNetworkInputs() + ", but one is needed");
        }
        if (graph.getNumOutputArrays() != 1) {
            problems.add(network + ": has " + graph.getNumOutputArrays() + " outputs "
                    + graph.getConfiguration().getNetworkOutputs() + ", but one is needed");
        }
        for (String output : graph.getConfiguration().getNetworkOutputs()) {
            if (graph.getVertex(output).hasLayer() && graph.getVertex(output).getLayer() instanceof IOutputLayer) {
                problems.add(network + ": its output " + output
                        + " is an output layer with a loss of its own; the adversarial loss"
                        + " takes its place: use a DenseLayer"
                        + (network.equals("discriminator") ? " with one unit and activation identity" : ""));
            }
        }
        for (Layer layer : graph.getLayers()) {
            if (layer.conf().getLayer() instanceof FrozenLayer) {
                problems.add(network + ": layer " + layer.conf().getLayer().getLayerName()
                        + " is a FrozenLayer, which stops the gradient; unfreeze it");
            }
        }
        return problems.size() == before;
    }

    /** Whether the samples are images and not flat. */
    private static boolean checkSamples(
            ComputationGraph generator, int latent, SampleShape sample, List<String> problems) {
        try {
            INDArray samples =
                    generator.output(Nd4j.zeros(generator.getConfiguration().getDataType(), 2, latent))[0];
            long elements = samples.length() / 2;
            boolean sameImage = !(sample instanceof SampleShape.Image image)
                    || samples.rank() == 2
                    || Arrays.equals(samples.shape(), new long[] {2, image.channels(), image.height(), image.width()});
            if (elements != sample.elements() || !sameImage) {
                problems.add("generator: gives samples of shape " + shape(samples) + ", but the data are " + sample
                        + " = " + expected(sample));
            }
            return samples.rank() == 4;
        } catch (RuntimeException e) {
            problems.add("generator: does not run on latent vectors of " + latent + " numbers: " + firstLine(e));
            return false;
        }
    }

    private static void checkLogits(ComputationGraph discriminator, List<String> problems) {
        String output = discriminator.getConfiguration().getNetworkOutputs().get(0);
        if (discriminator.getVertex(output).hasLayer()
                && discriminator.getVertex(output).getLayer().conf().getLayer() instanceof BaseLayer base
                && base.getActivationFn() instanceof ActivationSigmoid) {
            problems.add("discriminator: its last layer " + output
                    + " applies a sigmoid, but losses take logits: use activation identity");
        }
    }

    /** Tries images first where the data are images, then flat samples. */
    private static boolean checkDiscriminator(
            ComputationGraph discriminator, SampleShape sample, int classes, List<String> problems) {
        List<String> reasons = new ArrayList<>();
        for (boolean images :
                sample instanceof SampleShape.Image ? new boolean[] {true, false} : new boolean[] {false}) {
            INDArray input = new NetworkShapes(1, classes, sample, images, images)
                    .discriminatorInput(
                            Nd4j.zeros(discriminator.getConfiguration().getDataType(), 2, sample.elements()), 2);
            try {
                INDArray logits = discriminator.output(input)[0];
                if (logits.length() == 2L * Math.max(1, classes)) {
                    return images;
                }
                reasons.add("gives " + shape(logits) + " for samples " + shape(input) + ", but "
                        + (classes == 0 ? "one logit each is" : "a logit for each of " + classes + " classes is")
                        + " needed");
            } catch (RuntimeException e) {
                reasons.add("does not take samples " + shape(input) + ": " + firstLine(e));
            }
        }
        problems.add("discriminator: " + String.join("; ", reasons));
        return false;
    }

    private static int firstLayerInputs(ComputationGraphConfiguration configuration) {
        String input = configuration.getNetworkInputs().get(0);
        return configuration.getVertexInputs().entrySet().stream()
                .filter(entry -> entry.getValue().contains(input))
                .map(entry -> configuration.getVertices().get(entry.getKey()))
                .filter(vertex -> vertex instanceof LayerVertex layer
                        && layer.getPreProcessor() == null
                        && layer.getLayerConf().getLayer() instanceof FeedForwardLayer)
                .mapToInt(vertex -> Math.toIntExact(((FeedForwardLayer)
                                ((LayerVertex) vertex).getLayerConf().getLayer())
                        .getNIn()))
                .findFirst()
                .orElse(0);
    }

    private static String expected(SampleShape sample) {
        return sample instanceof SampleShape.Image image
                ? "(n, " + image.channels() + ", " + image.height() + ", " + image.width() + ")"
                : "(n, " + sample.elements() + ")";
    }

    private static String shape(INDArray array) {
        StringBuilder text = new StringBuilder("(n");
        for (int i = 1; i < array.rank(); i++) {
            text.append(", ").append(array.size(i));
        }
        return text.append(')').toString();
    }

    private static String firstLine(RuntimeException e) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        return message.lines().findFirst().orElse(message);
    }
}
