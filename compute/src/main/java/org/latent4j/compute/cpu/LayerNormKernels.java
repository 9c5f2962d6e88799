package org.latent4j.compute.cpu;

import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Shape;

/** Layer norm row by row in Java: the library's has no zeros where a row has no deviation. */
final class LayerNormKernels {
    private LayerNormKernels() {}

    static void forward(CpuPlan plan, Op.LayerNorm op, Node node) {
        FloatMemory x = new FloatMemory(plan.flat(node.input(0)));
        FloatMemory y = new FloatMemory(plan.flat(node.output(0)));
        int columns = columns(node);
        float[] numbers = new float[elements(node)];
        plan.add("java", () -> {
            x.get(numbers);
            for (int from = 0; from < numbers.length; from += columns) {
                standardize(numbers, from, columns);
            }
            y.put(numbers);
        });
    }

    /** dx = (dy - mean(dy) - y mean(y dy)) / deviation, with means over the row. */
    static void gradient(CpuPlan plan, Op.LayerNormGradient op, Node node) {
        FloatMemory x = new FloatMemory(plan.flat(node.input(0)));
        FloatMemory dy = new FloatMemory(plan.flat(node.input(1)));
        FloatMemory dx = new FloatMemory(plan.flat(node.output(0)));
        int columns = columns(node);
        float[] y = new float[elements(node)];
        float[] slopes = new float[y.length];
        plan.add("java", () -> {
            x.get(y);
            dy.get(slopes);
            for (int from = 0; from < y.length; from += columns) {
                double factor = standardize(y, from, columns);
                double mean = 0;
                double along = 0;
                for (int i = from; i < from + columns; i++) {
                    mean += slopes[i];
                    along += (double) slopes[i] * y[i];
                }
                mean /= columns;
                along /= columns;
                for (int i = from; i < from + columns; i++) {
                    slopes[i] = (float) (factor * (slopes[i] - mean - y[i] * along));
                }
            }
            dx.put(slopes);
        });
    }

    /** In place; returns one over the deviation, or 0. */
    private static double standardize(float[] row, int from, int columns) {
        double mean = 0;
        for (int i = from; i < from + columns; i++) {
            mean += row[i];
        }
        mean /= columns;
        double squares = 0;
        for (int i = from; i < from + columns; i++) {
            squares += (row[i] - mean) * (row[i] - mean);
        }
        double factor = squares > 0 ? 1 / Math.sqrt(squares / columns) : 0;
        for (int i = from; i < from + columns; i++) {
            row[i] = (float) (factor * (row[i] - mean));
        }
        return factor;
    }

    private static int columns(Node node) {
        return Math.toIntExact(node.input(0).shape().size(1));
    }

    private static int elements(Node node) {
        Shape shape = node.input(0).shape();
        return Math.toIntExact(shape.elements());
    }
}
