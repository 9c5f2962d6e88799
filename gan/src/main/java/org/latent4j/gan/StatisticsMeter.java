package org.latent4j.gan;

import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Averages what the updates report between two lines of statistics, and keeps the run's time. */
final class StatisticsMeter {
    private static final double FIRST_SAMPLES_SECONDS = 45;

    private final TrainingOptions options;
    private final int size;
    private final double secondsBefore;
    private final long start = System.nanoTime();
    private long lineStart = start;
    private boolean firstMinute = true;
    private final LongSupplier waitedNanos;
    private long waitedBefore;
    private int discriminatorUpdates;
    private int generatorUpdates;
    private double lossD;
    private double lossG;
    private double real;
    private double fake;
    private double value;
    private double lead;
    private double pairsWon;
    private double normD;
    private double normG;

    /**
     * Begins with a first line.
     *
     * @param secondsBefore training time of the run's earlier parts
     * @param waitedNanos time spent on reading real samples so far
     */
    StatisticsMeter(TrainingOptions options, int size, double secondsBefore, LongSupplier waitedNanos) {
        this.waitedNanos = waitedNanos;
        this.waitedBefore = waitedNanos.getAsLong();
        this.options = options;
        this.size = size;
        this.secondsBefore = secondsBefore;
    }

    void add(AdversarialNetworks.DiscriminatorUpdate update) {
        discriminatorUpdates++;
        lossD += update.loss();
        real += update.meanReal();
        fake += update.meanFake();
        value += update.value();
        lead += update.lead();
        pairsWon += update.pairsWon();
        normD += update.gradientNorm();
    }

    void add(AdversarialNetworks.GeneratorUpdate update) {
        generatorUpdates++;
        lossG += update.loss();
        normG += update.gradientNorm();
    }

    double seconds() {
        return secondsBefore + (System.nanoTime() - start) / 1e9;
    }

    /** True once, when three quarters of the first minute are over: people want to see early that something happens. */
    boolean firstMinuteEnds() {
        if (firstMinute && (System.nanoTime() - start) / 1e9 > FIRST_SAMPLES_SECONDS) {
            firstMinute = false;
            return true;
        }
        return false;
    }

    /** Leaves out time that was not spent on training from the speed of the line that has begun. */
    void excuse(long nanos) {
        lineStart += nanos;
    }

    /** The line that ends at this step; the next one starts afresh. */
    TrainingStatistics take(long step) {
        long now = System.nanoTime();
        double elapsed = (now - lineStart) / 1e9;
        double samples = (double) discriminatorUpdates * options.batch();
        // What a loss of pairs adds to all logits is arbitrary, and so is what they say one by one.
        double meanValue = options.loss().pairs() ? Double.NaN : value / discriminatorUpdates;
        TrainingStatistics statistics = new TrainingStatistics(
                step,
                options.kimg(step),
                size == 0 ? 0 : options.kimg(step) * 1000 / size,
                secondsBefore + (now - start) / 1e9,
                lossD / discriminatorUpdates,
                lossG / generatorUpdates,
                options.loss().pairs() ? Double.NaN : real / discriminatorUpdates,
                options.loss().pairs() ? Double.NaN : fake / discriminatorUpdates,
                meanValue,
                (meanValue + Math.log(4)) / 2,
                lead / discriminatorUpdates,
                pairsWon / discriminatorUpdates,
                normD / discriminatorUpdates,
                normG / generatorUpdates,
                samples / elapsed,
                (waitedNanos.getAsLong() - waitedBefore) / 1e9 / elapsed,
                Map.of(),
                List.of());
        lineStart = now;
        waitedBefore = waitedNanos.getAsLong();
        discriminatorUpdates = 0;
        generatorUpdates = 0;
        lossD = 0;
        lossG = 0;
        real = 0;
        fake = 0;
        value = 0;
        lead = 0;
        pairsWon = 0;
        normD = 0;
        normG = 0;
        return statistics;
    }
}
