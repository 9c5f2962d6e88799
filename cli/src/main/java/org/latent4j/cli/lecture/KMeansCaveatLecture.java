package org.latent4j.cli.lecture;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.latent4j.clustering.Agreement;
import org.latent4j.clustering.GaussianMixture;
import org.latent4j.clustering.GaussianMixtureModel;
import org.latent4j.clustering.GaussianMixtureOptions;
import org.latent4j.clustering.KMeans;
import org.latent4j.clustering.KMeansModel;
import org.latent4j.clustering.KMeansOptions;
import org.latent4j.clustering.picture.ClusterScatter;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What k-means takes for granted, clusters of one variance in all directions, and what it makes of others. */
final class KMeansCaveatLecture implements Lecture {
    private static final int POINTS = 900;

    @Override
    public String name() {
        return "kmeans-caveat";
    }

    @Override
    public String title() {
        return "The caveat of k-means: unequal variances";
    }

    /** Points with the cluster each was drawn from. */
    private record Truth(String file, String name, double[][] points, int[] labels) {}

    @Override
    public Exhibit compute(LectureRoom room) {
        List<Exhibit.Figure> figures = new ArrayList<>();
        List<List<String>> rows = new ArrayList<>();
        try (Primitives primitives = Devices.primitives(room.device())) {
            for (Truth truth : List.of(equal(room.seed()), unequal(room.seed()), sheared(room.seed()))) {
                INDArray x = Nd4j.createFromArray(truth.points());
                KMeansModel means = KMeans.fit(x, KMeansOptions.of(3).withSeed(room.seed()), primitives);
                GaussianMixtureModel mixture = GaussianMixture.fit(
                        x, GaussianMixtureOptions.of(3).withRestarts(4).withSeed(room.seed()), primitives);
                int[] components = mixture.predict(x);
                double ofMeans = Agreement.of(truth.labels(), means.labels()).adjustedRand();
                double ofMixture = Agreement.of(truth.labels(), components).adjustedRand();
                rows.add(List.of(truth.name(), number(ofMeans), number(ofMixture)));
                figures.add(figure(
                        truth,
                        "kmeans",
                        "k-means",
                        ofMeans,
                        picture -> picture.draw(
                                truth.points(), means.labels(), means.centres().toDoubleMatrix())));
                double[][][] covariances =
                        IntStream.range(0, 3).mapToObj(mixture::covariance).toArray(double[][][]::new);
                figures.add(figure(
                        truth,
                        "gmm",
                        "Gaussian mixture",
                        ofMixture,
                        picture -> picture.draw(truth.points(), components, mixture.means(), covariances)));
            }
        }
        return new Exhibit(
                "K-means gives every point to the nearest mean: its borders lie halfway between means, whatever the spread of the clusters. "
                        + "That is right only where all clusters have one variance, the same in all directions. Of blobs of unequal "
                        + "variance the wide one loses its rim to its neighbours, and long clusters are cut across. A mixture of Gaussians, "
                        + "fitted by expectation maximization, learns a covariance for each cluster; ellipses lie two standard "
                        + "deviations from the means.",
                figures,
                List.of(new Exhibit.NumberTable(
                        "Agreement with the truth (adjusted Rand index)",
                        List.of("points", "k-means", "Gaussian mixture"),
                        rows)));
    }

    /** Draws on a scatter. */
    private interface Drawing {
        BufferedImage on(ClusterScatter picture);
    }

    private static Exhibit.Figure figure(Truth truth, String file, String method, double index, Drawing drawing) {
        String caption = String.format(Locale.ROOT, "%s, %s: adjusted Rand index %.3f.", truth.name(), method, index);
        return new Exhibit.Figure(
                "kmeans-caveat-" + truth.file() + "-" + file + ".png",
                caption,
                drawing.on(new ClusterScatter(
                        caption.substring(0, caption.length() - 1), "x1", "x2", file.equals("kmeans"))));
    }

    private static String number(double index) {
        return String.format(Locale.ROOT, "%.3f", index);
    }

    private static Truth equal(long seed) {
        double[][] means = {{0, 0}, {7, 2}, {-2, 7}};
        return blobs("equal", "Equal variances", means, new double[] {1.2, 1.2, 1.2}, seed, 0);
    }

    private static Truth unequal(long seed) {
        double[][] means = {{0, 0}, {7, 2}, {-5, 7}};
        return blobs("unequal", "Unequal variances", means, new double[] {2.5, 0.5, 1}, seed, 1);
    }

    private static Truth sheared(long seed) {
        double[][] means = {{-8, 0}, {0, 3}, {8, -1}};
        Truth round = blobs("sheared", "Sheared blobs", means, new double[] {1.2, 1.2, 1.2}, seed, 2);
        for (double[] point : round.points()) {
            double u = point[0];
            double v = point[1];
            point[0] = 0.4 * u - 2 * v;
            point[1] = 0.3 * u + 1.2 * v;
        }
        return round;
    }

    private static Truth blobs(String file, String name, double[][] means, double[] spread, long seed, int stream) {
        Philox random = new Philox(seed, Philox.Purpose.SYNTHETIC, stream);
        double[][] points = new double[POINTS][];
        int[] labels = new int[POINTS];
        for (int i = 0; i < POINTS; i++) {
            labels[i] = i % means.length;
            double[] mean = means[labels[i]];
            points[i] = new double[] {
                mean[0] + spread[labels[i]] * random.nextGaussian(), mean[1] + spread[labels[i]] * random.nextGaussian()
            };
        }
        return new Truth(file, name, points, labels);
    }
}
