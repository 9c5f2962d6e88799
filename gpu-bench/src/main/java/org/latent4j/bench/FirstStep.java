package org.latent4j.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.latent4j.compute.Philox;
import org.latent4j.compute.io.AtomicFiles;
import org.latent4j.data.SampleShape;
import org.latent4j.gan.AdversarialGame;
import org.latent4j.gan.AdversarialNetworks;
import org.latent4j.gan.Minibatch;
import org.latent4j.gan.Pace;
import org.latent4j.gan.TrainingOptions;
import org.latent4j.gan.UpdateRule;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Whether ours and the peer compute the same: both play a first step from the same parameters, samples and noise, and their losses, gradients
 * and updated parameters are compared. Gradients are read from Adam's first moments, which a first update leaves as multiples of them.
 */
final class FirstStep {
    private static final String BIAS = "b";

    /** What a layer learns, in the peer's order; batch norm's running moments are no weights. */
    private static final List<String> KINDS = List.of("W", BIAS, "gamma", "beta");

    private static final double NEXT_TO_NOTHING = 1e-3;

    private final StepCase step;
    private final TrainingOptions options;
    private final AdversarialGame game;
    private final Map<String, ComputationGraph> graphs;
    private final Peer peer;
    private final Philox random = new Philox(1, Philox.Purpose.EVALUATION, 0);

    /**
     * Largest differences that are let through: of losses, and relative L2 ones of any parameter's gradient and of all parameters. They were set
     * by what was seen, up to 1e-2 of a gradient in fp32 and 0.2 in bf16, so they tell another step (a gradient that differs by about 1) from the
     * same one, and not a small error from rounding.
     */
    private record Tolerance(double losses, double gradients, double parameters) {}

    FirstStep(
            StepCase step,
            TrainingOptions options,
            AdversarialGame game,
            ComputationGraph generator,
            ComputationGraph discriminator,
            Peer peer) {
        this.step = step;
        this.options = options;
        this.game = game;
        this.graphs = Map.of("g", generator, "d", discriminator);
        this.peer = peer;
    }

    /** Plays it; says how far both are apart, or throws {@link BenchException}. */
    String compare() throws IOException {
        Path folder = Files.createTempDirectory("latent4j-first");
        try {
            return compare(new Exchange(folder));
        } finally {
            AtomicFiles.deleteTree(folder);
        }
    }

    private String compare(Exchange exchange) throws IOException {
        for (String name : graphs.keySet()) {
            give(exchange, name, values(name));
        }
        Minibatch first = minibatch(exchange, 0);
        Minibatch second = minibatch(exchange, 1);
        JsonNode theirs = peer.ask(String.format(
                Locale.ROOT,
                "first %s %s %s %s",
                exchange.folder(),
                options.recipe().gamma().at(0),
                rate("g", options.recipe().generatorPace()),
                rate("d", options.recipe().discriminatorPace())));
        if (!theirs.path("loss_d").isNumber()) {
            throw new BenchException("peer answered a first step without \"loss_d\": " + theirs);
        }
        Tolerance tolerance =
                options.precision().equals("fp32") ? new Tolerance(1e-3, 5e-2, 1e-2) : new Tolerance(5e-2, 0.5, 5e-2);
        List<Double> losses = play(first, second);
        game.networks().synchronize();
        double loss = difference(losses.get(0), theirs.path("loss_d").asDouble());
        if (losses.size() > 1) {
            loss = Math.max(
                    loss, difference(losses.get(1), theirs.path("loss_g").asDouble()));
        }
        List<String> learned = losses.size() > 1 ? List.of("d", "g") : List.of("d");
        double gradient = 0;
        double parameter = 0;
        for (String name : learned) {
            gradient = Math.max(gradient, largest(exchange, "gradient_" + name, gradients(name)));
            parameter = Math.max(parameter, together(exchange, "updated_" + name, values(name)));
        }
        require("losses", loss, tolerance.losses());
        require("gradients", gradient, tolerance.gradients());
        require("parameters", parameter, tolerance.parameters());
        return String.format(
                Locale.ROOT,
                "first step: losses within %.0e, gradients %.0e, parameters %.0e",
                loss,
                gradient,
                parameter);
    }

    private List<Double> play(Minibatch first, Minibatch second) {
        AdversarialNetworks networks = game.networks();
        if (options.update() == UpdateRule.SIMULTANEOUS) {
            AdversarialNetworks.BothUpdates both = networks.updateBoth(first);
            return List.of(both.discriminator().loss(), both.generator().loss());
        }
        double ofDiscriminator = networks.updateDiscriminator(first).loss();
        return step.alone()
                ? List.of(ofDiscriminator)
                : List.of(ofDiscriminator, networks.updateGenerator(second).loss());
    }

    private void require(String what, double difference, double tolerance) {
        if (!(difference <= tolerance)) {
            throw new BenchException(step.name() + ": " + what + " of the first step differ from the peer's by "
                    + difference + ", more than " + tolerance + ": these are not the same steps");
        }
    }

