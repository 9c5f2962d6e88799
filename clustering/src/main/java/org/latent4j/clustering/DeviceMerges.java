package org.latent4j.clustering;

import java.util.stream.IntStream;
import org.latent4j.compute.Matrix;
import org.latent4j.compute.Metric;
import org.latent4j.compute.Primitives;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Agglomeration by a device's own merges. */
final class DeviceMerges {
    private DeviceMerges() {}

    /** The device's rule of a linkage; null for those whose heights can fall, which no device merges by rounds. */
    private static Primitives.Merging rule(Linkage linkage) {
        return switch (linkage) {
            case SINGLE -> Primitives.Merging.SINGLE;
            case COMPLETE -> Primitives.Merging.COMPLETE;
            case AVERAGE -> Primitives.Merging.AVERAGE;
            case WEIGHTED -> Primitives.Merging.WEIGHTED;
            case WARD -> Primitives.Merging.WARD;
            case CENTROID, MEDIAN -> null;
        };
    }

    static boolean offeredBy(Primitives primitives, Linkage linkage, long points) {
        return rule(linkage) != null && points > 1 && primitives.hasMerges(points, rule(linkage));
    }

    static LinkageTable of(INDArray points, Linkage linkage, Metric metric, Primitives primitives) {
        Points checked = Points.of(points);
        Agglomerative.requireSuited(linkage, metric);
        if (metric == Metric.COSINE) {
            UnitLength.of(checked); // refuses points without a direction
        }
        boolean real = points.dataType() == DataType.FLOAT || points.dataType() == DataType.DOUBLE;
        Primitives.Merges merges;
        try (Matrix matrix = primitives.matrix(real ? points : points.castTo(DataType.DOUBLE))) {
            merges = primitives.merges(matrix, metric, rule(linkage));
        }
        return linkage == Linkage.SINGLE ? byPoints(checked.n(), merges) : sorted(checked.n(), merges);
    }

    private static LinkageTable sorted(int n, Primitives.Merges merges) {
        return LinkageTable.sorted(n, merges.kept(), merges.gone(), merges.heights());
    }

    /** Edges of a tree can come in any order: the lowest points first among equally long ones. */
    private static LinkageTable byPoints(int n, Primitives.Merges merges) {
        int[] kept = merges.kept();
        int[] gone = merges.gone();
        int[] order = IntStream.range(0, n - 1)
                .boxed()
                .sorted((i, j) -> kept[i] != kept[j] ? Integer.compare(kept[i], kept[j]) : gone[i] - gone[j])
                .mapToInt(Integer::intValue)
                .toArray();
        return LinkageTable.sorted(
                n,
                IntStream.of(order).map(i -> kept[i]).toArray(),
                IntStream.of(order).map(i -> gone[i]).toArray(),
                IntStream.of(order).mapToDouble(i -> merges.heights()[i]).toArray());
    }
}
