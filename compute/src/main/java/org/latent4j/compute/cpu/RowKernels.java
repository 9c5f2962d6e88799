package org.latent4j.compute.cpu;

import org.latent4j.compute.ComputeException;
import org.latent4j.compute.Philox;
import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Noise;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Parameters;
import org.latent4j.compute.graph.Value;

/** Rarer operations that the library lacks, sample by sample in Java. */
final class RowKernels {
    /** Dropout layers of one network; each takes every so many-th stream. */
    private static final int STREAMS = 1 << 10;

    private static final int WORDS = 1 << 12;

    private RowKernels() {}

    static void dropoutFactors(CpuPlan plan, Op.DropoutFactors op, Node node) {
        FloatMemory y = new FloatMemory(plan.flat(node.output(0)));
        Noise noise = plan.noise();
        float kept = (float) (1 / op.keep());
        double threshold = op.keep() * 0x1.0p32;
        long count = y.count();
        int[] words = new int[WORDS];
        plan.add("java", () -> {
            Philox random = new Philox(noise.seed(), Philox.Purpose.NETWORK_NOISE, noise.pass() * STREAMS + op.layer());
            for (long from = 0; from < count; from += WORDS) {
                int part = (int) Math.min(WORDS, count - from);
                random.fill(words, 0, part);
                for (int i = 0; i < part; i++) {
                    y.put(from + i, (words[i] & 0xFFFFFFFFL) < threshold ? kept : 0);
                }
            }
        });
    }

    static void normals(CpuPlan plan, Op.Normals op, Node node) {
        FloatMemory y = new FloatMemory(plan.flat(node.output(0)));
        Noise noise = plan.noise();
        float[] numbers = new float[Math.toIntExact(y.count())];
        plan.add("java", () -> {
            new Philox(noise.seed(), Philox.Purpose.NETWORK_NOISE, noise.pass() * STREAMS + op.layer())
                    .fillNormal(numbers, 0, numbers.length);
            y.put(numbers);
        });
    }

    static void lookup(CpuPlan plan, Op.Lookup op, Node node) {
        FloatMemory indices = new FloatMemory(plan.flat(node.input(0)));
        Value table = node.input(1);
        Parameters.Place place = plan.place(table);
        FloatMemory w = new FloatMemory(plan.flat(table));
        FloatMemory y = new FloatMemory(plan.flat(node.output(0)));
        long rows = node.output(0).shape().size(0);
        long columns = node.output(0).shape().size(1);
        long rowStep = place.strides().get(0);
        long columnStep = place.strides().get(1);
        long size = table.shape().size(0);
        plan.add("java", () -> {
            for (long row = 0; row < rows; row++) {
                long index = index(indices, row, size, table);
                for (long column = 0; column < columns; column++) {
                    y.put(row * columns + column, w.get(index * rowStep + column * columnStep));
                }
            }
        });
    }

    static void lookupGradient(CpuPlan plan, Op.LookupGradient op, Node node) {
        FloatMemory indices = new FloatMemory(plan.flat(node.input(0)));
        FloatMemory dy = new FloatMemory(plan.flat(node.input(1)));
        Value table = node.output(0);
        Parameters.Place place = plan.place(table);
        FloatMemory dw = new FloatMemory(plan.flat(table));
        long rows = node.input(1).shape().size(0);
        long columns = node.input(1).shape().size(1);
        long rowStep = place.strides().get(0);
        long columnStep = place.strides().get(1);
        long size = table.shape().size(0);
        if (!plan.accumulates()) {
            MoveKernels.addZero(plan, table);
        }
        plan.add("java", () -> {
            for (long row = 0; row < rows; row++) {
                long index = index(indices, row, size, table);
                for (long column = 0; column < columns; column++) {
                    long at = index * rowStep + column * columnStep;
                    dw.put(at, dw.get(at) + dy.get(row * columns + column));
                }
            }
        });
    }

    private static long index(FloatMemory indices, long row, long size, Value table) {
        long index = (long) indices.get(row);
        if (index < 0 || index >= size) {
            throw new ComputeException(
                    "sample " + row + " has index " + index + ", but " + table.name() + " has rows 0 to " + (size - 1));
        }
        return index;
    }

    static void normalize(CpuPlan plan, Op.Normalize op, Node node) {
        FloatMemory x = new FloatMemory(plan.flat(node.input(0)));
        FloatMemory y = new FloatMemory(plan.flat(node.output(0)));
        long rows = node.input(0).shape().size(0);
        long columns = node.input(0).shape().elements() / rows;
        plan.add("java", () -> {
            for (long row = 0; row < rows; row++) {
                long from = row * columns;
                double norm = Math.max(op.epsilon(), Math.sqrt(product(x, x, from, columns)));
                for (long i = from; i < from + columns; i++) {
                    y.put(i, (float) (x.get(i) / norm));
                }
            }
        });
    }

    /** dx = dy / |x| - x (x dy) / |x|^3, with the norm and its cube bounded below as DL4J bounds them. */
    static void normalizeGradient(CpuPlan plan, Op.NormalizeGradient op, Node node) {
        FloatMemory x = new FloatMemory(plan.flat(node.input(0)));
        FloatMemory dy = new FloatMemory(plan.flat(node.input(1)));
        FloatMemory dx = new FloatMemory(plan.flat(node.output(0)));
        long rows = node.input(0).shape().size(0);
        long columns = node.input(0).shape().elements() / rows;
        plan.add("java", () -> {
            for (long row = 0; row < rows; row++) {
                long from = row * columns;
                double norm = Math.sqrt(product(x, x, from, columns));
                double along = product(x, dy, from, columns) / Math.max(op.epsilon(), norm * norm * norm);
                norm = Math.max(op.epsilon(), norm);
                for (long i = from; i < from + columns; i++) {
                    dx.put(i, (float) (dy.get(i) / norm - x.get(i) * along));
                }
            }
        });
    }

    private static double product(FloatMemory a, FloatMemory b, long from, long count) {
        double sum = 0;
        for (long i = from; i < from + count; i++) {
            sum += (double) a.get(i) * b.get(i);
        }
        return sum;
    }
}
