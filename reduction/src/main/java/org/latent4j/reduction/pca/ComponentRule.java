package org.latent4j.reduction.pca;

import org.latent4j.data.DataException;

/**
 * How many components to keep.
 *
 * <p>Throws {@link DataException} for numbers that no data could satisfy.
 */
public sealed interface ComponentRule {

    /** As many as there are: min(n, p). */
    record All() implements ComponentRule {}

    /** A fixed number from 1 to min(n, p). */
    record Number(int count) implements ComponentRule {
        public Number {
            if (count < 1) {
                throw new DataException("the number of components must be at least 1, but is " + count);
            }
        }
    }

    /** As few as carry this share of the variance, in (0, 1]. */
    record Share(double share) implements ComponentRule {
        public Share {
            if (!(share > 0 && share <= 1)) {
                throw new DataException("a share of the variance must be above 0 and at most 1, but is " + share
                        + "; 0.95 keeps 95 %, and whole numbers count components");
            }
        }
    }

    /** The most probable number of dimensions under normal noise; needs n >= p. Source: Minka, "Automatic choice of dimensionality for PCA", 2000. */
    record Mle() implements ComponentRule {}

    /**
     * Those whose variance exceeds that of the same rank in data whose columns are permuted independently, so that nothing connects them any
     * more, in this share of the permutations. Source: Horn, Psychometrika 30 (1965) 179; permutations: Buja and Eyuboglu, 1992.
     */
    record ParallelAnalysis(int permutations, double quantile) implements ComponentRule {
        public ParallelAnalysis {
            if (permutations < 1 || !(quantile > 0 && quantile <= 1)) {
                throw new DataException(
                        "parallel analysis needs at least 1 permutation and a quantile above 0 and at most 1, but got "
                                + permutations + " and " + quantile);
            }
        }

        public static ParallelAnalysis defaults() {
            return new ParallelAnalysis(20, 0.95);
        }
    }

    /** From text: {@code all}, {@code mle}, {@code parallel}, a whole number, a share such as {@code 0.95} or {@code 95%}. */
    static ComponentRule parse(String text) {
        String word = text.strip();
        switch (word) {
            case "all":
                return new All();
            case "mle":
                return new Mle();
            case "parallel":
                return ParallelAnalysis.defaults();
            default:
                break;
        }
        try {
            if (word.endsWith("%")) {
                return new Share(Double.parseDouble(word.substring(0, word.length() - 1)) / 100);
            }
            return word.matches("[+-]?\\d+") ? new Number(Integer.parseInt(word)) : new Share(Double.parseDouble(word));
        } catch (NumberFormatException e) {
            throw new DataException(
                    "components must be a whole number, a share such as 0.95 or 95%, all, mle or parallel, but is '"
                            + text + "'",
                    e);
        }
    }
}
