package org.latent4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.latent4j.data.Suggest;
import org.latent4j.data.table.NumberTable;
import org.latent4j.ensembles.EnsembleDiagnostics;
import org.latent4j.ensembles.Learner;
import org.latent4j.ensembles.Model;
import org.latent4j.ensembles.Points;
import org.latent4j.ensembles.Samples;
import org.latent4j.ensembles.Score;
import org.latent4j.ensembles.bagging.Bag;
import org.latent4j.ensembles.bagging.BagFolder;
import org.latent4j.ensembles.bagging.BaggingOptions;
import org.latent4j.ensembles.bagging.Dl4jLearner;
import org.latent4j.ensembles.bagging.KNearest;
import org.latent4j.ensembles.bagging.LogisticRegression;
import org.latent4j.ensembles.bagging.Perceptron;
import org.latent4j.ensembles.picture.BarPicture;
import org.latent4j.ensembles.picture.PlanePicture;
import org.latent4j.ensembles.tree.DecisionTree;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ensemble bag}: learns a bag of models of one kind on a table, or predicts with one. */
@Command(
        name = "bag",
        description =
                "Learn models of one kind on draws or parts of a table and ask them together, or predict (--model).",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        versionProvider = Main.Version.class)
final class EnsembleBagCommand implements Callable<Integer> {

    /** What is bagged. */
    enum Kind {
        TREE,
        PERCEPTRON,
        LOGISTIC,
        NEAREST,
        NETWORK
    }

    @Spec
    private CommandSpec spec;

    @Mixin
    private final EnsembleOptions common = new EnsembleOptions();

    @Option(names = "--model", paramLabel = "DIR", description = "Predict with the bag in this folder.")
    private Path model;

    @Option(names = "--test", paramLabel = "T", description = "Another table like --data: score the bag on it.")
    private Path test;

    @Option(
            names = "--learner",
            paramLabel = "L",
            defaultValue = "tree",
            description = "tree, perceptron, logistic, nearest or network (default ${DEFAULT-VALUE}).")
    private String learner;

    @Option(
            names = "--members",
            paramLabel = "B",
            defaultValue = "25",
            description = "Models (default ${DEFAULT-VALUE}).")
    private int members;

    @Option(
            names = "--split",
            paramLabel = "S",
            defaultValue = "bootstrap",
            description = "bootstrap: each draws with replacement; partition: each has its own part of the points.")
    private String split;

    @Option(
            names = "--size",
            paramLabel = "N",
            defaultValue = "0",
            description = "Points of a draw; 0: as many as there are (default).")
    private int size;

    @Option(names = "--vote", description = "Each has a voice for a class, instead of probabilities being averaged.")
    private boolean vote;

    @Option(
            names = "--passes",
            paramLabel = "N",
            defaultValue = "100",
            description = "perceptron and network: passes over the points at most (default ${DEFAULT-VALUE}).")
    private int passes;

    @Mixin
    private final TreeLimits limits = new TreeLimits();

    @Option(
            names = "--neighbours",
            paramLabel = "K",
            defaultValue = "5",
            description = "nearest: how many are asked (default ${DEFAULT-VALUE}).")
    private int neighbours;

    @Option(
            names = "--hidden",
            paramLabel = "N",
            defaultValue = "32",
            description = "network: width of its two hidden layers (default ${DEFAULT-VALUE}).")
    private int hidden;

