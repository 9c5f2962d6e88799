package org.latent4j.gan.compiled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.function.Consumer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.latent4j.compute.BackendUnderTest;
import org.latent4j.compute.ComputeException;
import org.latent4j.compute.Philox;
import org.latent4j.compute.cpu.CpuBackend;
import org.latent4j.compute.cuda.CudaUnderTest;
import org.latent4j.compute.graph.Backend;
import org.latent4j.compute.graph.Close;
import org.latent4j.data.DataException;
import org.latent4j.data.SampleShape;
import org.latent4j.gan.AdversarialNetworks;
import org.latent4j.gan.Loss;
import org.latent4j.gan.Minibatch;
import org.latent4j.gan.NetworkShapes;
import org.latent4j.gan.Ramp;
import org.latent4j.gan.Recipe;
import org.latent4j.gan.SlopePenalty;
import org.latent4j.gan.TrainingOptions;
import org.latent4j.gan.dl4j.Dl4jNetworks;
import org.latent4j.gan.network.NetworkOptions;
import org.latent4j.gan.network.Networks;
import org.latent4j.gan.network.Updaters;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Penalties and schedules in whole updates. */
class PenaltyGameTest {
    private static final int M = 7;
    private static final int LATENT = 3;
    private static final SampleShape.Point POINT = new SampleShape.Point(2);
    private static final SampleShape.Image IMAGE = new SampleShape.Image(1, 16, 9);
    private static final double GAMMA = 5;

    private static NetworkOptions options(SampleShape sample, NetworkOptions.Norm norm, String updater) {
        return sample == POINT
                ? new NetworkOptions("mlp", 16, 0, 0, 0, 0, LATENT, norm, 3, updater, updater)
                : new NetworkOptions("dcgan", 6, 4, 0, 0, 0, LATENT, norm, 0, updater, updater);
    }

    /** What a few updates do to both networks' parameters. */
    private static INDArray[] changes(
            SampleShape sample,
            NetworkOptions networks,
            TrainingOptions game,
            boolean stock,
            Consumer<AdversarialNetworks> updates) {
        Networks.Pair pair = Networks.configure(networks, sample, 1);
        ComputationGraph generator = new ComputationGraph(pair.generator());
        ComputationGraph discriminator = new ComputationGraph(pair.discriminator());
        NetworkShapes shapes = NetworkShapes.check(generator, discriminator, sample, LATENT);
        INDArray[] before = {generator.params().dup(), discriminator.params().dup()};
        try (AdversarialNetworks players = stock
                ? new Dl4jNetworks(generator, discriminator, null, shapes, game)
                : new CompiledNetworks(generator, discriminator, null, shapes, game, new CpuBackend())) {
            updates.accept(players);
        }
        return new INDArray[] {
            generator.params().sub(before[0]), discriminator.params().sub(before[1])
        };
    }

    private static TrainingOptions game(SlopePenalty penalty) {
        return TrainingOptions.defaults()
                .withLoss(Loss.RELATIVISTIC)
                .withBatch(M)
                .withRecipe(Recipe.PLAIN.withPenalty(penalty, Ramp.constant(GAMMA)));
    }

    private static Minibatch batch(SampleShape sample, int number) {
        return Minibatch.of(normals(M * sample.elements(), 2 * number), normals(M * LATENT, 2 * number + 1));
    }

    private static float[] normals(int n, int stream) {
        float[] values = new float[n];
        new Philox(5, Philox.Purpose.SYNTHETIC, stream).fillNormal(values, 0, n);
        return values;
    }

