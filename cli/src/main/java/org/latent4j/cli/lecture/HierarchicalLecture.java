package org.latent4j.cli.lecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.latent4j.clustering.Agglomerative;
import org.latent4j.clustering.Agreement;
import org.latent4j.clustering.Linkage;
import org.latent4j.clustering.LinkageTable;
import org.latent4j.clustering.picture.ClusterScatter;
import org.latent4j.clustering.picture.DendrogramPicture;
import org.latent4j.compute.Philox;
import org.nd4j.linalg.factory.Nd4j;

/** The dendrogram, and what the distance between clusters decides. */
final class HierarchicalLecture implements Lecture {
    private static final int POINTS = 400;

    @Override
    public String name() {
        return "hierarchical";
    }

    @Override
    public String title() {
        return "Agglomerative clustering: dendrograms and linkages";
    }

    /** Points with the cluster each was drawn from. */
    private record Truth(double[][] points, int[] labels) {}

    @Override
    public Exhibit compute(LectureRoom room) {
        Truth few = blobs(24, 0.9, room.seed(), 0);
        Truth blobs = blobs(POINTS, 1.25, room.seed(), 1);
        Truth moons = moons(room.seed());
        List<Exhibit.Figure> figures = new ArrayList<>();
        figures.add(dendrogram("hierarchical-points.png", few, Linkage.COMPLETE, "Every merge of 24 points"));
        figures.add(dendrogram("hierarchical-tree.png", blobs, Linkage.WARD, "The last merges of 400 points"));
        for (Linkage linkage : new Linkage[] {Linkage.SINGLE, Linkage.COMPLETE}) {
            figures.add(scatter("moons", moons, linkage, 2));
            figures.add(scatter("blobs", blobs, linkage, 3));
        }
        List<List<String>> rows = new ArrayList<>();
        for (Linkage linkage : Linkage.values()) {
            rows.add(List.of(word(linkage), index(moons, linkage, 2), index(blobs, linkage, 3)));
        }
        return new Exhibit(
                "Agglomerative clustering begins with every point alone and merges the closest two clusters again and again; the tree of "
                        + "merges can be cut at any height. What closest means is the linkage. Single linkage, the smallest distance of two "
                        + "points, follows chains: it finds two moons, but a few points between blobs are bridges over which it joins them. "
                        + "Complete linkage, the largest distance, keeps clusters compact: it finds blobs, and cuts moons into pieces.",
                figures,
                List.of(new Exhibit.NumberTable(
                        "Agreement with the truth (adjusted Rand index)",
                        List.of("linkage", "two moons", "three blobs"),
                        rows)));
    }

    private static String word(Linkage linkage) {
        return linkage.name().toLowerCase(Locale.ROOT);
    }

    private static LinkageTable table(Truth truth, Linkage linkage) {
        return Agglomerative.fit(Nd4j.createFromArray(truth.points()), linkage);
    }

    private static double agreement(Truth truth, Linkage linkage, int k) {
        return Agreement.of(truth.labels(), table(truth, linkage).cutInto(k)).adjustedRand();
    }

    private static String index(Truth truth, Linkage linkage, int k) {
        return String.format(Locale.ROOT, "%.3f", agreement(truth, linkage, k));
    }

    private static Exhibit.Figure dendrogram(String file, Truth truth, Linkage linkage, String title) {
        return new Exhibit.Figure(
                file,
                title + ", " + word(linkage) + " linkage; the dashed line cuts the tree into three clusters.",
                new DendrogramPicture(table(truth, linkage), 3)
                        .draw(title + ": " + word(linkage) + " linkage", "distance of the merged clusters"));
    }

    private static Exhibit.Figure scatter(String set, Truth truth, Linkage linkage, int k) {
        int[] labels = table(truth, linkage).cutInto(k);
        String caption = String.format(
                Locale.ROOT,
                "%s linkage, cut into %d clusters: adjusted Rand index %.3f.",
                word(linkage).substring(0, 1).toUpperCase(Locale.ROOT)
                        + word(linkage).substring(1),
                k,
                agreement(truth, linkage, k));
        return new Exhibit.Figure(
                "hierarchical-" + set + "-" + word(linkage) + ".png",
                caption,
                new ClusterScatter(caption.substring(0, caption.length() - 1), "x1", "x2", false)
                        .draw(truth.points(), labels, null));
    }

    private static Truth blobs(int n, double spread, long seed, int stream) {
        double[][] means = {{-4, -2}, {4, -2}, {0, 4.5}};
        Philox random = new Philox(seed, Philox.Purpose.SYNTHETIC, stream);
        double[][] points = new double[n][];
        int[] labels = new int[n];
        for (int i = 0; i < n; i++) {
            labels[i] = i % 3;
            points[i] = new double[] {
                means[labels[i]][0] + spread * random.nextGaussian(),
                means[labels[i]][1] + spread * random.nextGaussian()
            };
        }
        return new Truth(points, labels);
    }

    private static Truth moons(long seed) {
        Philox random = new Philox(seed, Philox.Purpose.SYNTHETIC, 2);
        double[][] points = new double[POINTS][];
        int[] labels = new int[POINTS];
        for (int i = 0; i < POINTS; i++) {
            labels[i] = i % 2;
            double angle = Math.PI * random.nextDouble();
            double side = labels[i] == 0 ? 1 : -1;
            points[i] = new double[] {
                (labels[i] == 0 ? 0 : 1) + side * StrictMath.cos(angle) + 0.06 * random.nextGaussian(),
                (labels[i] == 0 ? 0 : 0.5) + side * StrictMath.sin(angle) + 0.06 * random.nextGaussian()
            };
        }
        return new Truth(points, labels);
    }
}
