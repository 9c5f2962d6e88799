package org.latent4j.ensembles.bootstrap;

import java.util.ArrayList;
import java.util.List;
import org.latent4j.data.DataException;
import org.latent4j.ensembles.tree.Workers;

/**
 * How a bootstrap draws.
 *
 * <p>Throws {@link DataException}, all problems at once, for values outside their ranges.
 *
 * @param resamples B, at least 1; 1000 for standard errors, 10,000 for the ends of 95 % intervals
 * @param inner resamples of each resample, for its standard error in studentised intervals; 0 for none
 * @param seed decides every draw
 * @param threads results do not depend on them; the statistic is called by several at once
 */
public record BootstrapOptions(int resamples, int inner, long seed, int threads) {

    public BootstrapOptions {
        List<String> problems = new ArrayList<>();
        if (resamples < 1) {
            problems.add("B, the number of resamples, must be at least 1, but is " + resamples);
        }
        if (inner < 0 || inner == 1) {
            problems.add("inner must be 0 (none) or at least 2, but is " + inner);
        }
        if (threads < 1) {
            problems.add("threads must be at least 1, but is " + threads);
        }
        if (!problems.isEmpty()) {
            throw new DataException(String.join("; ", problems));
        }
    }

    public static BootstrapOptions of(int resamples) {
        return new BootstrapOptions(resamples, 0, 1, Workers.all());
    }

    public BootstrapOptions withInner(int newInner) {
        return new BootstrapOptions(resamples, newInner, seed, threads);
    }

    public BootstrapOptions withSeed(long newSeed) {
        return new BootstrapOptions(resamples, inner, newSeed, threads);
    }

    public BootstrapOptions withThreads(int newThreads) {
        return new BootstrapOptions(resamples, inner, seed, newThreads);
    }
}
