package org.latent4j.gan.evaluate;

import java.util.Arrays;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Frechet (2-Wasserstein) distance, squared, of the Gaussians with the samples' means and covariances: |m1 - m2|^2 + Tr(C1 + C2 -
 * 2 (C1^(1/2) C2 C1^(1/2))^(1/2)).
 *
 * <p>In the squared units of the features. {@code means} is the part of the means, {@code covariances} the rest. From finite samples it is
 * too large, the more the fewer samples and the more features there are: compare equal numbers only, and with the floor.
 *
 * <p>Throws {@link DataException} for sets of different numbers of features, with values that are not finite, or of fewer than 2 samples.
 *
 * <p>Source: Dowson and Landau, "The Fréchet distance between multivariate normal distributions", J. Multivariate Anal. 12 (1982) 450;
 * Heusel et al., "GANs trained by a two time-scale update rule ...", NeurIPS 2017. With more features than samples the last trace is the sum
 * of the singular values of X1 X2^T of the centred samples, which is the same number.
 */
public record FrechetDistance(double distance, double means, double covariances) {

    /** Compares generated (M, d) with real (N, d) samples; all in double. */
    public static FrechetDistance of(INDArray real, INDArray generated, Primitives primitives) {
        Sets.check(real, generated, 2);
        boolean wide = real.columns() > Math.min(real.rows(), generated.rows());
        return of(new Centred(real), new Centred(generated), wide, primitives);
    }

    static FrechetDistance of(Centred a, Centred b, boolean wide, Primitives primitives) {
        double means = a.mean.squaredDistance(b.mean);
        double common =
                wide ? byProducts(a.scaled, b.scaled, primitives) : byCovariances(a.scaled, b.scaled, primitives);
        double covariances = Math.max(0, a.trace() + b.trace() - 2 * common);
        return new FrechetDistance(means + covariances, means, covariances);
    }

    /** Closed form of two Gaussians that are known: means (d) and covariances (d, d). */
    public static double ofGaussians(
            double[] meanA, INDArray covarianceA, double[] meanB, INDArray covarianceB, Primitives primitives) {
        double sum = 0;
        for (int i = 0; i < meanA.length; i++) {
            sum += (meanA[i] - meanB[i]) * (meanA[i] - meanB[i]);
        }
        INDArray a = covarianceA.castTo(DataType.DOUBLE);
        INDArray b = covarianceB.castTo(DataType.DOUBLE);
        return sum + trace(a) + trace(b) - 2 * traceOfRoot(a, b, primitives);
    }

    /** Samples less their mean, divided by (n - 1)^(1/2): X^T X is the covariance. */
    static final class Centred {
        private final INDArray mean;
        private final INDArray scaled;

        Centred(INDArray rows) {
            INDArray exact = rows.castTo(DataType.DOUBLE);
            this.mean = exact.mean(0);
            this.scaled = exact.subRowVector(mean).divi(Math.sqrt(rows.rows() - 1.0));
        }

        double trace() {
            double norm = scaled.norm2Number().doubleValue();
            return norm * norm;
        }
    }

    private static double byCovariances(INDArray a, INDArray b, Primitives primitives) {
        return traceOfRoot(primitives.product(a, true, a, false), primitives.product(b, true, b, false), primitives);
    }

    /** Tr (A^(1/2) B A^(1/2))^(1/2). */
    private static double traceOfRoot(INDArray a, INDArray b, Primitives primitives) {
        Primitives.Eigen eigen = primitives.symmetricEigen(a);
        // A^(1/2) is V R V^T; the eigenvalues of R V^T B V R are those of V R V^T B V R V^T.
        INDArray scaled = eigen.vectors().mulRowVector(Nd4j.createFromArray(roots(eigen.values())));
        INDArray middle = primitives.product(primitives.product(scaled, true, b, false), false, scaled, false);
        return Arrays.stream(roots(primitives.symmetricEigen(middle).values())).sum();
    }

    private static double byProducts(INDArray a, INDArray b, Primitives primitives) {
        INDArray products = primitives.product(a, false, b, true); // (n, m)
        boolean flat = products.rows() < products.columns();
        INDArray square = primitives.product(products, !flat, products, flat);
        return Arrays.stream(roots(primitives.symmetricEigen(square).values())).sum();
    }

    /** Rounding leaves eigenvalues a little below 0. */
    private static double[] roots(double[] values) {
        return Arrays.stream(values).map(value -> Math.sqrt(Math.max(0, value))).toArray();
    }

    private static double trace(INDArray matrix) {
        double sum = 0;
        for (long i = 0; i < matrix.rows(); i++) {
            sum += matrix.getDouble(i, i);
        }
        return sum;
    }
}
