package org.latent4j.ensembles.bootstrap;

/**
 * A confidence interval.
 *
 * @param level 0.95 for 95 %
 * @param low NaN where it is undefined
 * @param high NaN where it is undefined
 * @param note why there is none, or why not to trust it; else empty
 */
public record Interval(Kind kind, double level, double low, double high, String note) {

    /** How the ends come from the resamples. */
    public enum Kind {
        /** Estimate less bias, plus and minus so many standard errors. */
        NORMAL,
        /** Twice the estimate less the quantiles. */
        BASIC,
        /** The quantiles. */
        PERCENTILE,
        /** Quantiles corrected for bias and acceleration. */
        BCA,
        /** By quantiles of the deviation over its own standard error. */
        STUDENTISED
    }

    static Interval none(Kind kind, double level, String why) {
        return new Interval(kind, level, Double.NaN, Double.NaN, why);
    }

    public boolean isDefined() {
        return !Double.isNaN(low);
    }

    public boolean contains(double value) {
        return value >= low && value <= high;
    }
}
