package org.latent4j.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataSource;
import org.latent4j.data.Dataset;
import org.latent4j.data.Progress;
import org.latent4j.data.SampleShape;
import org.latent4j.data.npy.Npy;
import org.latent4j.gan.SlopePenalty;
import org.latent4j.gan.TrainingOptions;
import org.latent4j.gan.UpdateRule;
import org.latent4j.gan.network.NetworkOptions;
import org.latent4j.gan.network.Networks;
import org.latent4j.gan.network.Preset;

/**
 * A pair of networks with data, batch size and game.
 *
 * @param peer words for the peer's script
 * @param game from the plain game to this one
 * @param times steps in a turn
 * @param alone whether a step is one update of the discriminator alone
 */
record StepCase(
        String name,
        List<String> peer,
        NetworkOptions networks,
        Data data,
        UnaryOperator<TrainingOptions> game,
        int batch,
        int times,
        List<String> precisions,
        boolean alone) {
    private static final String ADAM = "adam:lr=2.0E-4,beta1=0.5";
    private static final int IMAGES = 4096;

    StepCase(
            String name,
            List<String> peer,
            NetworkOptions networks,
            Data data,
            UnaryOperator<TrainingOptions> game,
            int batch,
            int times,
            List<String> precisions) {
        this(name, peer, networks, data, game, batch, times, precisions, false);
    }

    /** Makes the real samples; random pixels cost as much as pictures do. */
    interface Data {
        Dataset open(Path folder) throws IOException;
    }

    static List<StepCase> all() {
        return List.of(
                new StepCase(
                        "DCGAN 64x64, batch 64",
                        List.of("--network", "dcgan64"),
                        new NetworkOptions(Networks.DCGAN, 64, 100, ADAM, ADAM),
                        folder -> noise(folder, 64, 64, 3),
                        game -> game,
                        64,
                        3,
                        List.of("fp32", "bf16")),
                new StepCase(
                        "MLP 784-512-256-1, batch 128",
                        List.of("--network", "mlp784"),
                        new NetworkOptions(Networks.MLP, 512, 100, ADAM, ADAM),
                        folder -> noise(folder, 28, 28, 1),
                        game -> game,
                        128,
                        50,
                        List.of("fp32", "bf16")),
                new StepCase(
                        "MLP 2-256-256-256-1 on the plane, batch 512",
                        List.of("--network", "toy2d"),
                        new NetworkOptions(Networks.MLP, 256, 2, ADAM, ADAM),
                        StepCase::plane,
                        game -> game,
                        512,
                        50,
                        List.of("fp32", "bf16")));
    }

    /** Whether the peer's step has derivatives of derivatives. */
    boolean differentiatesTwice() {
        return peer.contains("r1r2");
    }

    /** Steps with R1 + R2, by the presets and their networks; the peer's are alternating or simultaneous alike. */
    static List<StepCase> penalised() {
        return List.of(
                penalised(UpdateRule.SIMULTANEOUS, Preset.GRID, "fourier64", StepCase::plane, 50, List.of("fp32")),
                penalised(UpdateRule.ALTERNATING, Preset.GRID, "fourier64", StepCase::plane, 50, List.of("fp32")),
                penalised(
                        UpdateRule.SIMULTANEOUS,
                        Preset.MNIST,
                        "conv28",
                        folder -> noise(folder, 28, 28, 1),
                        3,
                        List.of("fp32", "bf16")),
                penalised(
                        UpdateRule.ALTERNATING,
                        Preset.MNIST,
                        "conv28",
                        folder -> noise(folder, 28, 28, 1),
                        3,
                        List.of("fp32", "bf16")),
                residual(),
                discriminator(Preset.GRID, false),
                discriminator(Preset.GRID, true),
                discriminator(Preset.MNIST, false),
                discriminator(Preset.MNIST, true));
    }

    /** Blocks of R3GAN, with its convolutions in groups. */
    private static StepCase residual() {
        TrainingOptions training = game(Preset.FACES64, UpdateRule.SIMULTANEOUS);
        return new StepCase(
                "r3 32x32, groups of 16, with R1 + R2, simultaneous, batch " + training.batch(),
                List.of(
                        "--network",
                        "r3",
                        "--loss",
                        "relativistic",
                        "--penalties",
                        "r1r2",
                        "--update",
                        UpdateRule.SIMULTANEOUS.label()),
                new NetworkOptions(Networks.R3, 32, 0, 1, 16, 0, 64, NetworkOptions.Norm.NONE, 0, ADAM, ADAM),
                folder -> noise(folder, 32, 32, 3),
                game -> training,
                training.batch(),
                1,
                List.of("fp32", "bf16"));
    }

    /** One update of the discriminator: what its penalties cost. */
    private static StepCase discriminator(Preset preset, boolean penalised) {
        boolean grid = preset == Preset.GRID;
        SampleShape sample = grid ? new SampleShape.Point(2) : new SampleShape.Image(1, 28, 28);
        TrainingOptions training = game(preset, UpdateRule.ALTERNATING);
        return new StepCase(
                (grid ? "MLP 3x64 on the plane" : "MNIST conv") + ", discriminator alone, "
                        + (penalised ? "R1 + R2" : "no penalty") + ", batch " + training.batch(),
                List.of(
                        "--network",
                        grid ? "fourier64" : "conv28",
                        "--loss",
                        "relativistic",
                        "--penalties",
                        penalised ? "r1r2" : "none",
                        "--l",
                        "0"),
                preset.networks(sample),
                grid ? StepCase::plane : folder -> noise(folder, 28, 28, 1),
                game -> penalised
                        ? training
                        : training.withRecipe(training.recipe()
                                .withPenalty(
                                        SlopePenalty.NONE, training.recipe().gamma())),
                training.batch(),
                grid ? 50 : 3,
                List.of("fp32"),
                true);
    }

    private static StepCase penalised(
            UpdateRule update, Preset preset, String network, Data data, int times, List<String> precisions) {
        boolean grid = preset == Preset.GRID;
        SampleShape sample = grid ? new SampleShape.Point(2) : new SampleShape.Image(1, 28, 28);
        int batch = game(preset, update).batch();
        return new StepCase(
                (grid ? "MLP 3x64 on the plane" : "MNIST conv") + " with R1 + R2, " + update.label() + ", batch "
                        + batch,
                List.of(
                        "--network",
                        network,
                        "--loss",
                        "relativistic",
                        "--penalties",
                        "r1r2",
                        "--update",
                        update.label()),
                preset.networks(sample),
                data,
                game -> game(preset, update),
                batch,
                times,
                precisions);
    }

    /** A preset's game with one update of each network in a step, and at points with the minibatches that other tools' figures are of. */
    private static TrainingOptions game(Preset preset, UpdateRule update) {
        TrainingOptions training = preset.training().withUpdates(1, 1).withUpdateRule(update);
        return preset == Preset.GRID ? training.withBatch(256) : training;
    }

    private static Dataset plane(Path folder) {
        return DataSource.of("gaussian-grid").open(folder, Progress.NONE).data();
    }

    private static Dataset noise(Path folder, int height, int width, int channels) throws IOException {
        byte[] pixels = new byte[IMAGES * height * width * channels];
        Philox random = new Philox(1, Philox.Purpose.SYNTHETIC, 0);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) random.nextInt(256);
        }
        Path file = folder.resolve("noise.npy");
        Npy.write(file, pixels, IMAGES, height, width, channels);
        return DataSource.of(file.toString())
                .open(folder.resolve("store"), Progress.NONE)
                .data();
    }

    Networks.Pair configure(SampleShape sample) {
        return Networks.configure(networks, sample, 1);
    }
}
