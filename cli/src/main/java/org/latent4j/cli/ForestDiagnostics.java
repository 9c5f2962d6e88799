package org.latent4j.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.latent4j.ensembles.EnsembleDiagnostics;
import org.latent4j.ensembles.Samples;
import org.latent4j.ensembles.forest.RandomForest;

/** How much the errors of a forest's trees vary, and vary together: {@link EnsembleDiagnostics} on some points. */
final class ForestDiagnostics {
    private static final int MOST_POINTS = 2000;

    /** What each tree says is held twice, in double: 0.3 GB at most. */
    private static final long MOST_NUMBERS = 20_000_000;

    private ForestDiagnostics() {}

    /**
     * Prints them, and puts them into the summary; nothing where there are no two points.
     *
     * @param tested whether the points are others than the forest has learned from
     */
    static void report(
            RandomForest forest, Samples samples, boolean tested, Map<String, Object> summary, PrintWriter print) {
        int n = samples.size();
        long affordable = MOST_NUMBERS / ((long) forest.trees().size() * forest.outputs());
        int taken = (int) Math.min(n, Math.max(2, Math.min(MOST_POINTS, affordable)));
        if (taken < 2) {
            return;
        }
        // Evenly spread: tables are often sorted by what is to be predicted.
        Samples judged = taken == n
                ? samples
                : samples.subset(IntStream.range(0, taken)
                        .map(i -> (int) ((long) i * n / taken))
                        .toArray());
        EnsembleDiagnostics found = EnsembleDiagnostics.of(forest.memberPredictions(judged.points()), judged);
        String on = (taken == n ? taken : taken + " of " + n) + (tested ? " test points" : " training points");
        summary.put("diagnostics", found);
        summary.put("diagnosticsOn", on);
        print.println(String.format(
                Locale.ROOT,
                "errors on %s: variance of trees %.4g, correlation %s; of the forest %.4g (by the formula %.4g)",
                on,
                found.memberVariance(),
                Double.isNaN(found.correlation())
                        ? "none, as fewer than two trees err"
                        : String.format(Locale.ROOT, "%.3f", found.correlation()),
                found.ensembleVariance(),
                found.predictedVariance()));
    }
}
