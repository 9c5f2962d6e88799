package org.latent4j.ensembles.bootstrap;

/**
 * The standard normal distribution.
 *
 * <p>Source of the quantile: Wichura, "Algorithm AS 241", Applied Statistics 37 (1988) 477, to 1e-16; of the distribution function: West, "Better
 * approximations to cumulative normal functions", Wilmott 2005, to 1e-15.
 */
final class Normal {
    private static final double[] CENTRE_UP = {
        3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
        4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3
    };
    private static final double[] CENTRE_DOWN = {
        1,
        4.2313330701600911252e1,
        6.8718700749205790830e2,
        5.3941960214247511077e3,
        2.1213794301586595867e4,
        3.9307895800092710610e4,
        2.8729085735721942674e4,
        5.2264952788528545610e3
    };
    private static final double[] MIDDLE_UP = {
        1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
        1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4
    };
    private static final double[] MIDDLE_DOWN = {
        1,
        2.05319162663775882187e0,
        1.67638483018380384940e0,
        6.89767334985100004550e-1,
        1.48103976427480074590e-1,
        1.51986665636164571966e-2,
        5.47593808499534494600e-4,
        1.05075007164441684324e-9
    };
    private static final double[] TAIL_UP = {
        6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
        2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7
    };
    private static final double[] TAIL_DOWN = {
        1,
        5.99832206555887937690e-1,
        1.36929880922735805310e-1,
        1.48753612908506148525e-2,
        7.86869131145613259100e-4,
        1.84631831751005468180e-5,
        1.42151175831644588870e-7,
        2.04426310338993978564e-15
    };
    private static final double[] CDF_UP = {
        220.206867912376,
        221.213596169931,
        112.07929149787,
        33.912866078383,
        6.37396220353165,
        0.700383064443688,
        3.52624965998911e-02
    };
    private static final double[] CDF_DOWN = {
        440.413735824752,
        793.826512519948,
        637.333633378831,
        296.564248779674,
        86.7807322029461,
        16.064177579207,
        1.75566716318264,
        8.83883476483184e-02
    };

    private Normal() {}

    /** x with P(X <= x) = p; infinite at 0 and 1. */
    static double quantile(double p) {
        if (p <= 0 || p >= 1) {
            return p == 0 ? Double.NEGATIVE_INFINITY : p == 1 ? Double.POSITIVE_INFINITY : Double.NaN;
        }
        double q = p - 0.5;
        if (Math.abs(q) <= 0.425) {
            double r = 0.180625 - q * q;
            return q * polynomial(CENTRE_UP, r) / polynomial(CENTRE_DOWN, r);
        }
        double r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
        double x = r <= 5
                ? polynomial(MIDDLE_UP, r - 1.6) / polynomial(MIDDLE_DOWN, r - 1.6)
                : polynomial(TAIL_UP, r - 5) / polynomial(TAIL_DOWN, r - 5);
        return q < 0 ? -x : x;
    }

    /** P(X <= x). */
    static double cumulative(double x) {
        double z = Math.abs(x);
        double tail;
        if (z > 37) {
            tail = 0;
        } else if (z < 7.07106781186547) {
            tail = Math.exp(-z * z / 2) * polynomial(CDF_UP, z) / polynomial(CDF_DOWN, z);
        } else {
            double fraction = z + 0.65;
            for (int i = 4; i >= 1; i--) {
                fraction = z + i / fraction;
            }
            tail = Math.exp(-z * z / 2) / fraction / 2.506628274631;
        }
        return x > 0 ? 1 - tail : tail;
    }

    private static double polynomial(double[] coefficients, double x) {
        double sum = 0;
        for (int i = coefficients.length - 1; i >= 0; i--) {
            sum = sum * x + coefficients[i];
        }
        return sum;
    }
}
