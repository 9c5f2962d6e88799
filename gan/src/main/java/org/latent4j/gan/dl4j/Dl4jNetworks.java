package org.latent4j.gan.dl4j;

import java.util.Arrays;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataException;
import org.latent4j.gan.AdversarialNetworks;
import org.latent4j.gan.Chosen;
import org.latent4j.gan.Divergence;
import org.latent4j.gan.Loss;
import org.latent4j.gan.Minibatch;
import org.latent4j.gan.MovingAverage;
import org.latent4j.gan.NetworkShapes;
import org.latent4j.gan.Recipe;
import org.latent4j.gan.SlopePenalty;
import org.latent4j.gan.SpectralNorm;
import org.latent4j.gan.TrainingOptions;
import org.latent4j.gan.Views;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The adversarial game on stock DL4J (device {@code nd4j}): the reference for every faster device.
 *
 * <p>Each network has one store of parameters, its graph's own. The generator's gradient is the discriminator's gradient with respect to
 * its input. Real and generated samples pass the discriminator together unless it mixes samples (batch norm): then they pass separately,
 * their gradients are added, and batch norm's running statistics take in both. Layers keep one pass at a time; what a gradient needs again is
 * computed again. Dropout and other noise is drawn from a stream that the
 * pass's number decides, so that a run can be repeated and resumed.
 *
 * <p>Source: Goodfellow et al., "Generative adversarial nets", NeurIPS 2014, algorithm 1.
 */
public final class Dl4jNetworks implements AdversarialNetworks {
    /** Passes in an update of each network, whose noise differs. */
    private static final long PASSES = 10;

    private final Recipe recipe;
    private final double discriminatorBurnIn;
    private final GraphPass generator;
    private final GraphPass discriminator;
    private final NetworkShapes shapes;
    private final Loss loss;
    private final int m;
    private final long seed;
    private final MovingAverage average;
    private final GraphPass averaged;
    private final DataType type;
    private final boolean separatePasses;
    private final Divergence divergence;
    private final Chosen chosen;
    private final Views views;
    private final SpectralNorm spectralNorm;
    private final Arena discriminatorArena = new Arena("LATENT4J_DISCRIMINATOR");
    private final Arena generatorArena = new Arena("LATENT4J_GENERATOR");
    private final Arena inferenceArena = new Arena("LATENT4J_INFERENCE");

    /**
     * Plays with two graphs.
     *
     * @param average what follows the generator, or null
     */
    public Dl4jNetworks(
            ComputationGraph generator,
            ComputationGraph discriminator,
            MovingAverage average,
            NetworkShapes shapes,
            TrainingOptions options) {
        this.recipe = options.recipe();
        if (recipe.penalty().isExact()) {
            throw new DataException("--penalty " + recipe.penalty().label()
                    + ": device nd4j has no exact penalties, which would need second derivatives; use --penalty approximate"
                    + " with --device nd4j, or --device cpu");
        }
        double burnIn = recipe.burnIn(options.steps());
        this.discriminatorBurnIn = burnIn * options.k();
        this.generator = new GraphPass(generator, recipe.generatorPace().over(burnIn * options.l()));
        this.discriminator =
                new GraphPass(discriminator, recipe.discriminatorPace().over(discriminatorBurnIn));
        this.average = average;
        this.averaged = average == null ? null : new GraphPass(average.graph());
        this.shapes = shapes;
        this.loss = options.loss();
        this.m = options.batch();
        this.seed = options.seed();
        this.type = generator.getConfiguration().getDataType();
        this.separatePasses = NetworkShapes.mixesSamples(discriminator);
        this.divergence = new Divergence(generator, discriminator);
        this.chosen = new Chosen(shapes.classes(), m);
        this.views = new Views(recipe.augmentation(), shapes.sample(), false, seed);
        this.spectralNorm = recipe.spectralNorm() ? new SpectralNorm(discriminator, seed) : null;
    }

    @Override
    public DiscriminatorUpdate updateDiscriminator(Minibatch batch) {
        return discriminatorArena.use(() -> {
            Judged judged = new Judged(batch, PASSES * discriminator.iteration());
            generator.clear();
            judged.discriminatorGradient();
            return judged.updateDiscriminator();
        });
    }

