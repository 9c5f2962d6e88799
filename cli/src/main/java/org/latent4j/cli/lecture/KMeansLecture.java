package org.latent4j.cli.lecture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.latent4j.clustering.Agreement;
import org.latent4j.clustering.KMeans;
import org.latent4j.clustering.KMeansModel;
import org.latent4j.clustering.KMeansOptions;
import org.latent4j.clustering.KMeansOptions.Start;
import org.latent4j.clustering.KMeansOptions.Stop;
import org.latent4j.clustering.picture.ClusterScatter;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.latent4j.data.picture.Charts;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Assignments and means in turn, from random points to the end, and the cost that never grows. */
final class KMeansLecture implements Lecture {
    private static final int POINTS = 500;
    private static final double[][] MEANS = {{-5, 4}, {0, 0}, {5, 4}, {-4, -5}, {4, -5}};
    private static final double SPREAD = 1.3;

    @Override
    public String name() {
        return "kmeans";
    }

    @Override
    public String title() {
        return "K-means: assignments and means in turn";
    }

    @Override
    public Exhibit compute(LectureRoom room) {
        double[][] points = new double[POINTS][];
        int[] truth = new int[POINTS];
        Philox random = new Philox(room.seed(), Philox.Purpose.SYNTHETIC, 0);
        for (int i = 0; i < POINTS; i++) {
            truth[i] = random.nextInt(MEANS.length);
            double[] mean = MEANS[truth[i]];
            points[i] =
                    new double[] {mean[0] + SPREAD * random.nextGaussian(), mean[1] + SPREAD * random.nextGaussian()};
        }
        INDArray x = Nd4j.createFromArray(points);
        int k = MEANS.length;
        try (Primitives primitives = Devices.primitives(room.device())) {
            // One blob gives three of the first centres: the means have a way to go.
            double[][] start = IntStream.range(0, POINTS)
                    .filter(i -> truth[i] == 1)
                    .limit(k)
                    .mapToObj(i -> points[i])
                    .toArray(double[][]::new);
            KMeansOptions options =
                    KMeansOptions.of(k).withStart(Nd4j.createFromArray(start)).withTolerance(Stop.COST, 0);
            KMeansModel end = KMeans.fit(x, options, primitives);
            List<Exhibit.Figure> figures = new ArrayList<>();
            figures.add(step(x, points, Nd4j.createFromArray(start), 1, end, primitives));
            for (int assignments : new int[] {2, 4}) {
                if (assignments < end.iterations()) {
                    INDArray centres = KMeans.fit(x, options.withMaxIterations(assignments - 1), primitives)
                            .centres();
                    figures.add(step(x, points, centres, assignments, end, primitives));
                }
            }
            figures.add(step(x, points, end.centres(), end.iterations(), end, primitives));
            figures.add(costs(end));
            KMeansModel plusPlus =
                    KMeans.fit(x, KMeansOptions.of(k).withRestarts(20).withSeed(room.seed()), primitives);
            KMeansModel drawn = KMeans.fit(
                    x,
                    KMeansOptions.of(k).withRestarts(20).withStart(Start.RANDOM).withSeed(room.seed()),
                    primitives);
            return new Exhibit(
                    "K-means assigns every point to its nearest mean, then moves every mean to the middle of its points. Each of the two "
                            + "steps can only lower the cost, the sum of squared distances, so the cost falls until nothing changes. Where it "
                            + "ends depends on where it starts: here all first means lie in the middle blob. k-means++ draws first means far "
                            + "from each other, and ends in the best solution more often than random points do.",
                    figures,
                    List.of(
                            starts(plusPlus, drawn),
                            new Exhibit.NumberTable(
                                    "Agreement with the truth (adjusted Rand index)",
                                    List.of("start", "cost", "index"),
                                    List.of(
                                            agreement("all in one blob", end, truth),
                                            agreement("best of 20 k-means++", plusPlus, truth)))));
        }
    }

    private static Exhibit.Figure step(
            INDArray x, double[][] points, INDArray centres, int iteration, KMeansModel end, Primitives primitives) {
        int[] labels = KMeans.assign(x, centres, primitives);
        double cost = end.costHistory()[iteration - 1];
        return new Exhibit.Figure(
                String.format(Locale.ROOT, "kmeans-%02d.png", iteration),
                String.format(Locale.ROOT, "Assignment %d of %d: cost %.1f.", iteration, end.iterations(), cost),
                new ClusterScatter(
                                String.format(Locale.ROOT, "Assignment %d: cost %.1f", iteration, cost),
                                "x1",
                                "x2",
                                true)
                        .draw(points, labels, centres.toDoubleMatrix()));
    }

    private static Exhibit.Figure costs(KMeansModel end) {
        double[] cost = end.costHistory();
        XYChart chart = Charts.xy(840, 420, "The cost never grows", "assignment", "cost");
        chart.getStyler().setLegendVisible(false);
        chart.getStyler()
                .setYAxisMin(0.0)
                .setYAxisMax(1.05 * cost[0])
                .setXAxisMin(0.5)
                .setXAxisMax(cost.length + 0.5);
        Charts.line(
                        chart,
                        "cost",
                        IntStream.rangeClosed(1, cost.length).asDoubleStream().toArray(),
                        cost,
                        Charts.BLUE)
                .setMarker(SeriesMarkers.CIRCLE)
                .setMarkerColor(Charts.BLUE);
        return new Exhibit.Figure(
                "kmeans-cost.png",
                String.format(
                        Locale.ROOT,
                        "From %.0f to %.0f in %d assignments, until no label changed.",
                        cost[0],
                        cost[cost.length - 1],
                        end.iterations()),
                Charts.draw(chart));
    }

    private static Exhibit.NumberTable starts(KMeansModel plusPlus, KMeansModel drawn) {
        double best = Math.min(plusPlus.inertia(), drawn.inertia());
        return new Exhibit.NumberTable(
                "20 runs from each start",
                List.of("start", "lowest cost", "highest cost", "runs within 0.1 % of the best"),
                List.of(row("k-means++", plusPlus, best), row("random points", drawn, best)));
    }

    private static List<String> row(String name, KMeansModel model, double best) {
        double[] costs = model.restartCosts().clone();
        Arrays.sort(costs);
        long good = Arrays.stream(costs).filter(c -> c <= 1.001 * best).count();
        return List.of(name, number(costs[0]), number(costs[costs.length - 1]), good + " of " + costs.length);
    }

    private static List<String> agreement(String start, KMeansModel model, int[] truth) {
        return List.of(
                start,
                number(model.inertia()),
                String.format(
                        Locale.ROOT, "%.3f", Agreement.of(truth, model.labels()).adjustedRand()));
    }

    private static String number(double cost) {
        return String.format(Locale.ROOT, "%.1f", cost);
    }
}
