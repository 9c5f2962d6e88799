package org.latent4j.clustering.picture;

import java.util.List;
import java.util.Locale;
import org.latent4j.compute.Primitives;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How points of any number of features come into a plane: one or two features as they are, more by their first two principal directions.
 *
 * <p>Of one feature the second axis is the row number. Points are (n, p) in the data's units; places are (n, 2).
 */
public final class Plane {
    private static final int MOST_FEATURES = 2000;

    private final double[] mean;
    private final double[][] directions; // 2 rows of p; null for features as they are
    private final String xTitle;
    private final String yTitle;

    private Plane(double[] mean, double[][] directions, String xTitle, String yTitle) {
        this.mean = mean;
        this.directions = directions;
        this.xTitle = xTitle;
        this.yTitle = yTitle;
    }

    public static Plane of(INDArray points, List<String> columns, Primitives primitives) {
        int p = columns.size();
        if (p == 1) {
            return new Plane(null, null, columns.get(0), "row");
        }
        if (p == 2) {
            return new Plane(null, null, columns.get(0), columns.get(1));
        }
        if (p > MOST_FEATURES) {
            return new Plane(null, null, columns.get(0) + "  (feature 1 of " + p + ")", columns.get(1));
        }
        INDArray x = points.castTo(DataType.DOUBLE);
        INDArray mean = x.mean(0);
        INDArray centred = x.subRowVector(mean);
        INDArray covariance = primitives.product(centred, true, centred, false).div(Math.max(1, x.size(0) - 1));
        Primitives.Eigen eigen = primitives.symmetricEigen(covariance);
        double[][] directions = new double[2][p];
        for (int f = 0; f < p; f++) {
            directions[0][f] = eigen.vectors().getDouble(f, 0);
            directions[1][f] = eigen.vectors().getDouble(f, 1);
        }
        double total = 0;
        for (double value : eigen.values()) {
            total += Math.max(0, value);
        }
        return new Plane(
                mean.toDoubleVector(),
                directions,
                title(1, eigen.values()[0], total),
                title(2, eigen.values()[1], total));
    }

    private static String title(int number, double value, double total) {
        return String.format(
                Locale.ROOT,
                "principal direction %d  (%.1f %% of the variance)",
                number,
                total > 0 ? 100 * value / total : 0);
    }

    public String xTitle() {
        return xTitle;
    }

    public String yTitle() {
        return yTitle;
    }

    /** Whether distances in the plane are those of the points, so that Voronoi cells mean something. */
    public boolean isWhole() {
        return mean == null && !yTitle.equals("row") && !xTitle.contains("(feature 1 of ");
    }

    public double[][] places(INDArray points) {
        INDArray x = points.dataType() == DataType.DOUBLE ? points : points.castTo(DataType.DOUBLE);
        if (directions == null) {
            double[][] places = new double[(int) x.size(0)][2];
            boolean one = x.size(1) == 1;
            for (int i = 0; i < places.length; i++) {
                places[i][0] = x.getDouble(i, 0);
                places[i][1] = one ? i : x.getDouble(i, 1);
            }
            return places;
        }
        INDArray shifted = x.subRowVector(Nd4j.createFromArray(mean));
        return shifted.mmul(Nd4j.createFromArray(directions).transpose()).toDoubleMatrix();
    }
}
