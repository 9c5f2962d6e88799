package org.latent4j.gan.run;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.latent4j.compute.Device;
import org.latent4j.compute.Philox;
import org.latent4j.compute.network.GraphPart;
import org.latent4j.data.DataException;
import org.latent4j.data.Progress;
import org.latent4j.data.SampleShape;
import org.latent4j.data.Suggest;
import org.latent4j.gan.Latents;
import org.latent4j.gan.PointScaling;
import org.latent4j.gan.evaluate.NetworkOutputs;
import org.latent4j.gan.evaluate.Rows;

/**
 * The generator of a run's newest checkpoint, for drawing samples.
 *
 * <p>Latents are (n, latent); samples are (n, elements): images (c, h, w) in -1 .. 1, points in the data's own units. Sample i of a seed is
 * the same whatever n is. Throws {@link DataException} when the run has no usable checkpoint.
 *
 * <p>Source of {@link #bestOf}: after Azadi et al., "Discriminator rejection sampling", 2019, who draw by a ratio of densities. A discriminator whose
 * slope is penalised gives ratios near 1, but orders samples all the same.
 */
public final class TrainedGenerator {
    private static final int MOST_TOGETHER = 512;
    private static final int MOST_CANDIDATES = 1000;

    private final ComputationGraph graph;
    private final String asked; // the device's name
    private final NetworkOutputs network; // of the graph
    private final SampleShape shape;
    private final PointScaling scaling;
    private final int latent;
    private final Latents kinds;
    private final RunConfig.Classes classes;
    private final Weights weights;
    private final long step;
    private final int batch;
    private final int candidates; // of which a sample is the best
    private final NetworkOutputs discriminator; // null if there is one

    private TrainedGenerator(
            ComputationGraph graph,
            String asked,
            NetworkOutputs network,
            RunConfig config,
            Weights weights,
            long step,
            int candidates,
            NetworkOutputs discriminator) {
        this.weights = weights;
        this.graph = graph;
        this.asked = asked;
        this.network = network;
        this.batch = batch(config);
        this.shape = config.sample().toShape();
        this.scaling = config.scaling();
        this.latent = config.networks().latent();
        this.kinds = config.training().recipe().latents();
        this.classes = config.classes();
        this.step = step;
        this.candidates = candidates;
        this.discriminator = discriminator;
    }

    /** Which parameters a generator has. */
    public enum Weights {
        /** The moving average; only runs with {@code --ema} have one. */
        EMA,
        /** Those of the last update. */
        LATEST
    }

    /** The minibatches of the training: what the device found out about convolutions of such shapes is known then. */
    private static int batch(RunConfig config) {
        return Math.min(config.training().batch(), MOST_TOGETHER);
    }

    /** By the moving average if the run keeps one; {@code device} as in {@link NetworkOutputs}. */
    public static TrainedGenerator of(StoredRun run, String device) {
        return of(run, run.config().training().ema() > 0 ? Weights.EMA : Weights.LATEST, device);
    }

    public static TrainedGenerator of(StoredRun run, Weights weights, String device) {
        if (weights == Weights.EMA && run.config().training().ema() == 0) {
            throw new DataException(run.folder()
                    + " keeps no moving average of its generator; use --weights latest, or train with --ema");
        }
        ComputationGraph graph =
                weights == Weights.EMA ? ModelZip.read(run.newest().average()) : run.readGenerator();
        return new TrainedGenerator(
                graph,
                device,
                new NetworkOutputs(
                        graph,
                        device,
                        batch(run.config()),
                        run.config().networks().latent()),
                run.config(),
                weights,
                run.newest().step(),
                1,
                null);
    }

    /**
     * The same generator, with latents of which each is the one of {@code candidates}, drawn for a sample of the same class, whose sample the run's
     * discriminator takes most for a real one.
     *
     * <p>Throws {@link DataException} for fewer than one, or more than {@value #MOST_CANDIDATES}.
     */
    public TrainedGenerator bestOf(int candidates, StoredRun run) {
        if (candidates < 1 || candidates > MOST_CANDIDATES) {
            throw new DataException("--best-of must be from 1 to " + MOST_CANDIDATES + ", but is " + candidates);
        }
        if (candidates == 1) {
            return this;
        }
        ComputationGraph judge = run.readDiscriminator();
        return new TrainedGenerator(
                graph,
                asked,
                network,
                run.config(),
                weights,
                step,
                candidates,
                new NetworkOutputs(judge, asked, batch, run.shapes(graph, judge).discriminatorInput()));
    }

    public SampleShape shape() {
        return shape;
    }

    public Weights weights() {
        return weights;
    }

    /** What it runs on. */
    public Device device() {
        return network.device();
    }

    /** Adversarial steps it was trained for. */
    public long step() {
        return step;
    }

    /** What samples can be made of; null where the generator takes no classes. */
    public RunConfig.Classes classes() {
        return classes;
    }

    /** Latents number {@code from .. from + n - 1} of a seed; where there are classes, each has the share that it had in the data. */
    public float[] latents(long seed, int from, int n) {
        return latents(seed, from, n, (i, chance) -> classes.draw(chance));
    }

    /**
     * The same latents for samples of given classes, which take turns: sample i is of {@code labels[i % labels.length]}.
     *
     * <p>Throws {@link DataException} for a generator without classes.
     */
    public float[] latents(long seed, int from, int n, int[] labels) {
        if (classes == null) {
            throw new DataException("this generator takes no classes: it was not trained with --conditional");
        }
        return latents(seed, from, n, (i, chance) -> labels[i % labels.length]);
    }

