package org.latent4j.gan.dl4j;

import java.util.Arrays;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.Philox;
import org.latent4j.gan.AdversarialNetworks;
import org.latent4j.gan.Divergence;
import org.latent4j.gan.Loss;
import org.latent4j.gan.NetworkShapes;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The adversarial game on stock DL4J (device {@code nd4j}): the reference for every faster device.
 *
 * <p>Each network has one store of parameters, its graph's own. The generator's gradient is the discriminator's gradient with respect to
 * its input. Real and generated samples pass the discriminator together unless it mixes samples (batch norm): then they pass separately,
 * their gradients are added, and batch norm's running statistics take in both. Dropout and other noise is drawn from a stream that the
 * update's number decides, so that a run can be repeated and resumed.
 *
 * <p>Source: Goodfellow et al., "Generative adversarial nets", NeurIPS 2014, algorithm 1.
 */
public final class Dl4jNetworks implements AdversarialNetworks {
    private final GraphPass generator;
    private final GraphPass discriminator;
    private final NetworkShapes shapes;
    private final Loss loss;
    private final long seed;
    private final DataType type;
    private final boolean separatePasses;
    private final Divergence divergence;
    private final Arena discriminatorArena = new Arena("LATENT4J_DISCRIMINATOR");
    private final Arena generatorArena = new Arena("LATENT4J_GENERATOR");
    private final Arena inferenceArena = new Arena("LATENT4J_INFERENCE");

    public Dl4jNetworks(
            ComputationGraph generator, ComputationGraph discriminator, NetworkShapes shapes, Loss loss, long seed) {
        this.generator = new GraphPass(generator);
        this.discriminator = new GraphPass(discriminator);
        this.shapes = shapes;
        this.loss = loss;
        this.seed = seed;
        this.type = generator.getConfiguration().getDataType();
        this.separatePasses = NetworkShapes.mixesSamples(discriminator);
        this.divergence = new Divergence(generator, discriminator);
    }

    @Override
    public DiscriminatorUpdate updateDiscriminator(float[] real, float[] latents) {
        seedNoise(2L * discriminator.iteration());
        int m = latents.length / shapes.latent();
        return discriminatorArena.use(() -> {
            INDArray realInput = shapes.discriminatorInput(array(real), m);
            INDArray samples = generator.forward(latents(latents), true, discriminatorArena);
            INDArray fakeInput = shapes.discriminatorInput(samples, m);
            generator.clear();
            double[] realSlopes = new double[m];
            double[] fakeSlopes = new double[m];
            double[] realLogits;
            double[] fakeLogits;
            double lossValue;
            if (separatePasses) {
                realLogits = values(discriminator.forward(realInput, true, discriminatorArena));
                lossValue = loss.real(realLogits, realSlopes);
                discriminator.backward(column(realSlopes), discriminatorArena);
                INDArray realGradient = discriminator.flatGradient().dup();
                fakeLogits = values(discriminator.forward(fakeInput, true, discriminatorArena));
                lossValue += loss.fake(fakeLogits, fakeSlopes);
                discriminator.backward(column(fakeSlopes), discriminatorArena);
                discriminator.flatGradient().addi(realGradient);
            } else {
                double[] logits =
                        values(discriminator.forward(Nd4j.concat(0, realInput, fakeInput), true, discriminatorArena));
                realLogits = Arrays.copyOfRange(logits, 0, m);
                fakeLogits = Arrays.copyOfRange(logits, m, 2 * m);
                lossValue = loss.real(realLogits, realSlopes) + loss.fake(fakeLogits, fakeSlopes);
                double[] slopes = Arrays.copyOf(realSlopes, 2 * m);
                System.arraycopy(fakeSlopes, 0, slopes, m, m);
                discriminator.backward(column(slopes), discriminatorArena);
            }
            divergence.requireFiniteLoss("discriminator", lossValue, latents(latents), realInput, fakeInput);
            double norm = discriminator.flatGradient().norm2Number().doubleValue() / m;
            discriminator.update(m, discriminatorArena);
            divergence.requireFiniteDiscriminator(lossValue);
            return new DiscriminatorUpdate(
                    lossValue,
                    Loss.value(realLogits, fakeLogits),
                    Loss.meanProbability(realLogits),
                    Loss.meanProbability(fakeLogits),
                    norm);
        });
    }

    @Override
    public GeneratorUpdate updateGenerator(float[] latents) {
        seedNoise(2L * generator.iteration() + 1);
        int m = latents.length / shapes.latent();
        return generatorArena.use(() -> {
            INDArray samples = generator.forward(latents(latents), true, generatorArena);
            INDArray fakeInput = shapes.discriminatorInput(samples, m);
            double[] logits = values(discriminator.forward(fakeInput, true, generatorArena));
            double[] slopes = new double[m];
            double lossValue = loss.generator(logits, slopes);
            divergence.requireFiniteLoss("generator", lossValue, latents(latents), fakeInput);
            INDArray sampleGradient = discriminator.backward(column(slopes), generatorArena);
            generator.backward(sampleGradient.reshape('c', samples.shape()), generatorArena);
            double norm = generator.flatGradient().norm2Number().doubleValue() / m;
            generator.update(m, generatorArena);
            divergence.requireFiniteGenerator(lossValue);
            return new GeneratorUpdate(lossValue, Loss.meanProbability(logits), norm);
        });
    }

    @Override
    public float[] generate(float[] latents) {
        return inferenceArena.use(() -> {
            INDArray samples = generator.forward(latents(latents), false, inferenceArena);
            generator.clear();
            return samples.dup('c').data().asFloat();
        });
    }

    @Override
    public void load() {
        // The graphs' own arrays are the only store there is.
    }

    @Override
    public void synchronize() {
        // The graphs' own arrays are the only store there is.
    }

    @Override
    public void close() {
        discriminatorArena.close();
        generatorArena.close();
        inferenceArena.close();
    }

    /** Dropout and weight noise draw from ND4J's global generator: its state becomes a function of the seed and the update. */
    private void seedNoise(long update) {
        Nd4j.getRandom().setSeed(new Philox(seed, Philox.Purpose.NETWORK_NOISE, update).nextLong());
    }

    private INDArray latents(float[] values) {
        return array(values).reshape('c', values.length / shapes.latent(), shapes.latent());
    }

    private INDArray array(float[] values) {
        return Nd4j.createFromArray(values).castTo(type);
    }

    private INDArray column(double[] values) {
        return Nd4j.createFromArray(values).castTo(type).reshape('c', values.length, 1);
    }

    private static double[] values(INDArray logits) {
        return logits.dup('c').data().asDouble();
    }
}
