package org.latent4j.gan;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.latent4j.gan.watch.Alarm;

/**
 * One line of {@code stats.jsonl}: means over all updates since the line before.
 *
 * @param step adversarial steps done
 * @param kimg thousands of real samples shown to the discriminator
 * @param epoch passes over the data; 0 for endless data
 * @param seconds training time so far, over all resumed parts
 * @param lossD the discriminator's loss, nats
 * @param lossG the generator's loss, nats
 * @param dReal mean D(x); this and what follows up to {@code jsLowerBound} are NaN, and left out of the file, with losses of pairs, whose
 *     logits mean something by their differences only
 * @param dFake mean D(G(z)) in the discriminator's updates
 * @param value V(G, D), nats; -log 4 where D can't tell real from generated
 * @param jsLowerBound (V + log 4) / 2: what this discriminator proves of the Jensen-Shannon divergence, nats in [0, log 2]; it may be
 *     below 0 while D is bad
 * @param lead mean logit of real samples, less that of generated ones
 * @param pairsWon share of pairs of a real and a generated sample of which D holds the real one for more real; 1/2 where it can't tell
 * @param gradientNormD L2 norm of the discriminator's gradient
 * @param gradientNormG L2 norm of the generator's gradient
 * @param samplesPerSecond real samples taken a second since the line before
 * @param dataWaitShare share of that time spent on reading real samples
 * @param evaluation quality of samples by the metrics' keys, on lines at which it was measured
 * @param alarms what goes wrong at this moment
 */
public record TrainingStatistics(
        long step,
        double kimg,
        double epoch,
        double seconds,
        double lossD,
        double lossG,
        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = Meaningless.class) double dReal,
        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = Meaningless.class) double dFake,
        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = Meaningless.class) double value,
        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = Meaningless.class) double jsLowerBound,
        double lead,
        double pairsWon,
        double gradientNormD,
        double gradientNormG,
        double samplesPerSecond,
        double dataWaitShare,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Score> evaluation,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Alarm> alarms) {

    /** A metric of generated samples, and its floor: what as many other real samples score. */
    public record Score(double value, double floor) {}

    /** Equal to what is not written. */
    private static final class Meaningless {
        @Override
        public boolean equals(Object other) {
            return other instanceof Double number && number.isNaN();
        }

        @Override
        public int hashCode() {
            return 0;
        }
    }

    TrainingStatistics with(Map<String, Score> newEvaluation, List<Alarm> newAlarms) {
        return new TrainingStatistics(
                step,
                kimg,
                epoch,
                seconds,
                lossD,
                lossG,
                dReal,
                dFake,
                value,
                jsLowerBound,
                lead,
                pairsWon,
                gradientNormD,
                gradientNormG,
                samplesPerSecond,
                dataWaitShare,
                newEvaluation,
                newAlarms);
    }
}
