package org.latent4j.reduction.divergence;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;

/**
 * The Jensen-Shannon divergence of two normal distributions of d features, in nats, as one integral over a line.
 *
 * <p>Let L = ln(q / p) and M(s) = E_p e^(s L), the integral of p^(1-s) q^s. By Mellin's transform, ln(1 + e^L) is the integral of
 * pi e^(s L) / (s sin(pi s)) ds / (2 pi i) upwards through any s between 0 and 1. The mean of it over p, the same with p and q exchanged, and
 * s = 1/2 + i t give
 *
 * <p>JS = 1/2 integral over t from 0 to infinity of Re(1 - M(1/2 + i t)) / ((1/4 + t^2) cosh(pi t)) dt.
 *
 * <p>M has a closed form: in coordinates where both covariances are diagonal it is a product of one factor for each. The trapezoidal rule of step
 * h leaves out about (2 pi / h) e^(-pi / h), 1e-19 here, for any p and q, as |M| is at most 1 wherever s has a real part from 0 to 1. All
 * parts of 1 - M have one sign, so divergences near 0 keep their digits. What is lost is lost in the decompositions: about 1e-16 times the
 * condition number of the covariances.
 *
 * <p>Sources: Lin, IEEE Trans. Inf. Theory 37 (1991) 145; Trefethen, Weideman, "The exponentially convergent trapezoidal rule", SIAM Review 56
 * (2014) 385.
 */
final class GaussianMixing {
    private static final double STEP = 1 / 16.0;

    /** At t = 13 the weight is 1e-20. */
    private static final int POINTS = 208;

    /** Beyond, squares of sinh would overflow. */
    private static final double WIDE = 300;

    private GaussianMixing() {}

    /**
     * In coordinates where p has mean 0 and covariance 1.
     *
     * @param factor (d, d), L^-1 L' of the covariances C = L L^T of p and C' = L' L'^T of q
     * @param shift d, L^-1 (m' - m)
     */
    static double js(double[][] factor, double[] shift) {
        SingularValueDecomposition svd = new SingularValueDecomposition(new Array2DRowRealMatrix(factor, false));
        double[] ratios = svd.getSingularValues(); // of the deviations, q's over p's
        double[] along = svd.getUT().operate(shift);
        // A ratio that underflowed to 0 means ln 2 as one of 1e-300 does, but without 0 times infinity on the way.
        int d = ratios.length;
        double[] theta = new double[d];
        double[] gap = new double[d]; // squared distance of the means over the product of the deviations
        for (int j = 0; j < d; j++) {
            double ratio = Math.max(ratios[j], 1e-300);
            theta[j] = -Math.log(ratio);
            gap[j] = along[j] / ratio * along[j];
        }
        double sum = term(0, theta, gap) / 2;
        for (int i = 1; i <= POINTS; i++) {
            sum += term(i * STEP, theta, gap);
        }
        return Math.min(Math.log(2), sum * STEP / 2);
    }

    private static double term(double t, double[] theta, double[] gap) {
        return lack(t, theta, gap) / ((0.25 + t * t) * Math.cosh(Math.PI * t));
    }

    /** Re(1 - M(1/2 + i t)), M the product of e^(i theta t) B^(-1/2) e^(-(1/4 + t^2) gap / 2B) with B = cosh theta + 2 i t sinh theta. */
    private static double lack(double t, double[] theta, double[] gap) {
        double real = 0; // of ln M, a sum of numbers that are at most 0
        double imaginary = 0;
        for (int j = 0; j < theta.length; j++) {
            double tangent = 2 * t * Math.tanh(theta[j]);
            real -= logSize(t, theta[j]) / 2;
            imaginary += theta[j] * t - Math.atan(tangent) / 2;
            double far = (0.25 + t * t) / 2 * gap[j] / Math.cosh(theta[j]) / (1 + tangent * tangent);
            real -= far;
            imaginary += far * tangent;
        }
        if (real < -800) {
            return 1; // M is 0, whatever its angle, which may be infinite
        }
        double half = Math.sin(imaginary / 2);
        return -Math.expm1(real) + 2 * Math.exp(real) * half * half;
    }

    /** ln |cosh theta + 2 i t sinh theta|. */
    private static double logSize(double t, double theta) {
        double sinh = Math.sinh(theta);
        return Math.abs(theta) > WIDE
                ? Math.abs(theta) - Math.log(2) + Math.log1p(4 * t * t) / 2
                : Math.log1p(sinh * sinh * (1 + 4 * t * t)) / 2;
    }
}