    private Minibatch minibatch(Exchange exchange, int number) throws IOException {
        SampleShape shape = game.plan().shapes().sample();
        float[] real = new float[options.batch() * shape.elements()];
        random.fillNormal(real, 0, real.length);
        for (int i = 0; i < real.length; i++) {
            real[i] = (float) Math.tanh(real[i]);
        }
        float[] latents = new float[options.batch() * game.plan().shapes().latent()];
        random.fillNormal(latents, 0, latents.length);
        if (options.recipe().latents() != null) {
            options.recipe().latents().shape(latents);
        }
        exchange.give("real_" + number, rows(real));
        exchange.give("latents_" + number, rows(latents));
        return Minibatch.of(real, latents);
    }

    private INDArray rows(float[] values) {
        return Nd4j.createFromArray(values).reshape(new long[] {options.batch(), values.length / options.batch()});
    }

    private double rate(String name, Pace pace) {
        return updater(graphs.get(name).getUpdater().getUpdaterBlocks().get(0)).getLearningRate(0, 0)
                * pace.rateFactor().at(0);
    }

    private static IUpdater updater(UpdaterBlock block) {
        UpdaterBlock.ParamState first = block.getLayersAndVariablesInBlock().get(0);
        return first.getLayer().getConfig().getUpdaterByParam(first.getParamName());
    }

    private static void give(Exchange exchange, String name, List<INDArray> values) throws IOException {
        for (int i = 0; i < values.size(); i++) {
            exchange.give(name + "_" + i, values.get(i));
        }
    }

    /** Parameters as the peer has them: in its order and shapes, and without biases in front of batch norm. */
    private List<INDArray> values(String name) {
        JsonNode theirs = peer.ready().path(name);
        List<INDArray> values = new ArrayList<>();
        ComputationGraph graph = graphs.get(name);
        for (int index : graph.topologicalSortOrder()) {
            Map<String, INDArray> table = graph.getVertices()[index].paramTable(false);
            for (String kind : KINDS) {
                INDArray array = table == null ? null : table.get(kind);
                JsonNode next = theirs.path(values.size());
                if (array != null && next.path("kind").asText().equals(kind)) {
                    values.add(inShapeOf(next.path("shape"), array));
                } else if (array != null && !kind.equals(BIAS)) { // in front of batch norm it is often left out
                    throw new BenchException(step.name() + ": the peer has no parameter " + kind + " where ours has "
                            + Arrays.toString(array.shape()) + "; it has " + theirs);
                }
            }
        }
        if (values.size() != theirs.size()) {
            throw new BenchException(step.name() + ": the peer has other parameters than ours: " + theirs);
        }
        return values;
    }

    /** Dense weights, (in, out) here, are (out, in) there. */
    private static INDArray inShapeOf(JsonNode shape, INDArray array) {
        long[] sizes = IntStream.range(0, shape.size())
                .mapToLong(i -> shape.path(i).asLong())
                .toArray();
        INDArray turned = array.rank() == 2 && sizes.length == 2 ? array.transpose() : array;
        return turned.dup('c').reshape('c', sizes);
    }

    /** Gradients as {@link #values} are: for a moment they stand in the parameters' places, whose views know how they lie. */
    private List<INDArray> gradients(String name) {
        ComputationGraph graph = graphs.get(name);
        INDArray kept = graph.params().dup();
        INDArray state = graph.getUpdater().getStateViewArray();
        INDArray all = Nd4j.zeros(kept.length());
        for (UpdaterBlock block : graph.getUpdater().getUpdaterBlocks()) {
            if (updater(block) instanceof Adam adam) {
                long from = block.getParamOffsetStart();
                long count = block.getParamOffsetEnd() - from;
                INDArray moments = state.reshape(state.length())
                        .get(NDArrayIndex.interval(
                                block.getUpdaterViewOffsetStart(), block.getUpdaterViewOffsetStart() + count));
                all.get(NDArrayIndex.interval(from, from + count)).assign(moments.div(1 - adam.getBeta1()));
            }
        }
        graph.params().assign(all.reshape(graph.params().shape()));
        try {
            return values(name);
        } finally {
            graph.params().assign(kept);
        }
    }

    private static double difference(double ours, double theirs) {
        return Math.abs(ours - theirs) / Math.abs(theirs);
    }

    /** Of any parameter; one whose gradient is next to nothing, or nothing but rounding, counts beside those of all parameters. */
    private static double largest(Exchange exchange, String name, List<INDArray> ours) {
        double[][] squares = new double[ours.size()][];
        double all = 0;
        for (int i = 0; i < ours.size(); i++) {
            squares[i] = squares(exchange, name + "_" + i, ours.get(i));
            all += squares[i][1];
        }
        double least = NEXT_TO_NOTHING * NEXT_TO_NOTHING * all;
        return Arrays.stream(squares)
                .mapToDouble(s -> Math.sqrt(s[0] / Math.max(s[1], least)))
                .max()
                .orElse(0);
    }

    private static double together(Exchange exchange, String name, List<INDArray> ours) {
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < ours.size(); i++) {
            double[] squares = squares(exchange, name + "_" + i, ours.get(i));
            difference += squares[0];
            norm += squares[1];
        }
        return Math.sqrt(difference / norm);
    }

    /** Of the difference and of the peer's. */
    private static double[] squares(Exchange exchange, String name, INDArray ours) {
        double[] theirs = exchange.expected(name);
        double[] numbers = ours.dup('c').data().asDouble();
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < theirs.length; i++) {
            difference += (numbers[i] - theirs[i]) * (numbers[i] - theirs[i]);
            norm += theirs[i] * theirs[i];
        }
        return new double[] {difference, norm};
    }
}