    private static INDArray[] oneStep(SampleShape sample, SlopePenalty penalty, boolean stock) {
        NetworkOptions networks = options(sample, NetworkOptions.Norm.NONE, "sgd:lr=0.01");
        return changes(sample, networks, game(penalty), stock, p -> p.updateBoth(batch(sample, 0)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theGeneratorsStepIsTheSameWithAndWithoutPenalty(boolean image) {
        SampleShape sample = image ? IMAGE : POINT;
        INDArray[] plain = oneStep(sample, SlopePenalty.NONE, false);
        INDArray[] penalised = oneStep(sample, SlopePenalty.R1_R2, false);
        assertThat(Close.distance(penalised[0], plain[0])).isLessThan(1e-5);
        assertThat(Close.distance(penalised[1], plain[1])).isGreaterThan(0.1);
    }

    /** R1 + R2 is the sum of both, and finite differences are the same on both devices. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theDiscriminatorsStepIsThatOfItsPenalties(boolean image) {
        SampleShape sample = image ? IMAGE : POINT;
        INDArray plain = oneStep(sample, SlopePenalty.NONE, false)[1];
        INDArray both = oneStep(sample, SlopePenalty.R1_R2, false)[1].sub(plain);
        INDArray real = oneStep(sample, SlopePenalty.R1, false)[1].sub(plain);
        INDArray fake = oneStep(sample, SlopePenalty.R2, false)[1].sub(plain);
        assertThat(Close.distance(real.add(fake), both)).isLessThan(1e-4);
        INDArray compiled = oneStep(sample, SlopePenalty.APPROXIMATE, false)[1].sub(plain);
        INDArray stock = oneStep(sample, SlopePenalty.APPROXIMATE, true)[1].sub(plain);
        assertThat(Close.distance(stock, compiled)).isLessThan(0.02);
    }

    /**
     * D(x) = a tanh(W x + b): v = W (a s), s = 1 - tanh^2, and the penalty's gradient with respect to a is gamma s (v W). On the processor,
     * and within a card's step.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theApproximatePenaltyOfASmoothDiscriminator(boolean wholeStep) {
        String card = BackendUnderTest.device().equals("cuda") ? "cuda" : "emulated";
        String problem = wholeStep ? CudaUnderTest.problem(card) : "";
        assumeTrue(problem.isEmpty(), problem);
        Backend backend = wholeStep ? CudaUnderTest.backend(card) : new CpuBackend();
        INDArray[] steps = new INDArray[2];
        float[] real = new float[2 * M];
        ComputationGraph discriminator = TestDiscriminators.smooth(2, 0.01);
        discriminator.init();
        INDArray parameters = discriminator.params().dup();
        for (int i = 0; i < 2; i++) {
            discriminator.setParams(parameters);
            NetworkOptions networks = new NetworkOptions("mlp", 4, LATENT, "sgd:lr=0.01", "sgd:lr=0.01");
            ComputationGraph generator =
                    new ComputationGraph(Networks.configure(networks, POINT, 1).generator());
            NetworkShapes shapes = NetworkShapes.check(generator, discriminator, POINT, LATENT);
            TrainingOptions game = game(i == 0 ? SlopePenalty.NONE : SlopePenalty.APPROXIMATE);
            try (AdversarialNetworks players =
                    new CompiledNetworks(generator, discriminator, null, shapes, game, backend)) {
                if (wholeStep) {
                    players.step(() -> players.updateDiscriminator(batch(POINT, 0)));
                    players.synchronize();
                } else {
                    players.updateDiscriminator(batch(POINT, 0));
                }
                batch(POINT, 0).real(real);
                float[] latents = new float[M * LATENT];
                batch(POINT, 0).latents(latents);
                real = Arrays.copyOf(real, 4 * M);
                System.arraycopy(players.generate(latents), 0, real, 2 * M, 2 * M);
            }
            steps[i] = discriminator.getParam("out_W").dup();
            discriminator.setParams(parameters);
        }
        INDArray x = Nd4j.createFromArray(real).reshape(2 * M, 2);
        INDArray w = discriminator.getParam("hidden_W");
        INDArray t = Transforms.tanh(x.mmul(w).addRowVector(discriminator.getParam("hidden_b")));
        INDArray s = t.mul(t).rsub(1);
        INDArray v =
                s.mulRowVector(discriminator.getParam("out_W").reshape(1, 5)).mmul(w.transpose());
        INDArray gradient = s.mul(v.mmul(w)).sum(0).mul(GAMMA / M);
        INDArray expected = gradient.mul(-0.01).reshape(5, 1);
        assertThat(Close.distance(steps[1].sub(steps[0]), expected)).isLessThan(0.01);
    }

    /** D(x) = w x + b has the slope w everywhere: its penalty's gradient is 2 gamma (1 - 1 / |w|) w. */
    @Test
    void wassersteinPenaltyOfALinearDiscriminator() {
        ComputationGraph[] kept = new ComputationGraph[2];
        INDArray[] steps = new INDArray[2];
        for (int i = 0; i < 2; i++) {
            NetworkOptions networks = new NetworkOptions("mlp", 4, LATENT, "sgd:lr=0.01", "sgd:lr=0.01");
            ComputationGraph generator =
                    new ComputationGraph(Networks.configure(networks, POINT, 1).generator());
            ComputationGraph discriminator = TestDiscriminators.linear(2, 0.01);
            NetworkShapes shapes = NetworkShapes.check(generator, discriminator, POINT, LATENT);
            kept[i] = discriminator;
            INDArray before = discriminator.params().dup();
            TrainingOptions game =
                    game(i == 0 ? SlopePenalty.NONE : SlopePenalty.WASSERSTEIN).withLoss(Loss.WASSERSTEIN);
            try (AdversarialNetworks players =
                    new CompiledNetworks(generator, discriminator, null, shapes, game, new CpuBackend())) {
                players.updateDiscriminator(batch(POINT, 0));
            }
            steps[i] = discriminator.params().sub(before);
            kept[i].setParams(before);
        }
        INDArray w = kept[1].getParam("out_W");
        double norm = w.norm2Number().doubleValue();
        INDArray penalty = steps[1].sub(steps[0]);
        for (int i = 0; i < 2; i++) {
            double expected = -0.01 * 2 * GAMMA * (1 - 1 / norm) * w.getDouble(i);
            assertThat(penalty.getDouble(i)).isCloseTo(expected, within(1e-5 + 1e-4 * Math.abs(expected)));
        }
        assertThat(penalty.getDouble(2)).isCloseTo(0, within(1e-6)); // the bias
    }

    @ParameterizedTest
    @EnumSource(
            value = SlopePenalty.class,
            names = {"R1_R2", "WASSERSTEIN"})
    void exactPenaltiesAreRefusedWhereTheyAreNotExact(SlopePenalty penalty) {
        NetworkOptions norms = options(IMAGE, NetworkOptions.Norm.BATCH, "sgd:lr=0.01");
        assertThatThrownBy(() -> changes(IMAGE, norms, game(penalty), false, p -> {}))
                .isInstanceOf(ComputeException.class)
                .hasMessageContaining("batch norm")
                .hasMessageContaining("--penalty approximate");
        assertThatThrownBy(() -> oneStep(POINT, penalty, true))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("--device nd4j")
                .hasMessageContaining("--penalty approximate");
    }

    /** Learning rates and beta2 that fall, on both devices; a large epsilon keeps Adam from blowing up rounding. */
    @Test
    void schedulesAreTheSameOnBothDevices() {
        String updater = "adam:lr=0.05..0.001,beta1=0.5,beta2=0.9..0.99,eps=0.01";
        NetworkOptions networks = options(POINT, NetworkOptions.Norm.NONE, updater);
        NetworkOptions steady = options(POINT, NetworkOptions.Norm.NONE, "adam:lr=0.05,beta1=0.5,beta2=0.9,eps=0.01");
        Recipe recipe = Recipe.PLAIN.withBurnIn(6).withPaces(Updaters.pace(updater), Updaters.pace(updater));
        TrainingOptions game = game(SlopePenalty.NONE).withRecipe(recipe);
        Consumer<AdversarialNetworks> steps = players -> {
            for (int i = 0; i < 8; i++) {
                players.updateBoth(batch(POINT, i));
            }
        };
        INDArray[] stock = changes(POINT, networks, game, true, steps);
        INDArray[] compiled = changes(POINT, networks, game, false, steps);
        INDArray[] other = changes(POINT, steady, game.withRecipe(Recipe.PLAIN), false, steps);
        for (int i = 0; i < 2; i++) {
            assertThat(Close.distance(compiled[i], stock[i])).isLessThan(1e-3);
            assertThat(Close.distance(other[i], stock[i])).isGreaterThan(0.1);
        }
    }
}
