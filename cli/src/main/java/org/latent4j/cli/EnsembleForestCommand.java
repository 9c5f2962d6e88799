package org.latent4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.latent4j.compute.Device;
import org.latent4j.compute.Devices;
import org.latent4j.compute.io.AtomicFiles;
import org.latent4j.data.DataException;
import org.latent4j.data.Suggest;
import org.latent4j.data.table.NumberTable;
import org.latent4j.ensembles.PermutationImportance;
import org.latent4j.ensembles.Points;
import org.latent4j.ensembles.Samples;
import org.latent4j.ensembles.Score;
import org.latent4j.ensembles.forest.ForestFile;
import org.latent4j.ensembles.forest.ForestOptions;
import org.latent4j.ensembles.forest.OutOfBag;
import org.latent4j.ensembles.forest.Proximity;
import org.latent4j.ensembles.forest.RandomForest;
import org.latent4j.ensembles.picture.BarPicture;
import org.latent4j.ensembles.picture.TreePicture;
import org.latent4j.ensembles.tree.Criterion;
import org.latent4j.ensembles.tree.DecisionTree;
import org.latent4j.ensembles.tree.TreeOptions;
import org.latent4j.ensembles.tree.TreeWords;
import org.latent4j.ensembles.tree.Workers;
import org.nd4j.linalg.api.ndarray.INDArray;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ensemble forest}: grows a forest on a table, or predicts with one. */
@Command(
        name = "forest",
        description = "Grow a random forest or extremely randomised trees on a table, or predict with one (--model).",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        versionProvider = Main.Version.class)
final class EnsembleForestCommand implements Callable<Integer> {
    private static final int DRAWN_LEVELS = 5;

    @Spec
    private CommandSpec spec;

    @Mixin
    private final EnsembleOptions common = new EnsembleOptions();

    @Option(names = "--model", paramLabel = "FILE", description = "Predict with this forest instead of growing one.")
    private Path model;

    @Option(names = "--test", paramLabel = "T", description = "Another table like --data: score the forest on it.")
    private Path test;

    @Option(
            names = "--trees",
            paramLabel = "N",
            defaultValue = "100",
            description = "Trees (default ${DEFAULT-VALUE}).")
    private int trees;

    @Option(names = "--extra", description = "Extremely randomised trees: random cuts, no bootstrap.")
    private boolean extra;

    @Option(
            names = "--features",
            paramLabel = "N|all",
            description = "Features drawn for each split (default: the root of all for classes, a third for numbers).")
    private String features;

    @Mixin
    private final TreeLimits limits = new TreeLimits();

    @Option(
            names = "--criterion",
            paramLabel = "C",
            description = "gini or entropy for classes, variance or absolute-error for numbers.")
    private String criterion;

    @Option(
            names = "--bins",
            paramLabel = "N",
            defaultValue = "255",
            description = "Cuts lie between so many quantiles of a feature; 0: anywhere (default ${DEFAULT-VALUE}).")
    private int bins;

    @Option(
            names = "--sample",
            paramLabel = "SHARE",
            defaultValue = "1",
            description = "Points that each tree draws, as a share of all (default ${DEFAULT-VALUE}).")
    private double sample;

    @Option(
            names = "--categorical",
            paramLabel = "COLUMN,...",
            hideParamSyntax = true,
            split = ",",
            description =
                    "Features that are categories, such as colours, by names or numbers from 1; at most 255 each.")
    private List<String> categorical = List.of();

    @Option(
            names = "--permutations",
            paramLabel = "N",
            defaultValue = "0",
            description = "Repeats of permutation importance, on --test if given (default: none).")
    private int permutations;

    @Option(
            names = "--weights",
            paramLabel = "COLUMN",
            description = "A column that tells how much each point counts, by name; no feature.")
    private String weights;

    @Option(
            names = "--draw",
            paramLabel = "N",
            defaultValue = "0",
            description = "Draw the first N trees, as PNG and in Graphviz' language DOT (default: none).")
    private int drawn;

    @Option(
            names = "--proximity",
            description = "Write proximity.npy: for each two points the share of trees in which they share a leaf.")
    private boolean proximity;

    @Option(names = "--threads", paramLabel = "N", description = "Threads (default: all cores); results are the same.")
    private Integer threads;

