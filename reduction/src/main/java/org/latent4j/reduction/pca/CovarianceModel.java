package org.latent4j.reduction.pca;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Principal components of a covariance matrix of named data points. Arrays are as they are held.
 *
 * @param points p names and groups
 * @param variances all eigenvalues, descending, none below 0
 * @param directions (k, p) orthonormal rows, DOUBLE; the largest-magnitude number of each is positive
 * @param totalVariance the trace
 * @param rank number of eigenvalues above rounding
 * @param asymmetry largest difference between the triangles given, as a share of the largest entry
 */
public record CovarianceModel(
        DataPoints points, double[] variances, INDArray directions, double totalVariance, int rank, double asymmetry) {

    public int kept() {
        return Math.toIntExact(directions.size(0));
    }

    /** How many components carry a share of the trace. */
    public int carrying(double share) {
        return Pca.carrying(share, variances, totalVariance);
    }

    /** What each point shifts by for one standard deviation along a direction: p numbers in the data's units. */
    public double[] shift(int component) {
        double deviation = Math.sqrt(variances[component]);
        return Arrays.stream(directions.getRow(component).toDoubleVector())
                .map(x -> x * deviation)
                .toArray();
    }

    /** The share of each group of points, in the order of {@link DataPoints#distinctGroups}, in a direction's squared length. */
    public double[] groupShares(int component) {
        List<String> groups = points.distinctGroups();
        double[] direction = directions.getRow(component).toDoubleVector();
        double[] shares = new double[groups.size()];
        for (int j = 0; j < direction.length; j++) {
            shares[groups.indexOf(points.groups().get(j))] += direction[j] * direction[j];
        }
        return shares;
    }
}
