package org.latent4j.ensembles.bootstrap;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;
import org.latent4j.data.DataException;
import org.latent4j.ensembles.bootstrap.Interval.Kind;

/**
 * A statistic and what it became on resamples of the points.
 *
 * <p>Throws {@link DataException} for a level outside (0, 1).
 *
 * <p>Source: Efron, "Bootstrap methods", Annals of Statistics 7 (1979) 1; Efron, "Better bootstrap confidence intervals", J. Amer. Stat. Ass. 82
 * (1987) 171; Davison and Hinkley, "Bootstrap methods and their application", 1997, chapter 5. Quantiles interpolate between order statistics
 * (type 7 of Hyndman and Fan 1996).
 */
public final class BootstrapResult {
    private final double estimate;
    private final double[] replicates;
    private final double estimateError;
    private final Jackknife jackknife;
    private final long seed;
    private Supplier<double[]> errorsLater;
    private double[] errors;

    BootstrapResult(
            double estimate,
            double[] replicates,
            Supplier<double[]> errors,
            double estimateError,
            Jackknife jackknife,
            long seed) {
        this.estimate = estimate;
        this.replicates = replicates;
        this.errorsLater = errors;
        this.estimateError = estimateError;
        this.jackknife = jackknife;
        this.seed = seed;
    }

    /** The statistic of the points themselves. */
    public double estimate() {
        return estimate;
    }

    /** Of each of the B resamples; not copied. */
    public double[] replicates() {
        return replicates;
    }

    /** Standard error of each replicate, or null where it was not asked for; not copied. */
    public synchronized double[] errors() {
        if (errorsLater != null) {
            errors = errorsLater.get();
            errorsLater = null;
        }
        return errors;
    }

    /** Standard error of the estimate by the rule of {@link #errors}, or NaN. */
    public double estimateError() {
        return estimateError;
    }

    /** For accelerations; null where it can't be made. */
    public Jackknife jackknife() {
        return jackknife;
    }

    public long seed() {
        return seed;
    }

    public double mean() {
        return Arrays.stream(replicates).average().orElseThrow();
    }

    /** 1 / (B - 1) sum (replicate - mean)^2; NaN for one replicate. */
    public double variance() {
        double mean = mean();
        double squares = 0;
        for (double replicate : replicates) {
            squares += (replicate - mean) * (replicate - mean);
        }
        return squares / (replicates.length - 1);
    }

    public double standardError() {
        return Math.sqrt(variance());
    }

    /** Mean of the replicates less the estimate. */
    public double bias() {
        return mean() - estimate;
    }

    /** Says in words why there is none, where there is none. */
    public Interval interval(Kind kind, double level) {
        if (!(level > 0 && level < 1)) {
            throw new DataException("the level must lie between 0 and 1, as 0.95 does, but is " + level);
        }
        if (replicates.length < 2) {
            return Interval.none(kind, level, "one resample has no spread");
        }
        if (!Double.isFinite(estimate)) {
            return Interval.none(kind, level, "the statistic of the points themselves is " + estimate);
        }
        int bad = 0;
        int alike = 0;
        for (double replicate : replicates) {
            bad += Double.isFinite(replicate) ? 0 : 1;
            alike += replicate == replicates[0] ? 1 : 0;
        }
        if (bad > 0) {
            return Interval.none(kind, level, "the statistic of " + bad + " resamples is not finite");
        }
        if (alike == replicates.length) {
            return Interval.none(
                    kind, level, "all resamples give " + replicates[0] + ", which tells nothing of a spread");
        }
        double tail = (1 - level) / 2;
        return switch (kind) {
            case NORMAL -> {
                double reach = Normal.quantile(1 - tail) * standardError();
                double centre = estimate - bias();
                yield new Interval(kind, level, centre - reach, centre + reach, "");
            }
            case BASIC -> {
                Interval quantiles = between(kind, level, replicates, tail, 1 - tail);
                yield new Interval(
                        kind, level, 2 * estimate - quantiles.high(), 2 * estimate - quantiles.low(), quantiles.note());
            }
            case PERCENTILE -> between(kind, level, replicates, tail, 1 - tail);
            case BCA -> corrected(level, tail);
            case STUDENTISED -> studentised(level, tail);
        };
    }

    private Interval corrected(double level, double tail) {
        int below = 0;
        int equal = 0;
        for (double replicate : replicates) { // counted without branches, which nobody could predict
            below += replicate < estimate ? 1 : 0;
            equal += replicate == estimate ? 1 : 0;
        }
        double share = (below + 0.5 * equal) / replicates.length;
        if (share == 0 || share == 1) {
            return Interval.none(
                    Kind.BCA,
                    level,
                    "all resamples lie " + (share == 0 ? "above" : "below")
                            + " the estimate, so its bias can't be corrected");
        }
        if (jackknife == null) {
            return Interval.none(Kind.BCA, level, "there is no jackknife of fewer than 2 points");
        }
        double acceleration = jackknife.acceleration();
        if (!Double.isFinite(acceleration)) {
            return Interval.none(
                    Kind.BCA, level, "leaving out any one point changes nothing, so the acceleration is 0/0");
        }
        double bias = Normal.quantile(share);
        double low = bias + Normal.quantile(tail);
        double high = bias + Normal.quantile(1 - tail);
        if (acceleration * low >= 1 || acceleration * high >= 1) {
            return Interval.none(
                    Kind.BCA,
                    level,
                    String.format(
                            Locale.ROOT,
                            "the acceleration %.3g is too large for the correction; use fewer extremes, or a level nearer to 0",
                            acceleration));
        }
        return between(
                Kind.BCA,
                level,
                replicates,
                Normal.cumulative(bias + low / (1 - acceleration * low)),
                Normal.cumulative(bias + high / (1 - acceleration * high)));
    }

    private static Interval between(Kind kind, double level, double[] values, double low, double high) {
        boolean extreme = Math.min(low, 1 - high) * (values.length + 1) < 1;
        double[] ends = Quantiles.of(values, low, high);
        return new Interval(
                kind,
                level,
                ends[0],
                ends[1],
                extreme ? "an end lies among the most extreme resamples; draw more than " + values.length : "");
    }

    private Interval studentised(double level, double tail) {
        double[] own = errors();
        if (own == null) {
            return Interval.none(
                    Kind.STUDENTISED,
                    level,
                    "no standard errors of the resamples were computed; ask for inner resamples");
        }
        double[] t = new double[replicates.length];
        int flat = 0;
        for (int i = 0; i < t.length; i++) {
            t[i] = (replicates[i] - estimate) / own[i];
            flat += own[i] > 0 ? 0 : 1;
        }
        if (flat > 0) {
            return Interval.none(
                    Kind.STUDENTISED,
                    level,
                    String.format(Locale.ROOT, "%d resamples have a standard error of 0", flat));
        }
        double error = Double.isNaN(estimateError) ? standardError() : estimateError;
        Interval quantiles = between(Kind.STUDENTISED, level, t, tail, 1 - tail);
        return new Interval(
                Kind.STUDENTISED,
                level,
                estimate - quantiles.high() * error,
                estimate - quantiles.low() * error,
                quantiles.note());
    }
}
