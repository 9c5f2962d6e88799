package org.latent4j.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Agglomeration word by word: of all clusters as sets of points, the closest two are merged. */
final class MergesByDefinition {
    private static final double TOLERANCE = 1e-9;

    private final double[][] points;
    private final double[][] apart;
    private final Metric metric;
    private final Primitives.Merging rule;

    MergesByDefinition(INDArray points, Metric metric, Primitives.Merging rule) {
        this.points = points.castTo(DataType.DOUBLE).toDoubleMatrix();
        this.metric = metric;
        this.rule = rule;
        int n = this.points.length;
        this.apart = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                apart[i][j] = distance(this.points[i], this.points[j]);
            }
        }
    }

    /** Points, and what share of the cluster each is: as large as the others', or half as large with each merge. */
    private record Cluster(BitSet members, double[] shares) {}

    private Cluster single(int point) {
        BitSet members = new BitSet();
        members.set(point);
        double[] shares = new double[points.length];
        shares[point] = 1;
        return new Cluster(members, shares);
    }

    private Cluster merged(Cluster a, Cluster b) {
        BitSet members = (BitSet) a.members.clone();
        members.or(b.members);
        double ofA =
                rule == Primitives.Merging.WEIGHTED ? 0.5 : (double) a.members.cardinality() / members.cardinality();
        double[] shares = new double[points.length];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = ofA * a.shares[i] + (1 - ofA) * b.shares[i];
        }
        return new Cluster(members, shares);
    }

    private double distance(double[] a, double[] b) {
        double sum = 0;
        double largest = 0;
        double squares = 0;
        double product = 0;
        double own = 0;
        double other = 0;
        for (int i = 0; i < a.length; i++) {
            double d = Math.abs(a[i] - b[i]);
            sum += d;
            largest = Math.max(largest, d);
            squares += d * d;
            product += a[i] * b[i];
            own += a[i] * a[i];
            other += b[i] * b[i];
        }
        return switch (metric) {
            case EUCLIDEAN -> Math.sqrt(squares);
            case SQUARED_EUCLIDEAN -> squares;
            case MANHATTAN -> sum;
            case CHEBYSHEV -> largest;
            case COSINE -> Math.max(0, 1 - product / Math.sqrt(own * other));
        };
    }

    private double distance(Cluster a, Cluster b) {
        if (rule == Primitives.Merging.WARD) {
            double m = a.members.cardinality();
            double n = b.members.cardinality();
            return Math.sqrt(2 * m * n / (m + n)) * distance(mean(a), mean(b));
        }
        double least = Double.POSITIVE_INFINITY;
        double most = 0;
        double mean = 0;
        for (int i = a.members.nextSetBit(0); i >= 0; i = a.members.nextSetBit(i + 1)) {
            for (int j = b.members.nextSetBit(0); j >= 0; j = b.members.nextSetBit(j + 1)) {
                least = Math.min(least, apart[i][j]);
                most = Math.max(most, apart[i][j]);
                mean += a.shares[i] * b.shares[j] * apart[i][j];
            }
        }
        return switch (rule) {
            case SINGLE -> least;
            case COMPLETE -> most;
            default -> mean;
        };
    }

    private double[] mean(Cluster cluster) {
        double[] mean = new double[points[0].length];
        for (int i = cluster.members.nextSetBit(0); i >= 0; i = cluster.members.nextSetBit(i + 1)) {
            for (int f = 0; f < mean.length; f++) {
                mean[f] += points[i][f] * cluster.shares[i];
            }
        }
        return mean;
    }

    /** Every merge is of two clusters that are as far apart as it says; gives the clusters that arise. */
    Set<BitSet> requireTrue(Primitives.Merges merges) {
        int n = points.length;
        assertThat(merges.heights()).hasSize(n - 1);
        Cluster[] of = IntStream.range(0, n).mapToObj(this::single).toArray(Cluster[]::new);
        Set<BitSet> arisen = new HashSet<>();
        Comparator<Integer> byHeight = Comparator.comparingDouble(i -> merges.heights()[i]);
        IntStream.range(0, n - 1)
                .boxed()
                .sorted(rule == Primitives.Merging.SINGLE ? byHeight : Comparator.naturalOrder())
                .forEach(i -> {
                    Cluster a = of[merges.kept()[i]];
                    Cluster b = of[merges.gone()[i]];
                    assertThat(a).isNotSameAs(b);
                    double height = merges.heights()[i];
                    assertThat(height).isCloseTo(distance(a, b), within(TOLERANCE * (1 + height)));
                    Cluster both = merged(a, b);
                    both.members.stream().forEach(point -> of[point] = both);
                    arisen.add(both.members);
                });
        assertThat(arisen).hasSize(n - 1);
        return arisen;
    }

    /** The merges are those of always joining the closest pair; for points without equal distances. */
    void requireSame(Primitives.Merges merges) {
        int n = points.length;
        List<Cluster> clusters = new ArrayList<>();
        double[][] between = new double[n][n];
        for (int i = 0; i < n; i++) {
            clusters.add(single(i));
            between[i] = apart[i].clone();
        }
        Set<BitSet> expected = new HashSet<>();
        for (int step = 0; step < n - 1; step++) {
            int left = -1;
            int right = -1;
            for (int i = 0; i < n; i++) {
                for (int j = i + 1; j < n && clusters.get(i) != null; j++) {
                    if (clusters.get(j) != null && (left < 0 || between[i][j] < between[left][right])) {
                        left = i;
                        right = j;
                    }
                }
            }
            Cluster both = merged(clusters.get(left), clusters.get(right));
            clusters.set(left, both);
            clusters.set(right, null);
            expected.add(both.members);
            for (int i = 0; i < n; i++) {
                if (i != left && clusters.get(i) != null) {
                    between[i][left] = distance(both, clusters.get(i));
                    between[left][i] = between[i][left];
                }
            }
        }
        assertThat(requireTrue(merges)).isEqualTo(expected);
    }
}
