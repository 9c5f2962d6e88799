package org.latent4j.ensembles;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataException;
import org.latent4j.data.Progress;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How much a model's {@link Score} falls when the values of one feature are shuffled among the points.
 *
 * <p>On points that the model has not seen it says what the model needs; on its training points it also counts what was learned by heart.
 *
 * <p>Throws {@link DataException} for fewer than 1 repeat.
 *
 * <p>Source: Breiman, "Random forests", Machine Learning 45 (2001) 5, section 10.
 *
 * @param score before
 * @param means of each feature, the mean fall over the repeats
 * @param deviations of each feature, the standard deviation over the repeats; 0 for a single one
 */
public record PermutationImportance(double score, double[] means, double[] deviations) {

    public static PermutationImportance of(Model model, Samples samples, int repeats, long seed, Progress progress) {
        if (repeats < 1) {
            throw new DataException("permutation importance needs at least 1 repeat, but repeats is " + repeats);
        }
        Points.require(samples.points(), model.features(), "this model");
        int n = samples.size();
        int p = samples.features();
        float[] values = Points.floats(samples.points());
        INDArray points = Nd4j.create(values, new long[] {n, p}, 'c');
        double score = Score.of(samples, model.predict(points));
        double[] means = new double[p];
        double[] deviations = new double[p];
        for (int f = 0; f < p; f++) {
            double[] falls = new double[repeats];
            for (int repeat = 0; repeat < repeats; repeat++) {
                int[] order = IntStream.range(0, n).toArray();
                new Philox(seed, Philox.Purpose.EVALUATION, (long) f * repeats + repeat).shuffle(order);
                float[] shuffled = values.clone();
                for (int i = 0; i < n; i++) {
                    shuffled[i * p + f] = values[order[i] * p + f];
                }
                INDArray changed = Nd4j.create(shuffled, new long[] {n, p}, 'c').castTo(DataType.FLOAT);
                falls[repeat] = score - Score.of(samples, model.predict(changed));
            }
            double mean = Arrays.stream(falls).average().orElseThrow();
            means[f] = mean;
            deviations[f] = repeats == 1
                    ? 0
                    : Math.sqrt(Arrays.stream(falls)
                                    .map(v -> (v - mean) * (v - mean))
                                    .sum()
                            / (repeats - 1));
            progress.report("permutations", f + 1L, p);
        }
        return new PermutationImportance(score, means, deviations);
    }
}