    @Override
    public GeneratorUpdate updateGenerator(Minibatch batch) {
        long noise = PASSES * generator.iteration() + PASSES / 2;
        return generatorArena.use(() -> {
            double[] realLogits = null;
            chosen.read(batch);
            if (loss.pairs()) {
                realLogits = judge(shown(real(batch), noise + 2), noise + 2, generatorArena);
                discriminator.clear();
            }
            INDArray latents = latents(batch);
            INDArray samples = generate(latents, noise, generatorArena);
            INDArray fake = shown(shapes.discriminatorInput(samples, m), noise + 1);
            double[] fakeLogits = judge(fake, noise + 1, generatorArena);
            double[] slopes = new double[m];
            double lossValue = loss.generator(realLogits, fakeLogits, slopes);
            divergence.requireFiniteLoss("generator", lossValue, latents, fake);
            INDArray sampleGradient = back(discriminator.backward(column(slopes), generatorArena), noise + 1);
            generator.backward(sampleGradient.reshape('c', samples.shape()), generatorArena);
            return updateGenerator(lossValue, fakeLogits, generatorArena);
        });
    }

    @Override
    public BothUpdates updateBoth(Minibatch batch) {
        return discriminatorArena.use(() -> {
            Judged judged = new Judged(batch, PASSES * discriminator.iteration());
            double[] slopes = new double[m];
            double lossValue = loss.generator(judged.realLogits, judged.fakeLogits, slopes);
            divergence.requireFiniteLoss("generator", lossValue, judged.latents, judged.fake);
            judged.judgeFake();
            INDArray sampleGradient =
                    back(discriminator.backward(column(slopes), discriminatorArena), judged.noise + 2);
            generator.backward(sampleGradient.reshape('c', judged.samples.shape()), discriminatorArena);
            judged.discriminatorGradient();
            DiscriminatorUpdate first = judged.updateDiscriminator();
            return new BothUpdates(first, updateGenerator(lossValue, judged.fakeLogits, discriminatorArena));
        });
    }

    private GeneratorUpdate updateGenerator(double lossValue, double[] fakeLogits, Arena arena) {
        double norm = generator.flatGradient().norm2Number().doubleValue() / m;
        generator.update(m, arena);
        divergence.requireFiniteGenerator(lossValue);
        if (average != null) {
            average.add(generator.parameters(), generator.iteration() - 1);
        }
        return new GeneratorUpdate(lossValue, Loss.meanProbability(fakeLogits), norm);
    }

    /** A minibatch that the discriminator has judged; its layers keep one pass at a time, so that others are repeated for gradients. */
    private final class Judged {
        final INDArray latents;
        final INDArray samples;
        final INDArray real;
        final INDArray fake;
        final double[] realLogits;
        final double[] fakeLogits;
        private final long noise;
        private boolean kept = true; // whether the layers still hold the last of the passes
        private double lossValue;

        Judged(Minibatch batch, long noise) {
            this.noise = noise;
            chosen.read(batch);
            latents = latents(batch);
            real = shown(real(batch), noise + 1);
            samples = generate(latents, noise, discriminatorArena);
            fake = shown(shapes.discriminatorInput(samples, m), noise + 2);
            if (separatePasses) {
                realLogits = judge(real, noise + 1, discriminatorArena);
                fakeLogits = judge(fake, noise + 2, discriminatorArena);
            } else {
                double[] logits = judge(Nd4j.concat(0, real, fake), noise + 1, discriminatorArena);
                realLogits = Arrays.copyOfRange(logits, 0, m);
                fakeLogits = Arrays.copyOfRange(logits, m, 2 * m);
            }
        }

        /** Generated samples alone, by the same noise as before where they passed alone. */
        void judgeFake() {
            kept = false;
            if (!separatePasses) {
                judge(fake, noise + 2, discriminatorArena);
            }
        }

        /** Leaves the gradient of the discriminator's loss in its flat gradient. */
        void discriminatorGradient() {
            double[] realSlopes = new double[m];
            double[] fakeSlopes = new double[m];
            lossValue = loss.discriminator(realLogits, fakeLogits, realSlopes, fakeSlopes);
            divergence.requireFiniteLoss("discriminator", lossValue, latents, real, fake);
            if (separatePasses) {
                if (!kept) {
                    judge(fake, noise + 2, discriminatorArena);
                }
                discriminator.backward(column(fakeSlopes), discriminatorArena);
                INDArray fakeGradient = discriminator.flatGradient().dup();
                judge(real, noise + 1, discriminatorArena);
                discriminator.backward(column(realSlopes), discriminatorArena);
                discriminator.flatGradient().addi(fakeGradient);
            } else {
                if (!kept) {
                    judge(Nd4j.concat(0, real, fake), noise + 1, discriminatorArena);
                }
                double[] slopes = Arrays.copyOf(realSlopes, 2 * m);
                System.arraycopy(fakeSlopes, 0, slopes, m, m);
                discriminator.backward(column(slopes), discriminatorArena);
            }
            if (recipe.penalty() == SlopePenalty.APPROXIMATE) {
                double gamma = recipe.gamma().at(discriminator.iteration() / discriminatorBurnIn);
                penalise(real, gamma, noise + 3);
                penalise(fake, gamma, noise + 4);
            }
        }

