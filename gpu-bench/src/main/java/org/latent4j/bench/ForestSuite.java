package org.latent4j.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.latent4j.compute.Device;
import org.latent4j.compute.Devices;
import org.latent4j.compute.io.AtomicFiles;
import org.latent4j.data.Progress;
import org.latent4j.data.npy.Npy;
import org.latent4j.ensembles.Points;
import org.latent4j.ensembles.Samples;
import org.latent4j.ensembles.Score;
import org.latent4j.ensembles.forest.ForestOptions;
import org.latent4j.ensembles.forest.RandomForest;

/** Random forests: training, with the quality of what came out, and prediction, against scikit-learn's. */
final class ForestSuite implements Suite {
    private static final double ACCURACY_TOLERANCE = 0.003;
    private static final double R2_TOLERANCE = 0.01;
    /** Forests at least whose scores are averaged. */
    private static final int SEEDS = 5;

    @Override
    public String name() {
        return "forest";
    }

    @Override
    public String about() {
        return "random forests of unlimited trees, training and prediction, against scikit-learn";
    }

    @Override
    public void run(Bench bench, Consumer<Row> rows) throws IOException {
        for (ForestCase forest : ForestCase.all()) {
            rows(bench, forest, rows);
        }
    }

    static void rows(Bench bench, ForestCase forest, Consumer<Row> rows) throws IOException {
        Trainer trainer = new Trainer(forest, bench.device());
        Path folder = Files.createTempDirectory("latent4j-forest");
        try {
            write(folder, "", trainer.training);
            write(folder, "test_", trainer.test);
            Optional<Peer> started = bench.peer(
                    "forest_sklearn",
                    folder.toString(),
                    forest.classes() > 0 ? "classes" : "numbers",
                    Integer.toString(forest.trees()),
                    Integer.toString(forest.featuresPerSplit()));
            String name = forest.name();
            if (started.isEmpty()) {
                rows.accept(bench.turns(name, trainer, 1).row(name, bench, "fp64", null, null, trainer.scored()));
                if (forest.predicted() > 0) {
                    Samples many = forest.samples(forest.predicted(), 3);
                    rows.accept(bench.turns(predictionName(forest), trainer.prediction(many), 1)
                            .row(predictionName(forest), bench, "fp32", null, null, null));
                }
                return;
            }
            try (Peer peer = started.get()) {
                Turns turns = bench.turns(name, trainer, peer, 1);
                trainer.more();
                String verified = trainer.verify(scores(peer));
                rows.accept(turns.row(name, bench, "fp64", peer.name(), null, verified));
                if (forest.predicted() > 0) {
                    rows.accept(prediction(bench, forest, trainer, peer, folder));
                }
            }
        } finally {
            AtomicFiles.deleteTree(folder);
        }
    }

    /** The peer's scores, of no fewer seeds than ours. */
    private static JsonNode scores(Peer peer) {
        JsonNode scores = peer.ask("scores").path("scores");
        if (scores.size() < SEEDS) {
            peer.ask("run " + (SEEDS - scores.size()));
            scores = peer.ask("scores").path("scores");
        }
        return scores;
    }

    private static String predictionName(ForestCase forest) {
        return String.format(
                Locale.ROOT,
                "prediction, %,d x %d, %d trees, %d classes",
                forest.predicted(),
                forest.features(),
                forest.trees(),
                forest.classes());
    }

    private static Row prediction(Bench bench, ForestCase forest, Trainer trainer, Peer peer, Path folder)
            throws IOException {
        Samples many = forest.samples(forest.predicted(), 3);
        Npy.write(folder.resolve("many_x.npy"), Points.floats(many.points()), many.size(), many.features());
        peer.ask("predicted");
        Npy.Floats theirs = Npy.readFloats(folder.resolve("predicted.npy"));
        double[] shares = new double[theirs.values().length];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = theirs.values()[i];
        }
        double difference = Math.abs(Score.of(trainer.last, many) - Score.of(many, shares));
        if (!(difference <= ACCURACY_TOLERANCE)) {
            throw new BenchException(predictionName(forest) + ": accuracies differ by " + difference);
        }
        Turns turns = bench.turns(
                predictionName(forest),
                trainer.prediction(many),
                times -> peer.ask("predict " + times).path("ms").asDouble(),
                1);
        return turns.row(
                predictionName(forest),
                bench,
                "fp32",
                peer.name(),
                null,
                String.format(Locale.ROOT, "accuracies on these points differ by %.4f", difference));
    }

    private static void write(Path folder, String prefix, Samples samples) throws IOException {
        int n = samples.size();
        Npy.write(folder.resolve(prefix + "x.npy"), Points.floats(samples.points()), n, samples.features());
        if (samples.classified()) {
            Npy.write(folder.resolve(prefix + "y.npy"), samples.labels(), n);
        } else {
            Npy.write(folder.resolve(prefix + "y.npy"), samples.values(), n);
        }
    }

    /** Grows a forest with the next seed at each turn, and keeps how good each was. */
    private static final class Trainer implements Measured {
        final Samples training;
        final Samples test;
        RandomForest last;
        private final ForestCase forest;
        private final Device device;
        private final List<Double> scores = new ArrayList<>();

        Trainer(ForestCase forest, Device device) {
            this.forest = forest;
            this.device = device;
            training = forest.samples(forest.points(), 1);
            test = forest.samples(forest.tested(), 2);
        }

        @Override
        public double millis(int times) {
            double[] millis = new double[times];
            for (int i = 0; i < times; i++) {
                ForestOptions options =
                        ForestOptions.randomForest().withTrees(forest.trees()).withSeed(scores.size() + 1);
                long start = System.nanoTime();
                last = RandomForest.fit(
                        training,
                        options.withTree(options.tree().withFeaturesPerSplit(forest.featuresPerSplit())),
                        codes -> Devices.histograms(device, codes),
                        Progress.NONE);
                millis[i] = (System.nanoTime() - start) / 1e6;
                scores.add(Score.of(last, test));
            }
            return times == 0 ? 0 : Medians.median(millis);
        }

        Measured prediction(Samples many) {
            return Measured.of(() -> last.predict(many.points()));
        }

        /** Seeds beyond those that were timed: an accuracy needs more of them. */
        void more() {
            millis(Math.max(0, SEEDS - scores.size()));
        }

        private double mean() {
            return scores.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        }

        private String measure() {
            return forest.classes() > 0 ? "accuracy" : "R^2";
        }

        String scored() {
            return String.format(Locale.ROOT, "%s %.4f, mean of %d seeds", measure(), mean(), scores.size());
        }

        String verify(JsonNode peerScores) {
            double theirs = StreamSupport.stream(peerScores.spliterator(), false)
                    .mapToDouble(JsonNode::asDouble)
                    .average()
                    .orElseThrow();
            double tolerance = forest.classes() > 0 ? ACCURACY_TOLERANCE : R2_TOLERANCE;
            if (!(mean() >= theirs - tolerance)) {
                throw new BenchException(forest.name() + ": " + scored() + ", but the peer's is " + theirs
                        + ", more than " + tolerance + " above");
            }
            return scored() + String.format(Locale.ROOT, "; the peer's %.4f", theirs);
        }
    }
}
