package org.latent4j.clustering;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.latent4j.clustering.KMeansModel.Reseeded;
import org.latent4j.clustering.KMeansModel.Stopped;
import org.latent4j.compute.Matrix;
import org.latent4j.compute.Primitives;
import org.latent4j.compute.Primitives.MovingCentres;
import org.latent4j.compute.Primitives.SegmentSums;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One run of Lloyd's iteration from given centres: assign every point to its nearest centre, move every centre to the mean of its points.
 *
 * <p>Source: Lloyd, "Least squares quantization in PCM", IEEE Trans. Inf. Theory 28 (1982) 129.
 */
final class Lloyd {
    private final Points points;
    private final double[] weights; // null: 1 each
    private final KMeansOptions options;

    /** Smaller changes of the cost are told from its rounding only if it is measured. */
    private static final double LEAST_TOLERANCE = 1e-8;

    private final int k;
    private final int p;
    private final MovingCentres nearest;
    private final LabelSums labelSums;
    private final double[] squared; // to the nearest centres, where they were measured
    private boolean measured;
    private int[] labels;
    private int[] before;
    private SegmentSums sums; // of the labels
    private double[] centres; // (k, p)
    private INDArray typed; // the same in the points' type
    private final List<Double> history = new ArrayList<>();
    private final List<Reseeded> reseeded = new ArrayList<>();

    /** What a run gives. */
    record Run(
            INDArray centres,
            int[] labels,
            double inertia,
            double[] costHistory,
            int iterations,
            Stopped stopped,
            List<Reseeded> reseeded) {}

    Lloyd(Points points, Matrix matrix, double[] weights, KMeansOptions options, Primitives primitives) {
        this.points = points;
        this.weights = weights;
        this.options = options;
        this.k = options.k();
        this.p = points.features();
        this.nearest = primitives.movingCentres(matrix);
        this.labelSums = new LabelSums(matrix, weights, k, primitives);
        this.squared = new double[points.n()];
        this.labels = new int[points.n()];
        this.before = new int[points.n()];
    }

    /** Runs from centres (k, p) until a rule stops it. {@code meanVariance} is that of the points' features, for the rule on centres. */
    Run from(double[] start, double meanVariance, IterationListener listener) {
        place(start);
        int iteration = 0;
        Stopped stopped = null;
        double cost = 0;
        while (stopped == null) {
            iteration++;
            double costBefore = cost;
            cost = assign();
            listener.iteration(iteration, cost);
            if (iteration > 1 && Arrays.equals(labels, before)) {
                stopped = Stopped.LABELS;
                cost = measureLast();
            } else if (iteration > 1
                    && options.stop() == KMeansOptions.Stop.COST
                    && costBefore - cost <= options.tolerance() * costBefore
                    && options.tolerance() > 0) {
                stopped = Stopped.TOLERANCE;
                cost = measureLast();
            } else {
                double moved = update(iteration);
                if (options.stop() == KMeansOptions.Stop.CENTRES
                        && options.tolerance() > 0
                        && moved <= options.tolerance() * meanVariance) {
                    stopped = Stopped.TOLERANCE;
                    cost = assignLast();
                } else if (iteration == options.maxIterations()) {
                    stopped = Stopped.ITERATIONS;
                    cost = assignLast();
                }
            }
        }
        return new Run(
                typed,
                labels,
                cost,
                history.stream().mapToDouble(Double::doubleValue).toArray(),
                iteration,
                stopped,
                List.copyOf(reseeded));
    }

    private void place(double[] values) {
        typed = Points.array(values, k, p, points.type());
        centres = new double[k * p];
        Points.of(typed).read(0, k, centres);
    }

    /** Labels of the present centres; their cost. */
    private double assign() {
        int[] swapped = before;
        before = labels;
        labels = swapped;
        boolean byMeasure =
                !labelSums.isCalibrated() || options.tolerance() > 0 && options.tolerance() < LEAST_TOLERANCE;
        if (byMeasure) {
            measure();
        } else {
            nearest.nearest(typed, labels, null);
            measured = false;
        }
        sums = labelSums.follow(labels, before);
        double cost = byMeasure ? measuredCost() : labelSums.cost(centres);
        if (byMeasure) {
            labelSums.calibrate(cost, centres);
        } else if (!labelSums.isCalibrated()) {
            measure();
            cost = measuredCost();
        }
        history.add(cost);
        return cost;
    }

    private double assignLast() {
        measure();
        history.add(measuredCost());
        return history.get(history.size() - 1);
    }

    /** The cost of the last assignment. */
    private double measureLast() {
        if (!measured) {
            measure();
            history.set(history.size() - 1, measuredCost());
        }
        return history.get(history.size() - 1);
    }

    private void measure() {
        nearest.nearest(typed, labels, squared);
        measured = true;
    }

    private double measuredCost() {
        double cost = 0;
        for (int i = 0; i < squared.length; i++) {
            cost += weights == null ? squared[i] : weights[i] * squared[i];
        }
        return cost;
    }

    /** Centres become means; the sum of their squared moves. */
    private double update(int iteration) {
        reseedEmpty(iteration);
        double[] old = centres;
        double[] means = new double[k * p];
        for (int c = 0; c < k; c++) {
            double weight = sums.weights()[c];
            for (int f = 0; f < p; f++) {
                means[c * p + f] = weight > 0 ? sums.sums()[c * p + f] / weight : old[c * p + f];
            }
        }
        place(means);
        double moved = 0;
        for (int i = 0; i < means.length; i++) {
            double by = centres[i] - old[i];
            moved += by * by;
        }
        return moved;
    }

    /** Gives each cluster without weight the point that is farthest from its own centre; where all lie on centres, it stays where it is. */
    private void reseedEmpty(int iteration) {
        for (int c = 0; c < k; c++) {
            if (sums.weights()[c] > 0) {
                continue;
            }
            if (!measured) {
                measure();
            }
            int farthest = -1;
            for (int i = 0; i < squared.length; i++) {
                boolean spare = sums.counts()[labels[i]] > 1 && (weights == null || weights[i] > 0);
                if (spare && squared[i] > 0 && (farthest < 0 || squared[i] > squared[farthest])) {
                    farthest = i;
                }
            }
            if (farthest < 0) {
                return;
            }
            move(farthest, c);
            reseeded.add(new Reseeded(iteration, c, farthest));
        }
    }

    private void move(int point, int to) {
        double weight = weights == null ? 1 : weights[point];
        double[] row = points.row(point);
        int from = labels[point];
        for (int f = 0; f < p; f++) {
            sums.sums()[from * p + f] -= weight * row[f];
            // Points of no weight may have been the cluster's only ones.
            sums.sums()[to * p + f] = weight * row[f];
        }
        sums.weights()[from] -= weight;
        sums.weights()[to] = weight;
        sums.counts()[from]--;
        sums.counts()[to]++;
        labels[point] = to;
        squared[point] = 0;
    }
}
