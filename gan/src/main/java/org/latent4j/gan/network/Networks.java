package org.latent4j.gan.network;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataException;
import org.latent4j.data.SampleShape;
import org.latent4j.data.Suggest;

/**
 * The networks that come with latent4j, as ordinary DL4J configurations: the generator maps latents (m, latent) to samples, the
 * discriminator maps samples to logits (m, 1), or (m, classes). Images are (m, c, h, w) for {@code dcgan}, {@code r3} and {@code lattice} and flat for {@code mlp}.
 *
 * <p>Throws {@link DataException} for a name that is none of {@link #NAMES}, and for a network that does not suit the data.
 */
public final class Networks {
    public static final String MLP = "mlp";
    public static final String DCGAN = "dcgan";
    public static final String R3 = "r3";
    public static final String LATTICE = "lattice";

    /** The user's own graphs. */
    public static final String OWN = "own";

    public static final List<String> NAMES = List.of(MLP, DCGAN, R3, LATTICE);

    /** Latent numbers for each site of the smallest lattice of noise. */
    static final int SITE_LATENTS = 16;

    private static final String PAPER = "adam:lr=2.0E-4,beta1=0.5";

    /** A generator and a discriminator that fit each other. */
    public record Pair(ComputationGraphConfiguration generator, ComputationGraphConfiguration discriminator) {}

    private Networks() {}

    /**
     * What suits the data when nothing is said: dcgan for images, mlp for points; smaller networks for smaller data. From 64 pixels on,
     * dcgan has the paper's width and rates. Below, the generator learns five times as fast as the discriminator, which otherwise wins
     * within a hundred steps; for points it is the other way round, since there a quick discriminator finds the modes.
     */
    public static NetworkOptions defaults(String name, SampleShape sample) {
        String chosen = name != null ? name : sample instanceof SampleShape.Image ? DCGAN : MLP;
        if (chosen.equals(DCGAN) && sample instanceof SampleShape.Image image) {
            if (Math.max(image.height(), image.width()) >= 64) {
                return new NetworkOptions(DCGAN, 64, 100, PAPER, PAPER);
            }
            return new NetworkOptions(DCGAN, image.channels() == 1 ? 16 : 32, 100, "adam:lr=0.001,beta1=0.5", PAPER);
        }
        if (chosen.equals(R3)) {
            return new NetworkOptions(
                    R3, 16, 64, "adam:lr=2.0E-4,beta1=0.0,beta2=0.99", "adam:lr=2.0E-4,beta1=0.0,beta2=0.99");
        }
        if (chosen.equals(LATTICE) && sample instanceof SampleShape.Image image) {
            return new NetworkOptions(
                    LATTICE, 16, LatticeNetworks.latent(image, SITE_LATENTS), "adam:lr=0.001,beta1=0.5", PAPER);
        }
        return sample instanceof SampleShape.Point
                ? new NetworkOptions(
                        chosen, 128, 2, "adam:lr=5.0E-4,beta1=0.5,beta2=0.99", "adam:lr=0.002,beta1=0.5,beta2=0.99")
                : new NetworkOptions(chosen, 512, 100, PAPER, PAPER);
    }

    /** Makes both configurations; initial weights are decided by the seed. */
    public static Pair configure(NetworkOptions options, SampleShape sample, long seed) {
        long generatorSeed = new Philox(seed, Philox.Purpose.WEIGHTS, 0).nextLong();
        long discriminatorSeed = new Philox(seed, Philox.Purpose.WEIGHTS, 1).nextLong();
        switch (options.name()) {
            case MLP:
                return new Pair(
                        MlpNetworks.generator(options, sample, generatorSeed),
                        MlpNetworks.discriminator(options, sample, discriminatorSeed));
            case DCGAN:
                if (!(sample instanceof SampleShape.Image image)) {
                    throw new DataException(
                            "network dcgan needs images, but the data are " + sample + "; use --network mlp");
                }
                if (Math.min(image.height(), image.width()) < 4) {
                    throw new DataException("network dcgan needs images of at least 4x4 pixels, but these are " + image
                            + "; choose a larger --size");
                }
                return new Pair(
                        DcganNetworks.generator(options, image, generatorSeed),
                        DcganNetworks.discriminator(options, image, discriminatorSeed));
            case R3:
                if (!(sample instanceof SampleShape.Image image)) {
                    throw new DataException(
                            "network r3 needs images, but the data are " + sample + "; use --network mlp");
                }
                return new Pair(
                        ResidualNetworks.generator(options, image, generatorSeed),
                        ResidualNetworks.discriminator(options, image, discriminatorSeed));
            case LATTICE:
                if (!(sample instanceof SampleShape.Image image)) {
                    throw new DataException(
                            "network lattice needs images, but the data are " + sample + "; use --network mlp");
                }
                return new Pair(
                        LatticeNetworks.generator(options, image, generatorSeed),
                        LatticeNetworks.discriminator(options, image, discriminatorSeed));
            default:
                throw new DataException(Suggest.unknown("network", options.name(), NAMES));
        }
    }

    /** What every network shares. Workspaces are off because adversarial training keeps activations between passes. */
    static ComputationGraphConfiguration.GraphBuilder builder(String updater, IWeightInit weights, long seed) {
        return new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(Updaters.parse(updater))
                .weightInit(weights)
                .trainingWorkspaceMode(WorkspaceMode.NONE)
                .inferenceWorkspaceMode(WorkspaceMode.NONE)
                .graphBuilder();
    }
}
