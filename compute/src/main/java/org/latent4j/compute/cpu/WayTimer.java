package org.latent4j.compute.cpu;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.latent4j.compute.graph.Tape;

/** Times several ways to do the same. */
final class WayTimer {
    /** Of each way: at least so many runs, and more until they have taken so long: what else the machine does comes in bursts. */
    private static final int RUNS = 7;

    private static final double SECONDS = 0.05;

    /** After so many runs, ways that took so many times as long as the fastest are given up. */
    private static final int RUNS_OF_ALL = 2;

    private static final double HOPELESS = 1.5;

    private WayTimer() {}

    /**
     * The least of several times of each way; they take turns, so that whatever else the machine does slows all of them down. Those that can't become
     * the fastest any more are not timed again.
     *
     * @param shared what a later node would have to do otherwise: of that, half counts
     */
    static double[] leastSeconds(List<List<Tape.Step>> ways, Set<Tape.Step> shared) {
        double[] least = new double[ways.size()];
        Arrays.fill(least, Double.MAX_VALUE);
        double best = Double.MAX_VALUE;
        long begin = System.nanoTime();
        for (int run = 0; run <= RUNS || (System.nanoTime() - begin) * 1e-9 < SECONDS * least.length; run++) {
            for (int way = 0; way < least.length; way++) {
                if (run > RUNS_OF_ALL && least[way] > HOPELESS * best) {
                    continue;
                }
                double seconds = seconds(ways.get(way), shared);
                if (run > 0) { // the first warms up
                    least[way] = Math.min(least[way], seconds);
                    best = Math.min(best, seconds);
                }
            }
        }
        return least;
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
