package org.latent4j.ensembles.bagging;

import java.util.ArrayList;
import java.util.List;
import org.latent4j.data.DataException;

/**
 * How a bag is filled and asked.
 *
 * <p>Throws {@link DataException}, all problems at once, for values outside their ranges.
 *
 * @param members B, or the parts M of a partition; at least 1
 * @param split where each member's points come from
 * @param size points that each member draws, of a bootstrap; 0 for as many as there are
 * @param vote members of classifiers have a voice each, instead of their probabilities being averaged
 * @param seed decides draws, and is handed on to the learner
 */
public record BaggingOptions(int members, Split split, int size, boolean vote, long seed) {

    /** Where a member's points come from. */
    public enum Split {
        /** Each point belongs to one member. */
        PARTITION,
        /** Each member draws from all points, with replacement. */
        BOOTSTRAP
    }

    public BaggingOptions {
        List<String> problems = new ArrayList<>();
        if (members < 1) {
            problems.add("a bag needs at least 1 member, but B is " + members);
        }
        if (size < 0) {
            problems.add("the points of a draw must be 0 (as many as there are) or more, but are " + size);
        }
        if (split == Split.PARTITION && size > 0) {
            problems.add("a partition gives each member its own part of the points; leave the size out");
        }
        if (!problems.isEmpty()) {
            throw new DataException(String.join("; ", problems));
        }
    }

    /** B draws with replacement of as many points as there are; probabilities are averaged. */
    public static BaggingOptions bootstrap(int members) {
        return new BaggingOptions(members, Split.BOOTSTRAP, 0, false, 1);
    }

    /** M parts of about equally many points; probabilities are averaged. */
    public static BaggingOptions partition(int members) {
        return new BaggingOptions(members, Split.PARTITION, 0, false, 1);
    }

    public BaggingOptions withSize(int newSize) {
        return new BaggingOptions(members, split, newSize, vote, seed);
    }

    public BaggingOptions withVote(boolean newVote) {
        return new BaggingOptions(members, split, size, newVote, seed);
    }

    public BaggingOptions withSeed(long newSeed) {
        return new BaggingOptions(members, split, size, vote, newSeed);
    }
}