        private void penalise(INDArray half, double gamma, long pass) {
            double[] ones = new double[m];
            Arrays.fill(ones, 1);
            ApproximatePenalty.add(discriminator, half, column(ones), gamma, () -> seedNoise(pass), discriminatorArena);
        }

        DiscriminatorUpdate updateDiscriminator() {
            double norm = discriminator.flatGradient().norm2Number().doubleValue() / m;
            if (spectralNorm != null) {
                spectralNorm.beforeUpdate();
            }
            discriminator.update(m, discriminatorArena);
            if (spectralNorm != null) {
                spectralNorm.afterUpdate();
            }
            divergence.requireFiniteDiscriminator(lossValue);
            return new DiscriminatorUpdate(
                    lossValue,
                    Loss.value(realLogits, fakeLogits),
                    Loss.meanProbability(realLogits),
                    Loss.meanProbability(fakeLogits),
                    Loss.lead(realLogits, fakeLogits),
                    Loss.pairsWon(realLogits, fakeLogits),
                    norm);
        }
    }

    /** What the discriminator sees of samples. */
    private INDArray shown(INDArray samples, long pass) {
        if (!views.any()) {
            return samples;
        }
        float[] values = samples.dup('c').data().asFloat();
        views.show(values, pass);
        return array(values).reshape('c', samples.shape());
    }

    /** The gradient with respect to samples from that of what is seen of them. */
    private INDArray back(INDArray gradient, long pass) {
        if (!views.any()) {
            return gradient;
        }
        float[] values = gradient.dup('c').data().asFloat();
        views.back(values, pass);
        return array(values).reshape('c', gradient.shape());
    }

    private INDArray generate(INDArray latents, long noise, Arena arena) {
        seedNoise(noise);
        return generator.forward(latents, true, arena);
    }

    private double[] judge(INDArray samples, long noise, Arena arena) {
        seedNoise(noise);
        double[] all =
                discriminator.forward(samples, true, arena).dup('c').data().asDouble();
        double[] own = new double[Math.toIntExact(samples.size(0))];
        Arrays.setAll(own, i -> all[chosen.place(i)]);
        return own;
    }

    @Override
    public float[] generate(float[] latents) {
        GraphPass pass = averaged == null ? generator : averaged;
        return inferenceArena.use(() -> {
            INDArray samples = pass.forward(
                    array(latents).reshape('c', latents.length / shapes.latent(), shapes.latent()),
                    false,
                    inferenceArena);
            pass.clear();
            return samples.dup('c').data().asFloat();
        });
    }

    @Override
    public SpectralNorm spectralNorm() {
        return spectralNorm;
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

    /** Dropout and weight noise draw from ND4J's global generator: its state becomes a function of the seed and the pass. */
    private void seedNoise(long pass) {
        Nd4j.getRandom().setSeed(new Philox(seed, Philox.Purpose.NETWORK_NOISE, pass).nextLong());
    }

    private INDArray latents(Minibatch batch) {
        float[] values = new float[m * shapes.latent()];
        batch.latents(values);
        return array(values).reshape('c', m, shapes.latent());
    }

    private INDArray real(Minibatch batch) {
        float[] values = new float[m * shapes.sample().elements()];
        batch.real(values);
        return shapes.discriminatorInput(array(values), m);
    }

    private INDArray array(float[] values) {
        return Nd4j.createFromArray(values).castTo(type);
    }

    /** One slope for each sample as the gradient of all logits, (n, 1) or (n, classes). */
    private INDArray column(double[] values) {
        double[] all = new double[values.length * chosen.width()];
        for (int i = 0; i < values.length; i++) {
            all[chosen.place(i)] = values[i];
        }
        return Nd4j.createFromArray(all).castTo(type).reshape('c', values.length, chosen.width());
    }
}
