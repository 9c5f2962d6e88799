package org.latent4j.clustering;

import java.util.ArrayList;
import java.util.List;
import org.latent4j.data.DataException;

/**
 * How {@link Hybrid} runs. Throws {@link DataException}, with all problems at once, for numbers out of their range.
 *
 * @param m small clusters to agglomerate; where there are no more points than that, the points themselves
 * @param linkage of the small clusters' means
 * @param maxIterations of k-means over all points
 * @param seed decides the start of k-means
 */
public record HybridOptions(int m, Linkage linkage, int maxIterations, long seed) {

    public HybridOptions {
        List<String> problems = new ArrayList<>();
        if (m < 1) {
            problems.add("m, the number of small clusters, must be at least 1, but is " + m);
        }
        if (maxIterations < 1) {
            problems.add("the number of iterations must be at least 1, but is " + maxIterations);
        }
        if (!problems.isEmpty()) {
            throw new DataException(String.join("; ", problems));
        }
    }

    /** Ward linkage of m small clusters after at most 10 iterations; seed 1. */
    public static HybridOptions of(int m) {
        return new HybridOptions(m, Linkage.WARD, 10, 1);
    }

    public HybridOptions withLinkage(Linkage value) {
        return new HybridOptions(m, value, maxIterations, seed);
    }

    public HybridOptions withMaxIterations(int value) {
        return new HybridOptions(m, linkage, value, seed);
    }

    public HybridOptions withSeed(long value) {
        return new HybridOptions(m, linkage, maxIterations, value);
    }
}
