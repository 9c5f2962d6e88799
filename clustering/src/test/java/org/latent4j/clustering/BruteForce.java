package org.latent4j.clustering;

import java.util.ArrayList;
import java.util.List;
import org.latent4j.compute.Metric;

/** Agglomeration by the definitions: clusters as lists of points, every distance computed anew, O(n^4). */
final class BruteForce {
    private BruteForce() {}

    private record Cluster(int id, List<Integer> points, Cluster left, Cluster right, double[] middle) {}

    static LinkageTable of(double[][] x, Linkage linkage, Metric metric) {
        int n = x.length;
        List<Cluster> clusters = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            clusters.add(new Cluster(i, List.of(i), null, null, x[i]));
        }
        int[] left = new int[n - 1];
        int[] right = new int[n - 1];
        double[] height = new double[n - 1];
        int[] size = new int[n - 1];
        for (int m = 0; m < n - 1; m++) {
            Cluster a = null;
            Cluster b = null;
            double least = Double.POSITIVE_INFINITY;
            for (int i = 0; i < clusters.size(); i++) {
                for (int j = 0; j < i; j++) {
                    double d = distance(clusters.get(i), clusters.get(j), x, linkage, metric);
                    if (d < least) {
                        least = d;
                        a = clusters.get(i);
                        b = clusters.get(j);
                    }
                }
            }
            List<Integer> points = new ArrayList<>(a.points());
            points.addAll(b.points());
            double[] middle = new double[x[0].length];
            for (int f = 0; f < middle.length; f++) {
                middle[f] = (a.middle()[f] + b.middle()[f]) / 2;
            }
            clusters.remove(a);
            clusters.remove(b);
            clusters.add(new Cluster(n + m, points, a, b, middle));
            left[m] = Math.min(a.id(), b.id());
            right[m] = Math.max(a.id(), b.id());
            height[m] = least;
            size[m] = points.size();
        }
        return new LinkageTable(left, right, height, size);
    }

    /** Ascending heights by a whole matrix of distances, which Lance and Williams's formula brings up to date; of weighted points, O(n^3). */
    static double[] heights(double[][] x, double[] weights, Linkage linkage) {
        int n = x.length;
        double[][] between = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                between[i][j] = distance(x[i], x[j], Metric.EUCLIDEAN);
            }
        }
        double[] size = weights.clone();
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            left.add(i);
        }
        double[] heights = new double[n - 1];
        for (int m = 0; m < n - 1; m++) {
            int a = -1;
            int b = -1;
            double least = Double.POSITIVE_INFINITY;
            for (int i : left) {
                for (int j : left) {
                    if (j < i && between[i][j] < least) {
                        least = between[i][j];
                        a = j;
                        b = i;
                    }
                }
            }
            heights[m] = least;
            left.remove((Integer) b);
            for (int c : left) {
                double toA = between[a][c];
                double toB = between[b][c];
                between[a][c] = switch (linkage) {
                    case COMPLETE -> Math.max(toA, toB);
                    case AVERAGE -> (size[a] * toA + size[b] * toB) / (size[a] + size[b]);
                    case WEIGHTED -> (toA + toB) / 2;
                    default -> throw new IllegalArgumentException(linkage.name());
                };
                between[c][a] = between[a][c];
            }
            size[a] += size[b];
        }
        return heights;
    }

    private static double distance(Cluster a, Cluster b, double[][] x, Linkage linkage, Metric metric) {
        return switch (linkage) {
            case SINGLE, COMPLETE, AVERAGE -> {
                double least = Double.POSITIVE_INFINITY;
                double most = 0;
                double sum = 0;
                for (int i : a.points()) {
                    for (int j : b.points()) {
                        double d = distance(x[i], x[j], metric);
                        least = Math.min(least, d);
                        most = Math.max(most, d);
                        sum += d;
                    }
                }
                yield linkage == Linkage.SINGLE
                        ? least
                        : linkage == Linkage.COMPLETE
                                ? most
                                : sum / a.points().size() / b.points().size();
            }
            case WEIGHTED -> {
                Cluster later = a.id() > b.id() ? a : b;
                Cluster other = later == a ? b : a;
                yield later.left() == null
                        ? distance(x[a.id()], x[b.id()], metric)
                        : (distance(later.left(), other, x, linkage, metric)
                                        + distance(later.right(), other, x, linkage, metric))
                                / 2;
            }
            case CENTROID -> distance(mean(a, x), mean(b, x), Metric.EUCLIDEAN);
            case MEDIAN -> distance(a.middle(), b.middle(), Metric.EUCLIDEAN);
            case WARD ->
                Math.sqrt(2.0
                                * a.points().size()
                                * b.points().size()
                                / (a.points().size() + b.points().size()))
                        * distance(mean(a, x), mean(b, x), Metric.EUCLIDEAN);
        };
    }

    private static double[] mean(Cluster cluster, double[][] x) {
        double[] mean = new double[x[0].length];
        for (int i : cluster.points()) {
            for (int f = 0; f < mean.length; f++) {
                mean[f] += x[i][f] / cluster.points().size();
            }
        }
        return mean;
    }

    static double distance(double[] x, double[] y, Metric metric) {
        double sum = 0;
        double most = 0;
        double absolute = 0;
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int f = 0; f < x.length; f++) {
            double by = x[f] - y[f];
            sum += by * by;
            absolute += Math.abs(by);
            most = Math.max(most, Math.abs(by));
            xy += x[f] * y[f];
            xx += x[f] * x[f];
            yy += y[f] * y[f];
        }
        return switch (metric) {
            case EUCLIDEAN -> Math.sqrt(sum);
            case SQUARED_EUCLIDEAN -> sum;
            case MANHATTAN -> absolute;
            case CHEBYSHEV -> most;
            case COSINE -> Math.max(0, 1 - xy / Math.sqrt(xx * yy));
        };
    }

    /** All pairs in condensed form. */
    static double[] distances(double[][] x, Metric metric) {
        double[] condensed = new double[x.length * (x.length - 1) / 2];
        int at = 0;
        for (int i = 0; i < x.length; i++) {
            for (int j = i + 1; j < x.length; j++) {
                condensed[at++] = distance(x[i], x[j], metric);
            }
        }
        return condensed;
    }
}
