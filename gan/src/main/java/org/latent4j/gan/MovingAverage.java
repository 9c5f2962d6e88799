package org.latent4j.gan;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Exponential moving average of all the generator's parameters, batch norm's running moments included: after each of its updates
 * average = d average + (1 - d) parameters. Samples are better by it than by the parameters of any one moment.
 *
 * <p>The decay begins small, d = min(decay, (1 + t) / (10 + t)) at update t = 0, 1, ..., so that the initial weights are soon forgotten; it
 * is a function of the generator's own count of updates, and needs no state but the average.
 *
 * <p>Source: Karras et al., "Progressive growing of GANs", ICLR 2018; Polyak and Juditsky (1992).
 *
 * @param graph a network of the generator's configuration whose parameters are the average
 * @param decay in (0, 1)
 */
public record MovingAverage(ComputationGraph graph, double decay) {

    /** Begins at the generator's present parameters; null if the decay is 0. */
    static MovingAverage of(ComputationGraph generator, double decay) {
        if (decay == 0) {
            return null;
        }
        ComputationGraph graph =
                new ComputationGraph(generator.getConfiguration().clone());
        graph.init(generator.params().dup(), false);
        return new MovingAverage(graph, decay);
    }

    /** How much of the average stays at an update; the first is number 0. */
    public double keep(int update) {
        return Math.min(decay, (1.0 + update) / (10.0 + update));
    }

    /** Takes in parameters of the generator after an update. */
    public void add(INDArray parameters, int update) {
        double keep = keep(update);
        INDArray average = graph.params();
        average.muli(keep).addi(parameters.mul(1 - keep));
    }

    /**
     * Decay of one update from what a person says: {@code 0.999}, or a half-life in thousands of real samples, {@code 10kimg}.
     *
     * @param kimg thousands of real samples that are shown for each update of the generator
     */
    public static double decay(String text, double kimg) {
        String number = text.endsWith("kimg") ? text.substring(0, text.length() - 4) : text;
        double value;
        try {
            value = Double.parseDouble(number.strip());
        } catch (NumberFormatException e) {
            value = Double.NaN;
        }
        boolean halfLife = text.endsWith("kimg");
        if (!(value >= 0 && (halfLife ? value < Double.POSITIVE_INFINITY : value < 1))) {
            throw new DataException("--ema must be a decay of at least 0 and below 1, as in 0.999, or a half-life in"
                    + " thousands of real samples, as in 10kimg, but is " + text);
        }
        return halfLife ? value == 0 ? 0 : Math.pow(0.5, kimg / value) : value;
    }
}
