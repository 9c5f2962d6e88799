package org.latent4j.gan;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latent4j.compute.DeviceOptions;
import org.latent4j.data.DataSource;
import org.latent4j.data.Dataset;
import org.latent4j.data.ImageSet;
import org.latent4j.data.Progress;
import org.latent4j.data.npy.Npy;
import org.latent4j.data.npy.NpyType;
import org.latent4j.gan.network.NetworkOptions;
import org.latent4j.gan.network.Networks;

/** Whole adversarial steps, data and noise included, leave the collector nothing to do, and the process does not grow. */
class StepAllocationTest {
    private static final long BYTES_PER_STEP = 1024;
    private static final String ADAM = "adam:lr=1e-4,beta1=0.5";

    @TempDir
    Path folder;

    @Test
    void stepsOnPoints() {
        Dataset points =
                DataSource.of("gaussian-ring").open(folder, Progress.NONE).data();
        TrainingOptions game = TrainingOptions.defaults().withBatch(32).withDevice("cpu");
        NetworkOptions mlp = new NetworkOptions("mlp", 16, 2, ADAM, ADAM);
        check(points, mlp, game.withUpdates(2, 3).withEma(0.99), 300);
        check(points, mlp, game.withLoss(Loss.RELATIVISTIC).withUpdateRule(UpdateRule.SIMULTANEOUS), 300);
    }

    @Test
    void stepsOnImages() throws IOException {
        Path file = folder.resolve("images.npy");
        byte[] pixels = new byte[9 * 12 * 12 * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 7919);
        }
        Npy.write(file, NpyType.U1, new long[] {9, 12, 12, 3}, out -> out.put(pixels, 0, pixels.length));
        try (ImageSet images = (ImageSet)
                DataSource.of(file.toString()).open(folder, Progress.NONE).data()) {
            TrainingOptions game =
                    TrainingOptions.defaults().withBatch(4).withFlip(true).withDevice("cpu");
            NetworkOptions dcgan = new NetworkOptions("dcgan", 8, 5, ADAM, ADAM);
            check(images, dcgan, game.withLoss(Loss.RELATIVISTIC), 60);
            check(images, dcgan, game.withUpdateRule(UpdateRule.SIMULTANEOUS).withEma(0.9), 60);
        }
    }

    private static void check(Dataset data, NetworkOptions networks, TrainingOptions options, int steps) {
        Networks.Pair pair = Networks.configure(networks, data.shape(), 1);
        try (AdversarialGame game = AdversarialGame.open(
                new ComputationGraph(pair.generator()),
                new ComputationGraph(pair.discriminator()),
                data,
                options,
                networks.latent(),
                DeviceOptions.DEFAULT)) {
            long step = 0;
            while (step < steps) { // the compiler and lazily made things get their turn
                game.step(step++);
            }
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long native0 = Pointer.totalBytes();
            long before = threads.getCurrentThreadAllocatedBytes();
            while (step < 2L * steps) {
                game.step(step++);
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(allocated / steps).isLessThan(BYTES_PER_STEP);
            assertThat(Pointer.totalBytes()).isLessThanOrEqualTo(native0);
        }
    }
}
