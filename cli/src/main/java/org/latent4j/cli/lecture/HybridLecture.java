package org.latent4j.cli.lecture;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.latent4j.clustering.Agreement;
import org.latent4j.clustering.Hybrid;
import org.latent4j.clustering.HybridModel;
import org.latent4j.clustering.HybridOptions;
import org.latent4j.clustering.IterationListener;
import org.latent4j.clustering.KMeans;
import org.latent4j.clustering.KMeansOptions;
import org.latent4j.clustering.Linkage;
import org.latent4j.clustering.picture.ClusterScatter;
import org.latent4j.clustering.picture.DendrogramPicture;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** k-means to small clusters, then agglomeration of their means: a hierarchy of more points than pairs of them could be held. */
final class HybridLecture implements Lecture {
    private static final int POINTS = 200_000;
    private static final int DRAWN = 3000;
    private static final int SMALL = 60;
    private static final int CLUSTERS = 2;
    private static final int RESTARTS = 3;

    @Override
    public String name() {
        return "hybrid";
    }

    @Override
    public String title() {
        return "k-means, then agglomerative";
    }

    @Override
    public Exhibit compute(LectureRoom room) {
        double[][] points = new double[POINTS][];
        int[] truth = new int[POINTS];
        rings(points, truth, room.seed());
        INDArray array = Nd4j.createFromArray(points);
        try (Primitives primitives = Devices.primitives(room.device())) {
            room.progress().accept(POINTS + " points to " + SMALL + " small clusters");
            HybridOptions options =
                    HybridOptions.of(SMALL).withLinkage(Linkage.SINGLE).withSeed(room.seed());
            HybridModel model = Hybrid.fit(array, options, primitives, IterationListener.NONE);
            int[] merged = model.cutInto(CLUSTERS);
            int[] alone = KMeans.fit(
                            array,
                            null,
                            KMeansOptions.of(CLUSTERS).withRestarts(RESTARTS).withSeed(room.seed()),
                            primitives,
                            IterationListener.NONE)
                    .labels();
            return new Exhibit(
                    String.format(
                            Locale.ROOT,
                            "A hierarchy of %,d points asks for %,.0f million distances. k-means first divides the points into %d small clusters, "
                                    + "whose means are then merged, and every point goes with its small cluster. Small clusters are compact, but what is "
                                    + "merged of them need not be: two rings are found by single linkage of the means, which k-means into two can't find.",
                            POINTS,
                            POINTS / 2e6 * (POINTS - 1),
                            SMALL),
                    List.of(
                            scatter("small", SMALL + " small clusters and their means", points, model.nearest(), model),
                            new Exhibit.Figure(
                                    "hybrid-tree.png",
                                    "The means' merges by single linkage; the dashed line cuts the tree into two clusters.",
                                    new DendrogramPicture(model.table(), CLUSTERS)
                                            .draw("Merges of " + SMALL + " means: single linkage", "distance")),
                            scatter("merged", "Small clusters merged into two", points, merged, null),
                            scatter("k-means", "k-means into two, for comparison", points, alone, null)),
                    List.of(new Exhibit.NumberTable(
                            "Agreement of " + POINTS + " points with the truth (adjusted Rand index)",
                            List.of("by", "adjusted Rand index"),
                            List.of(
                                    List.of("k-means, then single linkage", index(truth, merged)),
                                    List.of("k-means alone", index(truth, alone))))));
        }
    }

    private static String index(int[] truth, int[] labels) {
        return String.format(Locale.ROOT, "%.3f", Agreement.of(truth, labels).adjustedRand());
    }

    /** The first points alone: they come in no order. */
    private static Exhibit.Figure scatter(
            String name, String title, double[][] points, int[] labels, HybridModel withMeans) {
        double[][] means = null;
        if (withMeans != null) {
            means = new double[withMeans.m()][];
            Arrays.setAll(means, i -> new double[] {
                withMeans.means().getDouble(i, 0), withMeans.means().getDouble(i, 1)
            });
        }
        return new Exhibit.Figure(
                "hybrid-" + name + ".png",
                title + "; " + DRAWN + " of the points are drawn.",
                new ClusterScatter(title, "x1", "x2", false)
                        .draw(Arrays.copyOf(points, DRAWN), Arrays.copyOf(labels, DRAWN), means));
    }

    private static void rings(double[][] points, int[] truth, long seed) {
        Philox random = new Philox(seed, Philox.Purpose.SYNTHETIC, 3);
        for (int i = 0; i < points.length; i++) {
            truth[i] = i % 2;
            double radius = (truth[i] == 0 ? 1 : 2.5) + 0.12 * random.nextGaussian();
            double angle = 2 * Math.PI * random.nextDouble();
            points[i] = new double[] {radius * StrictMath.cos(angle), radius * StrictMath.sin(angle)};
        }
    }
}
