package org.latent4j.gan;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Exponential moving average of all the generator's parameters, batch norm's running moments included: after each of its updates
 * average = d average + (1 - d) parameters. Samples are better by it than by the parameters of any one moment.
 *
 * <p>The decay begins small, d = min(decay, (1 + t) / (10 + t)) at update t = 0, 1, ..., so that the initial weights are soon forgotten; it
 * is a function of the generator's own count of updates, and needs no state but the average. Beside that the half-life may go from one
 * value to another over the burn-in, along a cosine of ratios as all that changes.
 *
 * <p>Source: Karras et al., "Progressive growing of GANs", ICLR 2018; Polyak and Juditsky (1992).
 *
 * @param graph a network of the generator's configuration whose parameters are the average
 * @param halfLife in updates
 * @param burnIn updates over which the half-life changes
 */
public record MovingAverage(ComputationGraph graph, Ramp halfLife, double burnIn) {

    /** Begins at the generator's present parameters; null if the options ask for no average. */
    static MovingAverage of(ComputationGraph generator, TrainingOptions options) {
        if (options.ema() == 0) {
            return null;
        }
        Recipe recipe = options.recipe();
        double from = recipe.emaFrom() == null ? options.ema() : recipe.emaFrom();
        ComputationGraph graph =
                new ComputationGraph(generator.getConfiguration().clone());
        graph.init(generator.params().dup(), false);
        return new MovingAverage(
                graph,
                new Ramp(halfLife(from), halfLife(options.ema())),
                (double) recipe.burnIn(options.steps()) * options.l());
    }

    /** How much of the average stays at an update; the first is number 0. */
    public double keep(int update) {
        double decay = Math.pow(0.5, 1 / halfLife.at(update / burnIn));
        return Math.min(decay, (1.0 + update) / (10.0 + update));
    }

    private static double halfLife(double decay) {
        return Math.log(0.5) / Math.log(decay);
    }

    /** Takes in parameters of the generator after an update. */
    public void add(INDArray parameters, int update) {
        double keep = keep(update);
        INDArray average = graph.params();
        average.muli(keep).addi(parameters.mul(1 - keep));
    }

    /** Decays at the start and at the end: {@code 0.9..0.999}, {@code 1kimg..10kimg}, or one of both that stays. */
    public static double[] decays(String text, double kimg) {
        String[] ends = text.split("\\.\\.", 2);
        double[] decays = {decay(ends[0], kimg), decay(ends[ends.length - 1], kimg)};
        if (decays[0] != decays[1] && Math.min(decays[0], decays[1]) == 0) {
            throw new DataException("--ema " + text + ": an average that changes needs two ends above 0");
        }
        return decays;
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