    /** The class of sample i, for which a number from 0 to 1 has been drawn. */
    private interface Labels {
        int of(int i, double chance);
    }

    private float[] latents(long seed, int from, int n, Labels labels) {
        float[] latents = new float[n * latent];
        int together = Math.max(1, batch / candidates);
        for (int first = 0; first < n; first += together) {
            int count = Math.min(together, n - first);
            float[] chosen = best(seed, from + first, count, labels);
            System.arraycopy(chosen, 0, latents, first * latent, chosen.length);
        }
        return latents;
    }

    private float[] best(long seed, int from, int n, Labels labels) {
        float[] drawn = new float[n * candidates * latent];
        int[] labelsOfDrawn = new int[n * candidates];
        for (int i = 0; i < n; i++) {
            Philox random = new Philox(seed, Philox.Purpose.GENERATE, from + i);
            int row = i * candidates;
            random.fillNormal(drawn, row * latent, latent);
            if (classes != null) {
                Arrays.fill(labelsOfDrawn, row, row + candidates, labels.of(from + i, random.nextDouble()));
            }
            for (int other = row + 1; other < row + candidates; other++) {
                random.fillNormal(drawn, other * latent, latent);
            }
        }
        shape(drawn);
        if (classes != null) {
            kinds.label(drawn, labelsOfDrawn);
        }
        if (candidates == 1) {
            return drawn;
        }
        double[] logits = discriminator.logits(Rows.of(scaledSamples(drawn), shape.elements()), labelsOfDrawn);
        float[] best = new float[n * latent];
        for (int i = 0; i < n; i++) {
            int row = i * candidates;
            for (int other = row + 1; other < (i + 1) * candidates; other++) {
                row = logits[other] > logits[row] ? other : row;
            }
            System.arraycopy(drawn, row * latent, best, i * latent, latent);
        }
        return best;
    }

    /**
     * Latents on the great arcs between two sets of them (n, latent), t from 0 to 1: normal vectors keep their typical length on the
     * way, which a straight line would leave. Source: White, "Sampling generative networks", 2016.
     */
    public float[] between(float[] start, float[] end, double t) {
        float[] latents = new float[start.length];
        for (int row = 0; row < start.length; row += latent) {
            double product = 0;
            double startSquare = 0;
            double endSquare = 0;
            for (int i = row; i < row + latent; i++) {
                product += (double) start[i] * end[i];
                startSquare += (double) start[i] * start[i];
                endSquare += (double) end[i] * end[i];
            }
            double cosine = product / Math.sqrt(startSquare * endSquare);
            double angle = Math.acos(Math.max(-1, Math.min(1, cosine)));
            boolean flat = Math.sin(angle) < 1e-6;
            double a = flat ? 1 - t : Math.sin((1 - t) * angle) / Math.sin(angle);
            double b = flat ? t : Math.sin(t * angle) / Math.sin(angle);
            for (int i = row; i < row + latent; i++) {
                latents[i] = (float) (a * start[i] + b * end[i]);
            }
        }
        shape(latents);
        return latents;
    }

    /** The name of the vertex that gives what the first block of layers made of the latents: the input of the second one that has weights. */
    public String firstBlock() {
        boolean first = true;
        for (int index : graph.topologicalSortOrder()) {
            GraphVertex vertex = graph.getVertices()[index];
            boolean weighs = vertex.hasLayer()
                    && vertex.getLayer().numParams() > 0
                    && !(vertex.getLayer() instanceof BatchNormalization);
            if (weighs && !first) {
                return graph.getConfiguration()
                        .getVertexInputs()
                        .get(vertex.getVertexName())
                        .get(0);
            }
            first &= !weighs;
        }
        return graph.getConfiguration().getNetworkOutputs().get(0);
    }

    /** What a vertex gives for latents (n, latent), flattened: (n, features). */
    public float[] activations(float[] latents, String vertex) {
        List<String> names = Arrays.stream(graph.topologicalSortOrder())
                .mapToObj(index -> graph.getVertices()[index].getVertexName())
                .filter(name -> !graph.getConfiguration().getNetworkInputs().contains(name))
                .toList();
        if (!names.contains(vertex)) {
            throw new DataException(Suggest.unknown("layer of the generator", vertex, names));
        }
        ComputationGraph part = GraphPart.upTo(graph, vertex);
        return new NetworkOutputs(part, device().toString(), batch, latent)
                .of(Rows.of(latents, latent), "activations", Progress.NONE)[0];
    }

    private void shape(float[] latents) {
        if (kinds != null) {
            kinds.shape(latents);
        }
    }

    public float[] generate(float[] latents) {
        float[] samples = scaledSamples(latents);
        if (scaling != null) {
            scaling.toData(samples);
        }
        return samples;
    }

    /** Samples in the networks' scale. */
    private float[] scaledSamples(float[] latents) {
        int n = latents.length / latent;
        float[] samples = network.of(Rows.of(latents, latent), "samples", Progress.NONE)[0];
        if (samples.length != n * shape.elements()) {
            throw new DataException(
                    "the generator gives " + samples.length / n + " numbers a sample, but the run's samples are "
                            + shape + ": this checkpoint belongs to another run");
        }
        return samples;
    }
}
