package org.latent4j.compute.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.latent4j.compute.graph.Tape;

/** Times several ways to do the same. */
final class WayTimer {
    /** Runs of each way after which those that took so many times as long as the fastest are given up. */
    private static final int[] RUNS = {1, 2, 4, 8};

    private static final double[] HOPELESS = {2, 1.4, 1.2, 1.1};

    /** A run that took so much less than the one before is not the last to do so: Java compiles what it runs often. */
    private static final double WARMER = 0.8;

    /** For each way that is not given up, until it is the only one: what else the machine does comes in bursts. */
    private static final double SECONDS = 0.05;

    private WayTimer() {}

    /**
     * The least of several times of each way; they take turns, so that whatever else the machine does slows all of them down. Those that can't become
     * the fastest any more are not timed again.
     *
     * @param shared what a later node would have to do otherwise: of that, half counts
     */
    static double[] leastSeconds(List<List<Tape.Step>> ways, Set<Tape.Step> shared) {
        double[] least = new double[ways.size()];
        double[] last = new double[ways.size()];
        boolean[] warms = new boolean[ways.size()];
        Arrays.fill(least, Double.MAX_VALUE);
        List<Integer> left = new ArrayList<>();
        for (int way = 0; way < least.length; way++) {
            left.add(way);
            last[way] = seconds(ways.get(way), shared); // warms up
        }
        long begin = System.nanoTime();
        for (int run = 1; run <= RUNS[0] || goesOn(run, left.size(), begin); run++) {
            double best = Double.MAX_VALUE;
            for (int way : left) {
                double seconds = seconds(ways.get(way), shared);
                warms[way] = seconds < WARMER * last[way];
                last[way] = seconds;
                least[way] = Math.min(least[way], seconds);
                best = Math.min(best, least[way]);
            }
            int stage = Arrays.binarySearch(RUNS, run);
            if (stage >= 0) {
                double limit = best * HOPELESS[stage];
                left.removeIf(way -> least[way] > limit && !warms[way]);
            }
        }
        return least;
    }

    private static boolean goesOn(int run, int left, long begin) {
        return left > 1 && (run <= RUNS[RUNS.length - 1] || (System.nanoTime() - begin) * 1e-9 < SECONDS * left);
    }

    private static double seconds(List<Tape.Step> steps, Set<Tape.Step> shared) {
        double seconds = 0;
        for (Tape.Step step : steps) {
            long start = System.nanoTime();
            step.kernel().run();
            seconds += (System.nanoTime() - start) * (shared.contains(step) ? 0.5e-9 : 1e-9);
        }
        return seconds;
    }
}
