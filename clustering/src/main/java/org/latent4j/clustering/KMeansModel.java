package org.latent4j.clustering;

import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.latent4j.compute.Device;
import org.latent4j.compute.Matrix;
import org.latent4j.compute.Metric;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What k-means found.
 *
 * @param centres (k, p), of the points' type
 * @param labels n: the nearest centre of each point, the lowest index among equals
 * @param inertia the weighted sum of squared distances to the nearest centres
 * @param costHistory the cost of each iteration's assignment, and at last the inertia; never grows beyond the rounding of the centres to
 *     the points' type
 * @param iterations how often all points were assigned until the stop
 * @param stopped why it stopped
 * @param counts k: points of each cluster
 * @param weights k: their weight
 * @param reseeded clusters that had become empty and were started anew
 * @param distinctCentres below k when there were fewer distinct points
 * @param restartCosts the cost of each restart; the lowest is this model's
 * @param seed that decided the start
 * @param device that ran it
 */
public record KMeansModel(
        INDArray centres,
        int[] labels,
        double inertia,
        double[] costHistory,
        int iterations,
        Stopped stopped,
        long[] counts,
        double[] weights,
        List<Reseeded> reseeded,
        int distinctCentres,
        double[] restartCosts,
        long seed,
        Device device) {
    private static final int TILE_ROWS = 1024;

    /** Why iterations ended. */
    public enum Stopped {
        /** No assignment changed. */
        LABELS,
        /** The change fell to the tolerance. */
        TOLERANCE,
        /** The allowed number was reached. */
        ITERATIONS
    }

    /** An empty cluster that was put on a far point: in which iteration (from 1), which cluster, on which point. */
    public record Reseeded(int iteration, int cluster, int point) {}

    public int k() {
        return (int) centres.size(0);
    }

    /** The nearest centre of each of these points (n, p). Throws {@link DataException} for other than p features. */
    public int[] predict(INDArray points, Primitives primitives) {
        return predict(centres, points, primitives);
    }

    static int[] predict(INDArray centres, INDArray points, Primitives primitives) {
        Points checked = fitting(centres, points);
        int[] labels = new int[checked.n()];
        try (Matrix matrix = primitives.matrix(checked.array())) {
            primitives.nearest(matrix, centres.castTo(checked.type()), labels, null);
        }
        return labels;
    }

    /** Euclidean distances (n, k) from each of these points to each centre, DOUBLE. */
    public INDArray transform(INDArray points, Primitives primitives) {
        Points checked = fitting(centres, points);
        int k = k();
        INDArray all = Nd4j.createUninitialized(DataType.DOUBLE, new long[] {checked.n(), k}, 'c');
        DoublePointer out = new DoublePointer(all.data().addressPointer());
        try (Matrix matrix = primitives.matrix(checked.array());
                Matrix means = primitives.matrix(centres.castTo(checked.type()))) {
            for (int from = 0; from < checked.n(); from += TILE_ROWS) {
                int rows = Math.min(TILE_ROWS, checked.n() - from);
                double[] tile = new double[rows * k];
                primitives.distances(matrix, from, rows, means, 0, k, Metric.EUCLIDEAN, tile);
                out.position((long) from * k).put(tile);
            }
        }
        return all;
    }

    private static Points fitting(INDArray centres, INDArray points) {
        Points checked = Points.of(points);
        if (checked.features() != centres.size(1)) {
            throw new DataException("points have " + checked.features() + " features, but the model's centres have "
                    + centres.size(1) + "; give the same columns as in the fit");
        }
        return checked;
    }
}
