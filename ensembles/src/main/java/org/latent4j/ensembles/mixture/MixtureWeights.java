package org.latent4j.ensembles.mixture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataException;
import org.latent4j.ensembles.Points;
import org.latent4j.ensembles.Samples;
import org.latent4j.ensembles.forest.ForestOptions;
import org.latent4j.ensembles.forest.RandomForest;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How much of each of K generators a mixture should hold, so that it is most like real samples.
 *
 * <p>A discriminator, a random forest, learns to tell real samples from those of each generator; P(generator k | x) / P(real | x) estimates the
 * ratio of their densities at x. On real samples that it has not seen, the weights maximise the mean of log sum_k w_k ratio_k(x), a concave
 * function, by expectation and maximisation in turns.
 *
 * <p>Samples are (n, d), features in which Euclidean neighbours are alike. Throws {@link DataException} for fewer than 20 samples and for
 * different d.
 *
 * <p>Source of the ratio: Sugiyama, Suzuki, Kanamori, "Density ratio estimation in machine learning", 2012, chapter 4; of the weights: Dempster,
 * Laird, Rubin, J. Roy. Stat. Soc. B 39 (1977) 1.
 *
 * @param weights of sum 1
 * @param divergence estimate of KL(real || mixture), in nats; its forest can't see all, so it is rather too low
 * @param memberDivergences the same for each generator alone; cut off at about 5, where the forest sees no sample of the generator
 * @param iterations of the last maximisation
 */
public record MixtureWeights(double[] weights, double divergence, double[] memberDivergences, int iterations) {
    private static final int LEAST = 20;
    private static final int TREES = 200;
    private static final int LEAF = 5;
    private static final int MOST_ITERATIONS = 10_000;
    private static final double TOLERANCE = 1e-9;
    /** No share is believed to be less: so many samples near a point would not have shown it. */
    private static final double LEAST_SHARE = 0.005;

    /** Fits to half of the real samples; the other half, and all of the generated ones up to as many, teach the discriminator. */
    public static MixtureWeights fit(INDArray real, List<INDArray> generated, long seed) {
        check(real, generated);
        int n = (int) real.size(0);
        int d = (int) real.size(1);
        int[] order = IntStream.range(0, n).toArray();
        new Philox(seed, Philox.Purpose.EVALUATION, 0).shuffle(order);
        INDArray taught = Points.rows(real, Arrays.copyOf(order, n / 2));
        INDArray heldOut = Points.rows(real, Arrays.copyOfRange(order, n / 2, n));
        List<INDArray> parts = new ArrayList<>(List.of(taught));
        parts.addAll(generated);
        int[] sizes = parts.stream().mapToInt(p -> (int) p.size(0)).toArray();
        float[] points = new float[Arrays.stream(sizes).sum() * d];
        int[] labels = new int[points.length / d];
        double[] balance = new double[labels.length];
        int row = 0;
        for (int c = 0; c < sizes.length; c++) {
            System.arraycopy(Points.floats(parts.get(c)), 0, points, row * d, sizes[c] * d);
            Arrays.fill(labels, row, row + sizes[c], c);
            Arrays.fill(balance, row, row + sizes[c], (double) n / sizes[c]);
            row += sizes[c];
        }
        ForestOptions options = ForestOptions.randomForest().withTrees(TREES).withSeed(seed);
        RandomForest discriminator = RandomForest.fit(
                Samples.ofClasses(Nd4j.create(points, new long[] {labels.length, d}, 'c'), labels)
                        .withWeights(balance),
                options.withTree(options.tree().withMinLeaf(LEAF)));
        double[] shares = Points.doubles(discriminator.predict(heldOut));
        int k = generated.size();
        double[][] ratios = new double[n - n / 2][k];
        for (int i = 0; i < ratios.length; i++) {
            double ofReal = Math.max(LEAST_SHARE, shares[i * (k + 1)]);
            for (int g = 0; g < k; g++) {
                ratios[i][g] = Math.max(LEAST_SHARE, shares[i * (k + 1) + 1 + g]) / ofReal;
            }
        }
        return of(ratios);
    }

    private static void check(INDArray real, List<INDArray> generated) {
        List<String> problems = new ArrayList<>();
        if (generated.isEmpty()) {
            problems.add("a mixture needs at least one generator");
        }
        if (real.rank() != 2 || real.size(0) < LEAST) {
            problems.add("weights are fitted to at least " + LEAST + " real samples (n, d), but these are "
                    + Arrays.toString(real.shape()));
        }
        for (int g = 0; g < generated.size(); g++) {
            INDArray own = generated.get(g);
            if (own.rank() != 2 || own.size(0) < LEAST || real.rank() == 2 && own.size(1) != real.size(1)) {
                problems.add("samples of generator " + (g + 1) + " are " + Arrays.toString(own.shape())
                        + ", but at least " + LEAST + " of the real ones' features are needed");
            }
        }
        if (!problems.isEmpty()) {
            throw new DataException(String.join("; ", problems));
        }
    }

    /** From known ratios (n, K) of the generators' densities to the real one, at real samples. */
    public static MixtureWeights of(double[][] ratios) {
        int n = ratios.length;
        int k = ratios[0].length;
        double[] weights = new double[k];
        Arrays.fill(weights, 1.0 / k);
        int iteration = 0;
        double change = 1;
        while (iteration < MOST_ITERATIONS && change > TOLERANCE) {
            double[] next = new double[k];
            for (double[] own : ratios) {
                double sum = 0;
                for (int g = 0; g < k; g++) {
                    sum += weights[g] * own[g];
                }
                for (int g = 0; g < k; g++) {
                    next[g] += weights[g] * own[g] / sum / n;
                }
            }
            change = 0;
            for (int g = 0; g < k; g++) {
                change = Math.max(change, Math.abs(next[g] - weights[g]));
            }
            weights = next;
            iteration++;
        }
        double[] alone = new double[k];
        for (int g = 0; g < k; g++) {
            double[] one = new double[k];
            one[g] = 1;
            alone[g] = divergence(ratios, one);
        }
        return new MixtureWeights(weights, divergence(ratios, weights), alone, iteration);
    }

    private static double divergence(double[][] ratios, double[] weights) {
        double sum = 0;
        for (double[] own : ratios) {
            double ratio = 0;
            for (int g = 0; g < weights.length; g++) {
                ratio += weights[g] * own[g];
            }
            sum -= Math.log(ratio) / ratios.length;
        }
        return sum;
    }

    /** Of n samples, from which generator each comes: shares as the weights say to within one, in an order that the seed decides. */
    public static int[] assign(double[] weights, int n, long seed) {
        int[] members = new int[n];
        double until = 0;
        int at = 0;
        for (int g = 0; g < weights.length; g++) {
            until += weights[g];
            int end = g == weights.length - 1 ? n : (int) Math.min(n, Math.round(until * n));
            Arrays.fill(members, at, Math.max(at, end), g);
            at = Math.max(at, end);
        }
        new Philox(seed, Philox.Purpose.EVALUATION, 1).shuffle(members);
        return members;
    }
}
