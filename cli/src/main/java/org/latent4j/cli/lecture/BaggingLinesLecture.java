package org.latent4j.cli.lecture;

import java.awt.Color;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.latent4j.compute.Philox;
import org.latent4j.ensembles.EnsembleDiagnostics;
import org.latent4j.ensembles.Samples;
import org.latent4j.ensembles.Score;
import org.latent4j.ensembles.bagging.Bag;
import org.latent4j.ensembles.bagging.BaggingOptions;
import org.latent4j.ensembles.bagging.Perceptron;
import org.latent4j.ensembles.picture.PlanePicture;
import org.nd4j.linalg.factory.Nd4j;

/** 25 perceptrons on draws of 50 points each, and their average. */
final class BaggingLinesLecture implements Lecture {
    private static final int POINTS = 500;
    private static final int TEST_POINTS = 20_000;
    private static final int MEMBERS = 25;
    private static final int DRAWN = 50;
    private static final int PASSES = 100;
    private static final Color GREY = new Color(0x8A, 0x90, 0x98);

    @Override
    public String name() {
        return "bagging-lines";
    }

    @Override
    public String title() {
        return "Bagging: the average of 25 perceptrons";
    }

    @Override
    public Exhibit compute(LectureRoom room) {
        Samples samples = clouds(POINTS, room.seed(), 0);
        Samples test = clouds(TEST_POINTS, room.seed(), 1);
        BaggingOptions options = BaggingOptions.bootstrap(MEMBERS).withSeed(room.seed());
        Bag<Perceptron> bag = Bag.fit(Perceptron.learner(PASSES), samples, options.withSize(DRAWN));
        Bag<Perceptron> parts = Bag.fit(
                Perceptron.learner(PASSES),
                samples,
                BaggingOptions.partition(POINTS / DRAWN).withSeed(room.seed()));
        double[] average = new double[3];
        PlanePicture picture = PlanePicture.around(samples, "Bagged perceptrons", List.of("x1", "x2"))
                .points(samples);
        for (Perceptron member : bag.members()) {
            double[] line = unitLine(member);
            picture.line(line[0], line[1], line[2], GREY, 1.3f);
            Arrays.setAll(average, i -> average[i] + line[i] / MEMBERS);
        }
        picture.line(average[0], average[1], average[2], Color.BLACK, 3.2f)
                .lineLegend("each perceptron", GREY, 1.3f)
                .lineLegend("their average", Color.BLACK, 3.2f);
        double[] single = bag.members().stream()
                .mapToDouble(member -> Score.of(member, test))
                .sorted()
                .toArray();
        double ofLine = accuracyOfLine(average, test);
        EnsembleDiagnostics found = EnsembleDiagnostics.of(bag.memberPredictions(test.points()), test);
        return new Exhibit(
                "Each of 25 perceptrons sees 50 points that were drawn with replacement from 500. The two classes overlap, so no line "
                        + "separates them and each perceptron ends somewhere else: the grey lines. The average of the lines, black, is steadier "
                        + "than any of them, and so is their vote. How much is gained depends on how alike the members err.",
                List.of(new Exhibit.Figure(
                        "bagging-lines.png",
                        "500 points of two classes, 25 perceptrons on draws of 50 points each, and the average of their lines.",
                        picture.picture())),
                List.of(
                        new Exhibit.NumberTable(
                                "Accuracy on 20,000 new points",
                                List.of("predictor", "accuracy"),
                                List.of(
                                        List.of("the worst perceptron", percent(single[0])),
                                        List.of("the median perceptron", percent(single[MEMBERS / 2])),
                                        List.of("the best perceptron", percent(single[MEMBERS - 1])),
                                        List.of("vote of the 25", percent(Score.of(bag, test))),
                                        List.of("the average line", percent(ofLine)),
                                        List.of(
                                                "vote of 10 perceptrons on 10 parts of the points",
                                                percent(Score.of(parts, test))),
                                        List.of(
                                                "the vote, estimated out of bag",
                                                percent(Score.of(samples, bag.outOfBag(samples)))))),
                        new Exhibit.NumberTable(
                                "Squared error of the vote as a share",
                                List.of("members' mean", "ambiguity", "ensemble's", "correlation of errors"),
                                List.of(List.of(
                                        number(found.memberError()),
                                        number(found.ambiguity()),
                                        number(found.ensembleError()),
                                        number(found.correlation()))))));
    }

    /** Two Gaussian clouds of unequal width that overlap. */
    private static Samples clouds(int n, long seed, long stream) {
        Philox random = new Philox(seed, Philox.Purpose.SYNTHETIC, stream);
        float[] points = new float[2 * n];
        int[] labels = new int[n];
        for (int i = 0; i < n; i++) {
            labels[i] = i % 2;
            double width = labels[i] == 0 ? 1 : 1.3;
            points[2 * i] = (float) (width * random.nextGaussian() + (labels[i] == 0 ? -1.1 : 1.1));
            points[2 * i + 1] = (float) (width * random.nextGaussian() + (labels[i] == 0 ? -0.6 : 0.6));
        }
        return Samples.ofClasses(Nd4j.create(points, new long[] {n, 2}, 'c'), labels, List.of("class 0", "class 1"));
    }

    /** Coefficients of the line on which both classes are equally high, scaled to a normal of length 1 that points to class 1. */
    private static double[] unitLine(Perceptron perceptron) {
        double[][] weights = perceptron.weights();
        double[] line = new double[3];
        Arrays.setAll(line, i -> weights[1][i] - weights[0][i]);
        double length = Math.hypot(line[0], line[1]);
        return Arrays.stream(line).map(v -> length > 0 ? v / length : v).toArray();
    }

    private static double accuracyOfLine(double[] line, Samples test) {
        return Score.of(
                new Perceptron(new double[][] {
                    {0, 0, 0}, {line[0], line[1], line[2]},
                }),
                test);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
