package org.latent4j.reduction.dimension;

import java.util.stream.LongStream;
import org.apache.commons.math3.special.Gamma;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataException;

/**
 * The share of a d-dimensional cube that the ball inscribed in it fills: pi^(d/2) / (2^d Gamma(d/2 + 1)), which vanishes as d grows.
 *
 * <p>Throws {@link DataException} for d or a number of draws below 1.
 */
public final class BallInCube {
    private static final int DRAWS_EACH = 1 << 14;

    private BallInCube() {}

    /** The closed form, by logarithms: no overflow up to where the share is below the smallest double. */
    public static double share(int dimensions) {
        return Math.exp(logShare(dimensions));
    }

    /** Its natural logarithm. */
    public static double logShare(int dimensions) {
        check(dimensions, 1);
        double half = dimensions / 2.0;
        return half * Math.log(Math.PI) - dimensions * Math.log(2) - Gamma.logGamma(half + 1);
    }

    /**
     * A Monte-Carlo estimate.
     *
     * @param inside how many of the draws fell into the ball
     * @param standardError by Wilson's interval of one standard deviation, which is not 0 where none fell inside
     */
    public record Estimate(int dimensions, long draws, long inside, double share, double standardError) {}

    /** Draws points uniformly from the cube and counts those in the ball; the same seed gives the same count at any number of threads. */
    public static Estimate estimate(int dimensions, long draws, long seed) {
        check(dimensions, draws);
        long stretches = (draws + DRAWS_EACH - 1) / DRAWS_EACH;
        long inside = LongStream.range(0, stretches)
                .parallel()
                .map(i -> inside(
                        dimensions,
                        (int) Math.min(DRAWS_EACH, draws - i * DRAWS_EACH),
                        new Philox(seed, Philox.Purpose.PROJECTION, (long) dimensions << 40 | i)))
                .sum();
        double share = (double) inside / draws;
        double error = Math.sqrt(share * (1 - share) / draws + 0.25 / ((double) draws * draws)) / (1 + 1.0 / draws);
        return new Estimate(dimensions, draws, inside, share, error);
    }

    private static long inside(int dimensions, int draws, Philox random) {
        long inside = 0;
        for (int i = 0; i < draws; i++) {
            double square = 0;
            for (int j = 0; j < dimensions && square <= 1; j++) {
                double x = 2 * random.nextDouble() - 1;
                square += x * x;
            }
            inside += square <= 1 ? 1 : 0;
        }
        return inside;
    }

    private static void check(int dimensions, long draws) {
        if (dimensions < 1 || draws < 1) {
            throw new DataException("dimensions and draws must be at least 1, but are " + dimensions + " and " + draws);
        }
    }
}
