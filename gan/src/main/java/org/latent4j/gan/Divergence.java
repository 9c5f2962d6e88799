package org.latent4j.gan;

import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Stops a run in the update in which a number stops being finite, and finds the layer where that begins. Shared by all devices. */
public final class Divergence {
    private static final String REMEDY =
            "; lower the learning rate, clip gradients, or add batch norm, and resume from the last checkpoint";

    private final ComputationGraph generator;
    private final ComputationGraph discriminator;

    public Divergence(ComputationGraph generator, ComputationGraph discriminator) {
        this.generator = generator;
        this.discriminator = discriminator;
    }

    /**
     * Throws {@link TrainingDivergedException} unless the loss is finite.
     *
     * @param network whose loss it is
     * @param latents what the generator took, (m, latent)
     * @param discriminatorInputs what the discriminator took, in the order in which to look
     */
    public void requireFiniteLoss(String network, double loss, INDArray latents, INDArray... discriminatorInputs) {
        if (Double.isFinite(loss)) {
            return;
        }
        String place = "the discriminator's logits";
        String layer = firstBadActivation(generator, latents);
        if (layer != null) {
            place = "the generator's layer " + layer;
        }
        for (int i = 0; i < discriminatorInputs.length && layer == null; i++) {
            layer = firstBadActivation(discriminator, discriminatorInputs[i]);
            if (layer != null) {
                place = "the discriminator's layer " + layer;
            }
        }
        throw new TrainingDivergedException(
                "the " + network + "'s loss became " + loss + ", first in " + place + REMEDY);
    }

    public void requireFiniteGenerator(double loss) {
        requireFiniteParameters("generator", generator, loss);
    }

    public void requireFiniteDiscriminator(double loss) {
        requireFiniteParameters("discriminator", discriminator, loss);
    }

    private static void requireFiniteParameters(String network, ComputationGraph graph, double loss) {
        if (Double.isFinite(graph.params().sumNumber().doubleValue())) {
            return;
        }
        for (int index : graph.topologicalSortOrder()) {
            GraphVertex vertex = graph.getVertices()[index];
            Map<String, INDArray> table = vertex.paramTable(false);
            if (table != null
                    && table.values().stream()
                            .anyMatch(
                                    array -> !Double.isFinite(array.sumNumber().doubleValue()))) {
                throw new TrainingDivergedException("the " + network + "'s layer " + vertex.getVertexName()
                        + " has parameters that are not finite after update "
                        + graph.getConfiguration().getIterationCount() + " (loss " + loss + ")" + REMEDY);
            }
        }
    }

    private static String firstBadActivation(ComputationGraph graph, INDArray input) {
        MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces();
        try {
            Map<String, INDArray> activations = graph.feedForward(new INDArray[] {input.dup('c')}, true, true);
            for (int index : graph.topologicalSortOrder()) {
                String name = graph.getVertices()[index].getVertexName();
                INDArray activation = activations.get(name);
                if (activation != null
                        && !Double.isFinite(activation.sumNumber().doubleValue())) {
                    return name;
                }
            }
            return null;
        } finally {
            outside.close();
        }
    }
}
