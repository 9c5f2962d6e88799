package org.latent4j.ensembles.bagging;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.latent4j.compute.Philox;
import org.latent4j.ensembles.Learner;
import org.latent4j.ensembles.Model;
import org.latent4j.ensembles.Points;
import org.latent4j.ensembles.Score;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Rosenblatt's perceptron: a hyperplane for each class, of which the highest wins; mistakes move two of them.
 *
 * <p>Points are (n, p). It predicts 1 for one class and 0 for the others. It learns until a pass makes no mistake, or for so many passes; on
 * classes that no plane separates it ends somewhere, which is what makes it worth bagging.
 *
 * <p>Source: Rosenblatt, Psychological Review 65 (1958) 386; several classes: Duda and Hart, "Pattern classification and scene analysis", 1973,
 * section 5.12.
 *
 * @param weights of each class, p weights and a bias
 */
public record Perceptron(double[][] weights) implements Model {

    /** Makes perceptrons; points come in a new order in each of at most {@code passes} passes. */
    public static Learner<Perceptron> learner(int passes) {
        return Learner.concurrent((samples, seed) -> {
            samples.requireClasses("a perceptron");
            int p = samples.features();
            double[] points = Points.doubles(samples.points());
            double[][] weights = new double[samples.outputs()][p + 1];
            int[] order = IntStream.range(0, samples.size()).toArray();
            Philox random = new Philox(seed, Philox.Purpose.DATA_ORDER, 0);
            int mistakes = 1;
            for (int pass = 0; pass < passes && mistakes > 0; pass++) {
                random.shuffle(order);
                mistakes = 0;
                for (int i : order) {
                    int said = winner(weights, points, i * p);
                    int truth = samples.labels()[i];
                    if (said != truth) {
                        mistakes++;
                        move(weights[truth], points, i * p, 1);
                        move(weights[said], points, i * p, -1);
                    }
                }
            }
            return new Perceptron(weights);
        });
    }

    private static void move(double[] weights, double[] points, int at, int sign) {
        int p = weights.length - 1;
        for (int j = 0; j < p; j++) {
            weights[j] += sign * points[at + j];
        }
        weights[p] += sign;
    }

    private static int winner(double[][] weights, double[] points, int at) {
        double[] heights = new double[weights.length];
        Arrays.setAll(heights, c -> {
            int p = weights[c].length - 1;
            double height = weights[c][p];
            for (int j = 0; j < p; j++) {
                height += weights[c][j] * points[at + j];
            }
            return height;
        });
        return Score.largest(heights, 0, heights.length);
    }

    @Override
    public int features() {
        return weights[0].length - 1;
    }

    @Override
    public int outputs() {
        return weights.length;
    }

    @Override
    public INDArray predict(INDArray points) {
        Points.require(points, features(), "this perceptron");
        double[] values = Points.doubles(points);
        int n = (int) points.size(0);
        double[] out = new double[n * outputs()];
        for (int i = 0; i < n; i++) {
            out[i * outputs() + winner(weights, values, i * features())] = 1;
        }
        return Nd4j.create(out, new long[] {n, outputs()}, DataType.DOUBLE);
    }
}