    @Option(
            names = "--device",
            paramLabel = "D",
            defaultValue = "cpu",
            description =
                    "Adds up what cuts are chosen by: cpu, cuda, cuda:INDEX; the same forest (default ${DEFAULT-VALUE}).")
    private String device;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "forest",
            description = "Results go here (default ${DEFAULT-VALUE}).")
    private Path out;

    @Override
    public Integer call() throws IOException {
        if (model != null) {
            predict();
        } else {
            grow();
        }
        return ExitCode.OK;
    }

    private ForestOptions options(NumberTable table) {
        int featureCount = table.columns().size();
        Set<Integer> categories = IntStream.range(0, featureCount)
                .filter(f -> !table.categories().get(f).isEmpty())
                .boxed()
                .collect(Collectors.toSet());
        // At once, and not by one with... after the other: all that is wrong is told.
        TreeOptions tree = new TreeOptions(
                Optional.ofNullable(criterion).map(c -> Suggest.choice(Criterion.class, "--criterion", c)),
                limits.maxDepth,
                limits.minSplit,
                limits.minLeaf,
                limits.minGain,
                featuresPerSplit(featureCount),
                extra,
                bins,
                categories);
        return new ForestOptions(trees, tree, !extra, sample, threads == null ? Workers.all() : threads, common.seed);
    }

    private int featuresPerSplit(int featureCount) {
        if (features == null) {
            return 0;
        }
        if (features.equals("all")) {
            return featureCount;
        }
        try {
            int number = Integer.parseInt(features);
            if (number >= 1 && number <= featureCount) {
                return number;
            }
        } catch (NumberFormatException e) {
            // The message is the same as for a number outside the range.
        }
        throw new DataException("--features must be all or a number 1 ... " + featureCount + ", but is " + features);
    }

    private void grow() throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        PrintWriter print = spec.commandLine().getOut();
        if (drawn < 0 || drawn > trees) {
            throw new DataException("--draw must be 0 ... " + trees + ", the number of trees, but is " + drawn);
        }
        NumberTable whole = common.read(common.data, true, categorical);
        NumberTable table = weights == null ? whole : EnsembleOptions.without(whole, weights);
        Samples samples = common.samples(table, err);
        if (weights != null) {
            samples = samples.withWeights(EnsembleOptions.column(whole, weights));
        }
        ForestOptions options = options(table);
        Samples tested = test == null ? null : tested(table, samples);
        Map<String, Object> summary = new LinkedHashMap<>();
        Device chosen = Devices.choose(device, List::of).device();
        try (ProgressView progress = new ProgressView(err)) {
            long start = System.nanoTime();
            RandomForest forest = RandomForest.fit(
                            samples, options, codes -> Devices.histograms(chosen, codes), progress)
                    .withFeatureNames(table.columns())
                    .withCategories(table.categories());
            double seconds = (System.nanoTime() - start) / 1e9;
            progress.end();
            describe(summary, samples, options, forest, seconds);
            print.println(String.format(
                    Locale.ROOT,
                    "%d trees of %.0f leaves and depth %.1f on average, grown in %.2f s on %d threads",
                    trees,
                    forest.trees().stream().mapToInt(t -> t.leaves()).average().orElseThrow(),
                    forest.trees().stream().mapToInt(t -> t.depth()).average().orElseThrow(),
                    seconds,
                    options.threads()));
            if (options.bootstrap()) {
                OutOfBag outOfBag = OutOfBag.of(forest, samples, options);
                int judged = samples.size() - outOfBag.inEveryBag();
                score(print, summary, "out of bag", "outOfBag", samples, outOfBag.score(), judged);
                summary.put("unseenShare", outOfBag.unseenShare());
            }
            if (tested != null) {
                score(print, summary, "test", "test", tested, Score.of(forest, tested));
            }
            ForestDiagnostics.report(forest, tested == null ? samples : tested, tested != null, summary, print);
            ClusterResults results = new ClusterResults(out, print);
            ForestFile.write(out.resolve("forest.l4jtrees"), forest);
            print.println("forest: " + out.resolve("forest.l4jtrees"));
            results.picture(
                    "importances.png",
                    BarPicture.draw(
                            "Share in the decrease of impurity", forest.featureNames(), forest.importances(), null));
            if (permutations != 0) {
                permute(forest, tested == null ? samples : tested, progress, results, summary);
            }
            for (int t = 0; t < drawn; t++) {
                draw(forest, t, results, print);
            }
            proximity(forest, samples.points(), results);
            results.summary(summary);
        }
    }

    private void draw(RandomForest forest, int number, ClusterResults results, PrintWriter print) throws IOException {
        DecisionTree tree = forest.member(number);
        TreeWords words = new TreeWords(tree, forest.categories());
        String name = "tree-" + (number + 1);
        AtomicFiles.write(out.resolve(name + ".dot"), words.dot());
        print.println("tree: " + out.resolve(name + ".dot"));
        results.picture(
                name + ".png",
                TreePicture.draw(
                        "Tree " + (number + 1) + " of " + forest.trees().size(), tree, words, DRAWN_LEVELS));
    }

    private void proximity(RandomForest forest, INDArray points, ClusterResults results) throws IOException {
        if (proximity) {
            long n = points.size(0);
            results.array("proximity", Points.doubles(Proximity.of(forest, points)), n, n);
        }
    }

    private Samples tested(NumberTable table, Samples samples) {
        return EnsembleOptions.samples(categorised(test, table.columns(), table.categories()), samples.classNames());
    }

    /** A table of the features that were learned from, with the same numbers for its categories. */
    private NumberTable categorised(Path file, List<String> columns, List<List<String>> categories) {
        List<String> named = IntStream.range(0, columns.size())
                .filter(f -> !categories.get(f).isEmpty())
                .mapToObj(columns::get)
                .toList();
        NumberTable read = common.read(file, true, named);
        // A weight is no feature, and what is predicted has none.
        NumberTable table =
                weights != null && read.columns().contains(weights) ? EnsembleOptions.without(read, weights) : read;
        EnsembleOptions.checkColumns("forest", columns, table.columns());
        return EnsembleOptions.renumbered(table, categories);
    }

    private void permute(
            RandomForest forest,
            Samples samples,
            ProgressView progress,
            ClusterResults results,
            Map<String, Object> summary)
            throws IOException {
        PermutationImportance permuted = PermutationImportance.of(forest, samples, permutations, common.seed, progress);
        progress.end();
        summary.put("permutationImportances", named(forest.featureNames(), permuted.means()));
        summary.put("permutationDeviations", named(forest.featureNames(), permuted.deviations()));
        summary.put("permutedOn", test == null ? "training points" : "test points");
        results.picture(
                "permutations.png",
                BarPicture.draw(
                        "Fall of " + (samples.classified() ? "accuracy" : "R²") + " when a feature is shuffled",
                        forest.featureNames(),
                        permuted.means(),
                        permuted.deviations()));
    }

    private void describe(
            Map<String, Object> summary, Samples samples, ForestOptions options, RandomForest forest, double seconds) {
        summary.put("data", common.data.toString());
        summary.put("points", samples.size());
        summary.put("features", samples.features());
        summary.put("target", samples.target().column());
        summary.put("classes", samples.classNames());
        summary.put("kind", extra ? "extra trees" : "random forest");
        summary.put("trees", options.trees());
        summary.put("criterion", options.tree().criterion().map(Enum::name).orElse("default"));
        summary.put("featuresPerSplit", features == null ? "default" : features);
        summary.put("maxDepth", limits.maxDepth);
        summary.put("minSplit", limits.minSplit);
        summary.put("minLeaf", limits.minLeaf);
        summary.put("minGain", limits.minGain);
        summary.put("bins", bins);
        summary.put("categorical", categorical);
        summary.put("weights", weights);
        summary.put("bootstrap", options.bootstrap());
        summary.put("sample", sample);
        summary.put("seed", common.seed);
        summary.put("secondsToGrow", seconds);
        summary.put("importances", named(forest.featureNames(), forest.importances()));
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
        boolean classified = samples.classified();
        summary.put(key + (classified ? "Accuracy" : "R2"), score);
        print.println(String.format(
                Locale.ROOT,
                classified ? "%s: accuracy %.4f on %d points" : "%s: R^2 %.4f on %d points",
                name,
                score,
                points));
    }

    private static Map<String, Double> named(List<String> names, double[] values) {
        Map<String, Double> named = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            named.put(named.containsKey(names.get(i)) ? names.get(i) + " (" + (i + 1) + ")" : names.get(i), values[i]);
        }
        return named;
    }

    private void predict() throws IOException {
        PrintWriter print = spec.commandLine().getOut();
        RandomForest forest = ForestFile.read(model);
        NumberTable table = categorised(common.data, forest.featureNames(), forest.categories());
        double[] predicted = Points.doubles(forest.predict(EnsembleOptions.points(table)));
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("model", model.toString());
        summary.put("data", common.data.toString());
        summary.put("points", table.rows());
        if (common.target != null) {
            Samples samples = EnsembleOptions.samples(table, forest.classNames());
            score(print, summary, "score", "test", samples, Score.of(samples, predicted));
        }
        ClusterResults results = new ClusterResults(out, print);
        EnsemblePredictions.write(out, forest.classNames(), predicted, print);
        proximity(forest, EnsembleOptions.points(table), results);
        results.summary(summary);
    }
}