    @Option(
            names = "--device",
            paramLabel = "D",
            defaultValue = "auto",
            description =
                    "nearest: finds them; network: trains them; auto, nd4j, cpu, cuda (default ${DEFAULT-VALUE}).")
    private String device;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "bag",
            description = "Results go here (default ${DEFAULT-VALUE}).")
    private Path out;

    @Override
    public Integer call() throws IOException {
        try (Primitives primitives =
                Devices.primitives(Devices.choose(device, List::of).device())) {
            if (model != null) {
                predict(primitives);
            } else {
                learn(primitives);
            }
        }
        return ExitCode.OK;
    }

    private Learner<? extends Model> learner(Samples samples, Primitives primitives) {
        return switch (Suggest.choice(Kind.class, "--learner", learner)) {
            case TREE -> DecisionTree.learner(limits.options());
            case PERCEPTRON -> Perceptron.learner(passes);
            case LOGISTIC -> LogisticRegression.learner(1);
            case NEAREST -> KNearest.learner(neighbours, primitives);
            case NETWORK -> new Dl4jLearner(seed -> network(samples, seed), passes, 32, device);
        };
    }

    private MultiLayerConfiguration network(Samples samples, long seed) {
        boolean classes = samples.classified();
        return new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Adam(0.005))
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(samples.features())
                        .nOut(hidden)
                        .activation(Activation.TANH)
                        .build())
                .layer(new DenseLayer.Builder()
                        .nIn(hidden)
                        .nOut(hidden)
                        .activation(Activation.TANH)
                        .build())
                .layer(new OutputLayer.Builder(classes ? LossFunction.MCXENT : LossFunction.MSE)
                        .nIn(hidden)
                        .nOut(samples.outputs())
                        .activation(classes ? Activation.SOFTMAX : Activation.IDENTITY)
                        .build())
                .build();
    }

    private void learn(Primitives primitives) throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        PrintWriter print = spec.commandLine().getOut();
        check();
        NumberTable table = common.read(common.data, false);
        Samples samples = common.samples(table, err);
        Samples tested = test == null ? null : EnsembleOptions.samples(common.read(test, false), samples.classNames());
        BaggingOptions options = new BaggingOptions(
                members, Suggest.choice(BaggingOptions.Split.class, "--split", split), size, vote, common.seed);
        long start = System.nanoTime();
        Bag<? extends Model> bag;
        try (ProgressView progress = new ProgressView(err)) {
            bag = Bag.fit(learner(samples, primitives), samples, options, progress);
            progress.end();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        print.println(String.format(Locale.ROOT, "%d members learned in %.2f s", members, seconds));
        List<String> features = table.columns();
        Map<String, Object> summary = described(samples, seconds);
        double[] outOfBag = bag.outOfBag(samples);
        int unseen = (int) Arrays.stream(outOfBag).filter(v -> !Double.isNaN(v)).count() / samples.outputs();
        if (unseen > 0) {
            score(print, summary, "out of bag", "outOfBag", samples, Score.of(samples, outOfBag), unseen);
        }
        Samples judged = tested == null ? samples : tested;
        double[] single =
                bag.members().stream().mapToDouble(m -> Score.of(m, judged)).toArray();
        String on = tested == null ? "training points" : "test points";
        double together = Score.of(bag, judged);
        score(print, summary, "bag on " + on, tested == null ? "training" : "test", judged, together);
        double[] sorted = single.clone();
        Arrays.sort(sorted);
        print.println(String.format(
                Locale.ROOT,
                "its members alone: worst %.4f, median %.4f, best %.4f",
                sorted[0],
                sorted[sorted.length / 2],
                sorted[sorted.length - 1]));
        summary.put("memberScores", single);
        summary.put("memberScoresOn", on);
        EnsembleDiagnostics found = EnsembleDiagnostics.of(bag.memberPredictions(judged.points()), judged);
        summary.put("diagnostics", found);
        print.println(String.format(
                Locale.ROOT,
                "errors: variance of members %.4g, correlation %.3f; of the bag %.4g (by the formula %.4g)",
                found.memberVariance(),
                found.correlation(),
                found.ensembleVariance(),
                found.predictedVariance()));
        ClusterResults results = new ClusterResults(out, print);
        BagFolder.write(out.resolve("model"), bag, features, samples.classNames());
        print.println("model: " + out.resolve("model"));
        List<String> names = new ArrayList<>(List.of("the bag"));
        for (int m = 0; m < single.length; m++) {
            names.add("member " + (m + 1));
        }
        double[] scores = new double[single.length + 1];
        scores[0] = together;
        System.arraycopy(single, 0, scores, 1, single.length);
        String measure = samples.classified() ? "Accuracy" : "R²";
        results.picture("members.png", BarPicture.draw(measure + " on " + on, names, scores, null));
        if (samples.features() == 2 && samples.classified()) {
            results.picture(
                    "plane.png",
                    PlanePicture.around(samples, "What the bag says", features)
                            .regions(bag)
                            .points(samples)
                            .picture());
        }
        results.summary(summary);
    }

    private void check() {
        List<String> problems = new ArrayList<>();
        atLeastOne("--passes", passes, problems);
        atLeastOne("--neighbours", neighbours, problems);
        atLeastOne("--hidden", hidden, problems);
        if (!problems.isEmpty()) {
            throw new DataException(String.join("; ", problems));
        }
    }

    private static void atLeastOne(String option, int value, List<String> problems) {
        if (value < 1) {
            problems.add(option + " must be at least 1, but is " + value);
        }
    }

    private Map<String, Object> described(Samples samples, double seconds) {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("data", common.data.toString());
        summary.put("points", samples.size());
        summary.put("features", samples.features());
        summary.put("target", samples.target().column());
        summary.put("classes", samples.classNames());
        summary.put("learner", learner.toLowerCase(Locale.ROOT));
        summary.put("members", members);
        summary.put("split", split.toLowerCase(Locale.ROOT));
        summary.put("size", size);
        summary.put("vote", vote);
        summary.put("seed", common.seed);
        summary.put("secondsToLearn", seconds);
        return summary;
    }

    private static void score(
            PrintWriter print, Map<String, Object> summary, String name, String key, Samples samples, double score) {
        score(print, summary, name, key, samples, score, samples.size());
    }

    private static void score(
            PrintWriter print,
            Map<String, Object> summary,
            String name,
            String key,
            Samples samples,
            double score,
            int points) {
        summary.put(key + (samples.classified() ? "Accuracy" : "R2"), score);
        print.println(String.format(
                Locale.ROOT,
                samples.classified() ? "%s: accuracy %.4f on %d points" : "%s: R^2 %.4f on %d points",
                name,
                score,
                points));
    }

    private void predict(Primitives primitives) throws IOException {
        PrintWriter print = spec.commandLine().getOut();
        BagFolder.Named named = BagFolder.read(model, primitives);
        NumberTable table = common.read(common.data, false);
        EnsembleOptions.checkColumns("bag", named.features(), table.columns());
        double[] predicted = Points.doubles(named.bag().predict(EnsembleOptions.points(table)));
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("model", model.toString());
        summary.put("data", common.data.toString());
        summary.put("points", table.rows());
        if (common.target != null) {
            Samples samples = EnsembleOptions.samples(table, named.classes());
            score(print, summary, "score", "test", samples, Score.of(samples, predicted));
        }
        ClusterResults results = new ClusterResults(out, print);
        EnsemblePredictions.write(out, named.classes(), predicted, print);
        results.summary(summary);
    }
}
