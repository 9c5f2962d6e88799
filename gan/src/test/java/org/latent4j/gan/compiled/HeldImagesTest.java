package org.latent4j.gan.compiled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.latent4j.compute.BackendUnderTest;
import org.latent4j.compute.Philox;
import org.latent4j.compute.cuda.CudaUnderTest;
import org.latent4j.data.ImageSet;
import org.latent4j.data.SampleShape;
import org.latent4j.data.image.ImageStore;
import org.latent4j.gan.Loss;
import org.latent4j.gan.Minibatch;
import org.latent4j.gan.NetworkShapes;
import org.latent4j.gan.Ramp;
import org.latent4j.gan.Recipe;
import org.latent4j.gan.SlopePenalty;
import org.latent4j.gan.TrainingOptions;
import org.latent4j.gan.UpdateRule;
import org.latent4j.gan.network.NetworkOptions;
import org.latent4j.gan.network.Networks;

/** Images that stay on a card: the same game as with minibatches from the host, bit for bit. */
class HeldImagesTest {
    private static final String DEVICE = BackendUnderTest.device().equals("cuda") ? "cuda" : "emulated";
    private static final int M = 3;
    private static final int N = 7;
    private static final int LATENT = 2;
    private static final int STEPS = 6;

    @TempDir
    Path folder;

    @BeforeEach
    void needsACard() {
        String problem = CudaUnderTest.problem(DEVICE);
        assumeTrue(problem.isEmpty(), problem);
    }

    /** Every image in its turn, each other one mirrored. */
    private record Drawn(ImageSet images, int step, boolean isStored) implements Minibatch {
        private int index(int i) {
            return (step * M + i) % N;
        }

        private boolean mirrored(int i) {
            return (step + i) % 2 == 1;
        }

        @Override
        public void indices(int[] out) {
            for (int i = 0; i < M; i++) {
                out[i] = mirrored(i) ? ~index(i) : index(i);
            }
        }

        @Override
        public void latents(float[] out) {
            new Philox(6, Philox.Purpose.SYNTHETIC, step).fillNormal(out, 0, out.length);
        }

        @Override
        public void real(float[] out) {
            SampleShape.Image shape = images.shape();
            float[] one = new float[shape.elements()];
            for (int i = 0; i < M; i++) {
                images.readScaled(index(i), one, 0);
                for (int at = 0; at < one.length; at++) {
                    int column = at % shape.width();
                    int from = mirrored(i) ? at - column + shape.width() - 1 - column : at;
                    out[i * one.length + at] = one[from];
                }
            }
        }
    }

    private static CompiledNetworks networks(NetworkOptions options, ImageSet images, UpdateRule update) {
        Networks.Pair pair = Networks.configure(options, images.shape(), 1);
        ComputationGraph generator = new ComputationGraph(pair.generator());
        ComputationGraph discriminator = new ComputationGraph(pair.discriminator());
        TrainingOptions rules = TrainingOptions.defaults()
                .withLoss(Loss.RELATIVISTIC)
                .withUpdateRule(update)
                .withBatch(M)
                .withSteps(STEPS)
                .withRecipe(Recipe.PLAIN.withPenalty(SlopePenalty.R1_R2, Ramp.constant(1)));
        NetworkShapes shapes = NetworkShapes.check(generator, discriminator, images.shape(), LATENT);
        return new CompiledNetworks(generator, discriminator, null, shapes, rules, CudaUnderTest.backend(DEVICE));
    }

    /** What the trained generator makes of some latents. */
    private static float[] play(NetworkOptions options, ImageSet images, UpdateRule update, boolean held) {
        try (CompiledNetworks networks = networks(options, images, update)) {
            if (held) {
                assertThat(networks.hold(images)).contains("on the card");
            }
            for (int step = 0; step < STEPS; step++) {
                Drawn batch = new Drawn(images, step, held);
                Runnable updates = () -> {
                    if (update == UpdateRule.SIMULTANEOUS) {
                        networks.updateBoth(batch);
                    } else {
                        networks.updateDiscriminator(batch);
                        networks.updateGenerator(batch);
                    }
                };
                if (networks.playsWholeSteps()) {
                    networks.step(updates);
                } else {
                    updates.run();
                }
            }
            float[] latents = new float[M * LATENT];
            new Philox(6, Philox.Purpose.SYNTHETIC, STEPS).fillNormal(latents, 0, latents.length);
            return networks.generate(latents);
        }
    }

    private ImageSet noise(SampleShape.Image shape) {
        byte[] bytes = new byte[shape.elements()];
        return ImageStore.reuseOrWrite(folder, "noise", "noise", shape, N, List.of(), sink -> {
            for (int image = 0; image < N; image++) {
                Philox random = new Philox(9, Philox.Purpose.SYNTHETIC, image);
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) random.nextInt(256);
                }
                sink.put(image, bytes, 0, 0);
            }
        });
    }

    private static NetworkOptions options(String network) {
        return new NetworkOptions(
                network, 4, 4, 0, 0, 0, LATENT, NetworkOptions.Norm.NONE, 0, "sgd:lr=0.01", "adam:lr=0.001");
    }

    /** A network of dense layers takes images of several channels flat, channels first. */
    @ParameterizedTest
    @CsvSource({"dcgan, 3, SIMULTANEOUS", "dcgan, 1, ALTERNATING", "mlp, 3, SIMULTANEOUS"})
    void theSameGame(String network, int channels, UpdateRule update) {
        try (ImageSet images = noise(new SampleShape.Image(channels, 8, 7))) {
            float[] onCard = play(options(network), images, update, true);
            assertThat(onCard).isEqualTo(play(options(network), images, update, false));
        }
    }

    @Test
    void imagesWithoutRoomStayOnTheHost() {
        assumeTrue(DEVICE.equals("emulated"), "a real card has room");
        try (ImageSet images = noise(new SampleShape.Image(3, 8, 7));
                CompiledNetworks networks = networks(options("dcgan"), images, UpdateRule.SIMULTANEOUS)) {
            String[] told = new String[1];
            CudaUnderTest.withFreeBytes(N * 3 * 8 * 7, () -> told[0] = networks.hold(images));
            assertThat(told[0]).contains("come from the host");
            networks.updateBoth(new Drawn(images, 0, true));
        }
    }
}
