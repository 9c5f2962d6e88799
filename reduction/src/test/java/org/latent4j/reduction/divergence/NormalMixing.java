package org.latent4j.reduction.divergence;

import java.util.Arrays;

/**
 * The Jensen-Shannon divergence of two normal distributions on a line, in nats, which has no closed form: (E_p ln(p / m) + E_q ln(q / m)) / 2 with
 * m = (p + q) / 2. Independent of {@link GaussianMixing}, which is compared with it.
 *
 * <p>Each mean is an integral in units z of its own distribution. ln(p / m) = ln 2 - ln(1 + q / p), and ln(q / p) is quadratic in z: the integrand bends where
 * it is 0, within a width that may be any, and is smooth between. So the line is cut at these two places, and each part is summed by the tanh-sinh rule, whose
 * points crowd at the ends of the part. Always the same points: the same bits. Right to about 1e-13.
 *
 * <p>Source: Lin, "Divergence measures based on the Shannon entropy", IEEE Trans. Inf. Theory 37 (1991) 145; Takahasi, Mori, "Double exponential
 * formulas for numerical integration", 1974.
 */
final class NormalMixing {
    /** Beyond so many deviations there are 1e-35 of a normal distribution. */
    private static final double REACH = 12.5;

    private static final double STEP = 1 / 64.0;

    /** Points in one half of a part; their weights fall to 1e-19. */
    private static final int POINTS = 224;

    private NormalMixing() {}

    static double js(double meanP, double deviationP, double meanQ, double deviationQ) {
        double sum = excess(meanP, deviationP, meanQ, deviationQ) + excess(meanQ, deviationQ, meanP, deviationP);
        return Math.min(Math.log(2), Math.max(0, Math.log(2) - sum / 2));
    }

    /** E_p ln(1 + q / p). */
    private static double excess(double meanP, double deviationP, double meanQ, double deviationQ) {
        // ln(q / p) = (a z + b) z + c at mean + z deviation of p.
        double ratio = deviationP / deviationQ;
        double shift = (meanP - meanQ) / deviationQ;
        double a = (1 - ratio) * (1 + ratio) / 2;
        double b = -shift * ratio;
        double c = Math.log(ratio) - shift * shift / 2;
        double[] ends = ends(a, b, c);
        double sum = 0;
        for (int part = 0; part + 1 < ends.length; part++) {
            sum += integral(ends[part], ends[part + 1], a, b, c);
        }
        return sum;
    }

    /** Both ends of the line, and between them where the quadratic is 0. */
    private static double[] ends(double a, double b, double c) {
        // b^2 - 4 a c = shift^2 - 2 (1 - ratio^2) ln ratio is never below 0.
        double root = Math.sqrt(Math.max(0, b * b - 4 * a * c));
        double far = -(b + Math.copySign(root, b)) / 2;
        return Arrays.stream(new double[] {-REACH, far / a, c / far, REACH})
                .filter(z -> Math.abs(z) <= REACH) // neither NaN nor infinite
                .sorted()
                .toArray();
    }

    private static double integral(double from, double to, double a, double b, double c) {
        double half = (to - from) / 2;
        double sum = 0;
        for (int i = -POINTS; i <= POINTS; i++) {
            double t = i * STEP;
            double u = Math.PI / 2 * Math.sinh(t);
            // The distance from the nearer end, which keeps its digits there: half (1 - tanh |u|).
            double near = 2 * half / (1 + Math.exp(2 * Math.abs(u)));
            double z = i < 0 ? from + near : to - near;
            double weight = Math.PI / 2 * Math.cosh(t) / (Math.cosh(u) * Math.cosh(u));
            double logRatio = (a * z + b) * z + c;
            // ln(1 + e^x) without overflow.
            double term = Math.max(0, logRatio) + Math.log1p(Math.exp(-Math.abs(logRatio)));
            sum += weight * term * Math.exp(-z * z / 2);
        }
        return sum * STEP * half / Math.sqrt(2 * Math.PI);
    }
}
