package org.latent4j.gan.network;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.latent4j.data.DataException;
import org.latent4j.data.SampleShape;
import org.latent4j.data.Suggest;
import org.latent4j.gan.Augmentation;
import org.latent4j.gan.Latents;
import org.latent4j.gan.Loss;
import org.latent4j.gan.Ramp;
import org.latent4j.gan.Recipe;
import org.latent4j.gan.SlopePenalty;
import org.latent4j.gan.TrainingOptions;
import org.latent4j.gan.UpdateRule;

/**
 * Recipes as values to start from: all of them are ordinary options, and are written into the run's configuration. docs/gan.md says what
 * they reach; FACES64 was not trained to its end.
 *
 * <p>All of them: relativistic loss with R1 and R2 at each step, both networks updated at once but in GRID, rates that fall along a cosine, and a
 * moving average of the generator. {@link #networks} throws {@link DataException} where the recipe is for other data.
 *
 * <p>Source of the form: Huang et al., "The GAN is dead; long live the GAN! A modern GAN baseline", NeurIPS 2024.
 */
public enum Preset {
    /** Points of many modes that lie apart, as in the grid of 25 Gaussians: with one discriminator update, not two, some seeds end with narrow modes. */
    GRID(512, 8000, 0.995, new Ramp(0.3, 1e-3), Latents.of("normal:2+bits:10")) {
        @Override
        public NetworkOptions networks(SampleShape sample) {
            require(sample instanceof SampleShape.Point, "points", sample);
            return own(
                    Networks.MLP,
                    64,
                    64,
                    0,
                    NetworkOptions.Norm.NONE,
                    6,
                    "adam:lr=0.002..2.0E-5,beta1=0.5,beta2=0.9..0.99");
        }

        @Override
        public TrainingOptions training() {
            return super.training().withUpdateRule(UpdateRule.ALTERNATING).withUpdates(2, 1);
        }
    },

    /** Small grey pictures, ten thousand and more: a stronger penalty than this costs precision and coverage. */
    MNIST(64, 17_000, 0.998, new Ramp(0.5, 0.05), Latents.normal(16)) {
        @Override
        public NetworkOptions networks(SampleShape sample) {
            require(sample instanceof SampleShape.Image, "images", sample);
            return own(
                    Networks.DCGAN,
                    64,
                    32,
                    0,
                    NetworkOptions.Norm.GENERATOR,
                    0,
                    "adam:lr=0.0015..1.0E-4,beta1=0.5,beta2=0.9..0.99");
        }
    },

    /** Spin configurations on a periodic lattice: hardly a penalty in the end, for what fluctuates little, as the energy. */
    ISING(32, 2500, 0.998, new Ramp(10, 0.01), null) {
        @Override
        public NetworkOptions networks(SampleShape sample) {
            require(sample instanceof SampleShape.Image, "spin configurations", sample);
            NetworkOptions lattice = Networks.defaults(Networks.LATTICE, sample);
            return new NetworkOptions(
                    Networks.LATTICE,
                    16,
                    24,
                    0,
                    0,
                    0,
                    lattice.latent(),
                    NetworkOptions.Norm.GENERATOR,
                    0,
                    "adam:lr=0.0015..1.0E-4,beta1=0.5,beta2=0.9..0.99",
                    "adam:lr=0.0015..1.0E-4,beta1=0.5,beta2=0.9..0.99");
        }
    },

    /** Colour pictures of one kind, of which there are thousands or fewer: augmented. */
    SMALL(64, 16_000, 0.998, new Ramp(0.5, 0.05), Latents.normal(64)) {
        @Override
        public NetworkOptions networks(SampleShape sample) {
            require(sample instanceof SampleShape.Image, "images", sample);
            return own(
                    Networks.DCGAN,
                    64,
                    64,
                    0,
                    NetworkOptions.Norm.GENERATOR,
                    0,
                    "adam:lr=0.0015..1.0E-4,beta1=0.5,beta2=0.9..0.99");
        }

        @Override
        public TrainingOptions training() {
            TrainingOptions training = super.training();
            return training.withRecipe(
                    training.recipe().withAugmentation(Augmentation.of("colour+translation+cutout")));
        }
    },

    /** Faces and other pictures of one kind at 64 x 64 pixels and about; hours on a GPU's worth of work. */
    FACES64(64, 100_000, 0.999, new Ramp(20, 2), Latents.normal(64)) {
        @Override
        public NetworkOptions networks(SampleShape sample) {
            require(sample instanceof SampleShape.Image, "images", sample);
            return own(
                    Networks.R3,
                    32,
                    32,
                    1,
                    NetworkOptions.Norm.NONE,
                    0,
                    "adam:lr=2.0E-4..5.0E-5,beta1=0.0,beta2=0.9..0.99");
        }
    };

    private final int batch;
    private final long steps;
    private final double ema;
    private final Ramp gamma;
    private final Latents latents;

    Preset(int batch, long steps, double ema, Ramp gamma, Latents latents) {
        this.batch = batch;
        this.steps = steps;
        this.ema = ema;
        this.gamma = gamma;
        this.latents = latents;
    }

    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Preset of(String label) {
        return Suggest.choice(Preset.class, "--preset", label);
    }

    /** Networks for such samples. */
    public abstract NetworkOptions networks(SampleShape sample);

    /** How the game is played; the updaters' paces are in the networks' options. */
    public TrainingOptions training() {
        return TrainingOptions.defaults()
                .withLoss(Loss.RELATIVISTIC)
                .withUpdateRule(UpdateRule.SIMULTANEOUS)
                .withBatch(batch)
                .withSteps(steps)
                .withEma(ema)
                .withRecipe(Recipe.PLAIN.withPenalty(SlopePenalty.R1_R2, gamma).withLatents(latents));
    }

    NetworkOptions own(
            String name,
            int width,
            int discriminatorWidth,
            int depth,
            NetworkOptions.Norm norm,
            int fourier,
            String updater) {
        return new NetworkOptions(
                name, width, discriminatorWidth, depth, 0, 0, latents.size(), norm, fourier, updater, updater);
    }

    void require(boolean fits, String expected, SampleShape sample) {
        if (!fits) {
            throw new DataException(
                    "--preset " + label() + " is for " + expected + ", but the data are " + sample + "; leave it out");
        }
    }
}
