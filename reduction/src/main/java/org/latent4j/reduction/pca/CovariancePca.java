package org.latent4j.reduction.pca;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Principal components of a covariance matrix that is given itself, as that of theory errors, or by shift vectors.
 *
 * <p>A matrix is (p, p). Shift vectors are the columns of S (p, m), the covariance is S S^T and never made. Everything is computed in double.
 *
 * <p>Throws {@link DataException} for matrices that are not square, not symmetric (largest asymmetry and where) or not positive semi-definite
 * (lowest eigenvalue), hold numbers that are not finite, or are 0; {@value #TOLERANCE} of the largest number counts as rounding, or
 * {@value #FLOAT_TOLERANCE} for floats.
 *
 * <p>Source of the use: Abdul Khalek et al. (NNPDF), "Parton distributions with theory uncertainties", Eur. Phys. J. C 79 (2019) 931.
 */
public final class CovariancePca {
    static final double TOLERANCE = 1e-8;
    static final double FLOAT_TOLERANCE = 1e-5;

    private CovariancePca() {}

    public static CovarianceModel fit(
            INDArray covariance, DataPoints points, ComponentRule rule, Primitives primitives) {
        check(
                covariance,
                points,
                covariance.rank() == 2 && covariance.size(0) == covariance.size(1),
                "a covariance matrix must be (p, p)");
        int p = points.size();
        double tolerance = covariance.dataType() == DataType.DOUBLE ? TOLERANCE : FLOAT_TOLERANCE;
        double[] c = Numbers.of(covariance);
        requireFinite(c, p, points);
        double asymmetry = symmetrize(c, p, tolerance, points);
        try (INDArray exact = Nd4j.create(c, new long[] {p, p}, 'c')) {
            Primitives.Eigen eigen = primitives.symmetricEigen(exact);
            double[] values = eigen.values();
            double lowest = values[p - 1];
            if (lowest < -tolerance * values[0]) {
                throw new DataException(String.format(
                        Locale.ROOT,
                        "the covariance is not positive semi-definite: its lowest eigenvalue is %.3g, its highest %.3g; errors of"
                                + " all points together can't have such a matrix, so look for entries of the wrong sign or size",
                        lowest,
                        values[0]));
            }
            double total = 0;
            for (int i = 0; i < p; i++) {
                total += c[i * p + i];
            }
            try (INDArray vectors = eigen.vectors()) {
                int kept = count(rule, clipped(values), total);
                return new CovarianceModel(
                        points,
                        clipped(values),
                        Directions.ofColumns(vectors, kept, DataType.DOUBLE),
                        total,
                        rank(values, p * Math.ulp(1.0)),
                        asymmetry);
            }
        }
    }

    /** From shift vectors (p, m) in columns. */
    public static CovarianceModel ofShifts(
            INDArray shifts, DataPoints points, ComponentRule rule, Primitives primitives) {
        check(shifts, points, shifts.rank() == 2, "shift vectors must be (p, m), one in each column");
        requireFinite(Numbers.of(shifts), Math.toIntExact(shifts.size(1)), points);
        try (INDArray exact = shifts.castTo(DataType.DOUBLE).dup('c')) {
            Primitives.Svd svd = primitives.svd(exact);
            double[] values = Arrays.stream(svd.s()).map(s -> s * s).toArray();
            double total = Arrays.stream(values).sum();
            if (total == 0) {
                throw new DataException("all shifts are 0: there is no covariance");
            }
            try (INDArray u = svd.u();
                    INDArray vt = svd.vt()) {
                double roundOff = Math.max(shifts.size(0), shifts.size(1)) * Math.ulp(1.0);
                return new CovarianceModel(
                        points,
                        values,
                        Directions.ofColumns(u, count(rule, values, total), DataType.DOUBLE),
                        total,
                        rank(values, roundOff * roundOff),
                        0);
            }
        }
    }

    private static void check(INDArray x, DataPoints points, boolean shape, String expected) {
        List<String> problems = new ArrayList<>();
        if (!shape) {
            problems.add(expected + ", but the shape is " + Arrays.toString(x.shape()));
        } else if (x.size(0) != points.size()) {
            problems.add("there are " + points.size() + " names of data points for " + x.size(0) + " rows");
        }
        if (!problems.isEmpty()) {
            throw new DataException(String.join("; ", problems));
        }
    }

    private static void requireFinite(double[] c, int columns, DataPoints points) {
        for (int i = 0; i < c.length; i++) {
            if (!Double.isFinite(c[i])) {
                throw new DataException(
                        "row " + (i / columns + 1) + " (" + points.names().get(i / columns) + "), column "
                                + (i % columns + 1) + " is " + c[i] + "; errors must be finite");
            }
        }
    }

    /** Takes the mean of both triangles; returns the largest difference between them as a share of the largest number. */
    private static double symmetrize(double[] c, int p, double tolerance, DataPoints points) {
        double largest = 0;
        double worst = 0;
        int at = 0;
        for (int i = 0; i < p; i++) {
            for (int j = 0; j <= i; j++) {
                double difference = Math.abs(c[i * p + j] - c[j * p + i]);
                if (difference > worst) {
                    worst = difference;
                    at = i * p + j;
                }
                double mean = (c[i * p + j] + c[j * p + i]) / 2;
                largest = Math.max(largest, Math.max(Math.abs(c[i * p + j]), Math.abs(c[j * p + i])));
                c[i * p + j] = mean;
                c[j * p + i] = mean;
            }
        }
        if (largest == 0) {
            throw new DataException("the covariance is 0 everywhere");
        }
        if (worst > tolerance * largest) {
            throw new DataException(String.format(
                    Locale.ROOT,
                    "the covariance is not symmetric: the entries of points %d (%s) and %d (%s) differ by %.3g, which is %.2g of the"
                            + " largest entry; give (C + C^T) / 2 if that is meant",
                    at / p + 1,
                    points.names().get(at / p),
                    at % p + 1,
                    points.names().get(at % p),
                    worst,
                    worst / largest));
        }
        return worst / largest;
    }

    private static double[] clipped(double[] values) {
        return Arrays.stream(values).map(v -> Math.max(0, v)).toArray();
    }

    private static int rank(double[] values, double relative) {
        return (int) Arrays.stream(values).filter(v -> v > relative * values[0]).count();
    }

    private static int count(ComponentRule rule, double[] values, double total) {
        if (rule instanceof ComponentRule.Number number) {
            if (number.count() > values.length) {
                throw new DataException(number.count() + " components of a covariance that has " + values.length);
            }
            return number.count();
        }
        if (rule instanceof ComponentRule.Share share) {
            return Pca.carrying(share.share(), values, total);
        }
        if (rule instanceof ComponentRule.All) {
            return values.length;
        }
        throw new DataException("mle and parallel need samples; of a covariance give a number, a share or all");
    }
}
