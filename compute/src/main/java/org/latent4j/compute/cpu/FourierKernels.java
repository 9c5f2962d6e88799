package org.latent4j.compute.cpu;

import org.latent4j.compute.SineCosine;
import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Value;
import org.latent4j.compute.layer.FourierFeatures;

/** Fourier features of points, and their derivatives, which follow from the features themselves; row by row in Java. */
final class FourierKernels {
    private FourierKernels() {}

    static void forward(CpuPlan plan, Op.Fourier op, Node node) {
        FloatMemory points = new FloatMemory(plan.flat(node.input(0)));
        FloatMemory features = new FloatMemory(plan.flat(node.output(0)));
        FourierFeatures map = map(node.input(0), op.frequency(), op.octaves());
        float[] x = floats(node.input(0));
        float[] y = floats(node.output(0));
        double[] angles = new double[x.length];
        double[] sines = new double[x.length];
        double[] cosines = new double[x.length];
        SineCosine sineCosine = new SineCosine();
        plan.add("java", () -> {
            points.get(x);
            for (int i = 0; i < x.length; i++) {
                angles[i] = op.frequency() * x[i];
            }
            sineCosine.of(angles, sines, cosines);
            spread(map, x, sines, cosines, y);
            features.put(y);
        });
    }

    private static void spread(FourierFeatures map, float[] x, double[] sines, double[] cosines, float[] y) {
        int size = map.size();
        int octaves = map.octaves();
        int width = map.width();
        for (int from = 0, row = 0; from < x.length; from += size, row += width) {
            for (int i = 0; i < size; i++) {
                double sine = sines[from + i];
                double cosine = cosines[from + i];
                int at = row + i;
                y[at] = x[from + i];
                for (int k = 0; k < octaves; k++) {
                    y[at += size] = (float) sine;
                    y[at += size] = (float) cosine;
                    double twice = 2 * sine * cosine; // the sine and cosine of twice the angle
                    cosine = 1 - 2 * sine * sine;
                    sine = twice;
                }
            }
        }
    }

    static void gradient(CpuPlan plan, Op.FourierGradient op, Node node) {
        FloatMemory features = new FloatMemory(plan.flat(node.input(0)));
        FloatMemory gradients = new FloatMemory(plan.flat(node.input(1)));
        FloatMemory results = new FloatMemory(plan.flat(node.output(0)));
        FourierFeatures map = map(node.output(0), op.frequency(), op.octaves());
        float[] y = floats(node.input(0));
        float[] dy = floats(node.input(1));
        float[] dx = floats(node.output(0));
        plan.add("java", () -> {
            features.get(y);
            gradients.get(dy);
            gradient(map, y, dy, dx);
            results.put(dx);
        });
    }

    private static void gradient(FourierFeatures map, float[] y, float[] dy, float[] dx) {
        int size = map.size();
        int octaves = map.octaves();
        int width = map.width();
        for (int from = 0, row = 0; from < dx.length; from += size, row += width) {
            for (int i = 0; i < size; i++) {
                double sum = dy[row + i];
                double f = map.frequency();
                for (int k = 0, sine = row + i + size; k < octaves; k++, sine += 2 * size) {
                    int cosine = sine + size;
                    sum += f * (y[cosine] * dy[sine] - y[sine] * dy[cosine]);
                    f *= 2;
                }
                dx[from + i] = (float) sum;
            }
        }
    }

    /** What a small change dx does to the features y. */
    static void tangent(CpuPlan plan, Op.FourierTangent op, Node node) {
        FloatMemory features = new FloatMemory(plan.flat(node.input(0)));
        FloatMemory changes = new FloatMemory(plan.flat(node.input(1)));
        FloatMemory results = new FloatMemory(plan.flat(node.output(0)));
        FourierFeatures map = map(node.input(1), op.frequency(), op.octaves());
        float[] y = floats(node.input(0));
        float[] dx = floats(node.input(1));
        float[] dy = floats(node.output(0));
        plan.add("java", () -> {
            features.get(y);
            changes.get(dx);
            tangent(map, y, dx, dy);
            results.put(dy);
        });
    }

    private static void tangent(FourierFeatures map, float[] y, float[] dx, float[] dy) {
        int size = map.size();
        int octaves = map.octaves();
        int width = map.width();
        for (int from = 0, row = 0; from < dx.length; from += size, row += width) {
            for (int i = 0; i < size; i++) {
                dy[row + i] = dx[from + i];
                float change = (float) (dx[from + i] * map.frequency());
                for (int k = 0, sine = row + i + size; k < octaves; k++, sine += 2 * size) {
                    int cosine = sine + size;
                    dy[sine] = y[cosine] * change;
                    dy[cosine] = -y[sine] * change;
                    change *= 2;
                }
            }
        }
    }

    private static FourierFeatures map(Value points, double frequency, int octaves) {
        return new FourierFeatures(Math.toIntExact(points.shape().size(1)), frequency, octaves);
    }

    private static float[] floats(Value value) {
        return new float[Math.toIntExact(value.shape().elements())];
    }
}
