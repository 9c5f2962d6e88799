package org.latent4j.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataSource;
import org.latent4j.data.Dataset;
import org.latent4j.data.Progress;
import org.latent4j.data.SampleShape;
import org.latent4j.data.npy.Npy;
import org.latent4j.gan.network.NetworkOptions;
import org.latent4j.gan.network.Networks;

/**
 * A pair of networks with data and batch size.
 *
 * @param network for the peer's script
 * @param times steps in a turn
 */
record StepCase(
        String name,
        String network,
        NetworkOptions networks,
        Data data,
        int batch,
        int times,
        List<String> precisions) {
    private static final String ADAM = "adam:lr=2.0E-4,beta1=0.5";
    private static final int IMAGES = 4096;

    /** Makes the real samples; random pixels cost as much as pictures do. */
    interface Data {
        Dataset open(Path folder) throws IOException;
    }

    static List<StepCase> all() {
        return List.of(
                new StepCase(
                        "DCGAN 64x64, batch 64",
                        "dcgan64",
                        new NetworkOptions(Networks.DCGAN, 64, 100, ADAM, ADAM),
                        folder -> noise(folder, 64, 64, 3),
                        64,
                        3,
                        List.of("fp32", "bf16")),
                new StepCase(
                        "MLP 784-512-256-1, batch 128",
                        "mlp784",
                        new NetworkOptions(Networks.MLP, 512, 100, ADAM, ADAM),
                        folder -> noise(folder, 28, 28, 1),
                        128,
                        50,
                        List.of("fp32")),
                new StepCase(
                        "MLP 2-256-256-256-1 on the plane, batch 512",
                        "toy2d",
                        new NetworkOptions(Networks.MLP, 256, 2, ADAM, ADAM),
                        folder -> DataSource.of("gaussian-grid")
                                .open(folder, Progress.NONE)
                                .data(),
                        512,
                        50,
                        List.of("fp32")));
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
