package org.latent4j.gan;

import java.util.Locale;
import org.latent4j.data.DataException;
import org.latent4j.gan.evaluate.Evaluator;
import org.latent4j.gan.evaluate.Figure;
import org.latent4j.gan.evaluate.Measure;

/**
 * The step of a run whose samples came nearest to real ones, by one figure of its evaluations: the one that differs least from what real samples score. A
 * precision above that of real samples is no better than one that is as much below.
 *
 * <p>Source: Karras et al., "Training generative adversarial networks with limited data", NeurIPS 2020, who report the snapshot with the least Frechet distance.
 */
public final class BestSoFar {
    private final String figure;
    private long step = -1;
    private TrainingStatistics.Score score;

    /** @param figure its key, as {@code frechet}; null: none is the best */
    public BestSoFar(String figure) {
        this.figure = figure;
    }

    /** Throws {@link DataException} where an evaluation doesn't give the figure; {@code evaluator} may be null. */
    void require(Evaluator evaluator) {
        Measure measure = Measure.giving(figure);
        if (evaluator == null || !evaluator.measures().contains(measure)) {
            throw new DataException("--keep-best " + figure + " is a figure of metric " + measure
                    + ", which is not measured here: ask for it by --metrics, or keep the best by another figure");
        }
    }

    /** Whether these samples are the best so far. */
    public boolean improves(long atStep, TrainingStatistics.Score found) {
        boolean better = found != null && Double.isFinite(gap(found)) && (score == null || gap(found) < gap(score));
        if (better) {
            step = atStep;
            score = found;
        }
        return better;
    }

    boolean improves(TrainingStatistics line) {
        return figure != null && improves(line.step(), line.evaluation().get(figure));
    }

    private static double gap(TrainingStatistics.Score score) {
        return Math.abs(score.value() - score.floor());
    }

    /** Adversarial steps done by then; -1 before the first evaluation. */
    public long step() {
        return step;
    }

    public String figure() {
        return figure;
    }

    /** As {@code Frechet distance 1.21 (real samples 0.47)}. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%s %.4g (real samples %.4g)", Figure.title(figure), score.value(), score.floor());
    }
}
