package org.latent4j.cli.lecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.latent4j.compute.Philox;
import org.latent4j.data.picture.Charts;
import org.latent4j.ensembles.Model;
import org.latent4j.ensembles.Samples;
import org.latent4j.ensembles.Score;
import org.latent4j.ensembles.forest.ForestOptions;
import org.latent4j.ensembles.forest.OutOfBag;
import org.latent4j.ensembles.forest.RandomForest;
import org.latent4j.ensembles.picture.PlanePicture;
import org.latent4j.ensembles.picture.TreePicture;
import org.latent4j.ensembles.tree.DecisionTree;
import org.latent4j.ensembles.tree.TreeOptions;
import org.nd4j.linalg.factory.Nd4j;

/** One tree beside a forest: where each draws the border, and how the error falls with the number of trees. */
final class ForestVsTreeLecture implements Lecture {
    private static final int LEVELS = 4;
    private static final int POINTS = 400;
    private static final int TEST_POINTS = 20_000;
    private static final double NOISE = 0.35;
    private static final int[] COUNTS = {1, 2, 4, 8, 16, 32, 64, 128, 256};

    @Override
    public String name() {
        return "forest-vs-tree";
    }

    @Override
    public String title() {
        return "A tree and a forest";
    }

    @Override
    public Exhibit compute(LectureRoom room) {
        Samples samples = moons(POINTS, room.seed(), 0);
        Samples test = moons(TEST_POINTS, room.seed(), 1);
        DecisionTree tree = DecisionTree.fit(samples, TreeOptions.defaults(), room.seed());
        ForestOptions options = ForestOptions.randomForest()
                .withTrees(COUNTS[COUNTS.length - 1])
                .withSeed(room.seed());
        options = options.withTree(options.tree().withFeaturesPerSplit(1));
        RandomForest forest = RandomForest.fit(samples, options);
        List<Exhibit.Figure> figures = new ArrayList<>();
        figures.add(region("forest-vs-tree-tree.png", "One unlimited tree", tree, samples, test));
        figures.add(new Exhibit.Figure(
                "forest-vs-tree-diagram.png",
                "The same tree from its root: the first cuts find the two shapes, those further down single points.",
                TreePicture.draw("The first levels of the tree", tree, LEVELS)));
        figures.add(region("forest-vs-tree-forest.png", "A forest of 256 trees", forest, samples, test));
        double[] counts = DoublingAxis.places(COUNTS);
        double[] unseen = new double[COUNTS.length];
        double[] outOfBag = new double[COUNTS.length];
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < COUNTS.length; i++) {
            RandomForest part = first(forest, COUNTS[i]);
            unseen[i] = 1 - Score.of(part, test);
            outOfBag[i] =
                    1 - OutOfBag.of(part, samples, options.withTrees(COUNTS[i])).score();
            rows.add(List.of(Integer.toString(COUNTS[i]), percent(unseen[i]), percent(outOfBag[i])));
        }
        XYChart chart = Charts.xy(840, 480, "The error falls with the number of trees, and stays", "trees", "error");
        chart.getStyler().setYAxisMin(0.0);
        DoublingAxis.label(chart);
        Charts.line(chart, "on new points", counts, unseen, Charts.BLUE);
        Charts.line(chart, "out of bag", counts, outOfBag, Charts.VERMILION);
        double alone = 1 - Score.of(tree, test);
        Charts.line(
                chart,
                "one tree on all points",
                new double[] {0, counts[COUNTS.length - 1]},
                new double[] {alone, alone},
                Charts.INK);
        figures.add(new Exhibit.Figure(
                "forest-vs-tree-error.png",
                String.format(
                        Locale.ROOT,
                        "One tree errs on %s of new points, the forest on %s.",
                        percent(alone),
                        percent(unseen[COUNTS.length - 1])),
                Charts.draw(chart)));
        return new Exhibit(
                "A tree that grows without limits learns every training point by heart, noise included: islands and straight steps. The trees of "
                        + "a forest do so too, but each on points drawn with replacement, and cutting along a feature drawn at random. Their "
                        + "mistakes differ, and most of them cancel in the average. Points that a tree has not drawn test it for free: the error "
                        + "out of bag follows the error on new points.",
                figures,
                List.of(new Exhibit.NumberTable(
                        "Error by the number of trees", List.of("trees", "on new points", "out of bag"), rows)));
    }

    private static RandomForest first(RandomForest forest, int trees) {
        return new RandomForest(
                forest.trees().subList(0, trees),
                forest.featureNames(),
                forest.classNames(),
                forest.importances(),
                forest.decreases());
    }

    private static Exhibit.Figure region(String file, String title, Model model, Samples samples, Samples test) {
        return new Exhibit.Figure(
                file,
                String.format(
                        Locale.ROOT,
                        "Accuracy %s on the training points, %s on new ones.",
                        percent(Score.of(model, samples)),
                        percent(Score.of(model, test))),
                PlanePicture.around(samples, title, List.of("x1", "x2"))
                        .regions(model)
                        .points(samples)
                        .picture());
    }

    /** Two half circles that reach into each other. */
    private static Samples moons(int n, long seed, long stream) {
        Philox random = new Philox(seed, Philox.Purpose.SYNTHETIC, stream);
        float[] points = new float[2 * n];
        int[] labels = new int[n];
        for (int i = 0; i < n; i++) {
            labels[i] = i % 2;
            double angle = Math.PI * random.nextDouble();
            double x = labels[i] == 0 ? Math.cos(angle) : 1 - Math.cos(angle);
            double y = labels[i] == 0 ? Math.sin(angle) : 0.5 - Math.sin(angle);
            points[2 * i] = (float) (x + NOISE * random.nextGaussian());
            points[2 * i + 1] = (float) (y + NOISE * random.nextGaussian());
        }
        return Samples.ofClasses(Nd4j.create(points, new long[] {n, 2}, 'c'), labels, List.of("class 0", "class 1"));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }
}
