package org.latent4j.compute.nd4j;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.latent4j.compute.Device;
import org.latent4j.compute.Matrix;
import org.latent4j.compute.Metric;
import org.latent4j.compute.Primitives;
import org.latent4j.compute.Resamples;
import org.latent4j.compute.SignRule;
import org.latent4j.compute.SquaredDistance;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Primitives by their definitions, in double, one row at a time; only products are ND4J's.
 *
 * <p>Made by {@link org.latent4j.compute.Devices#primitives}, which checks arguments.
 */
public final class Nd4jPrimitives implements Primitives {
    @Override
    public Device device() {
        return new Device(Device.Kind.ND4J, 0);
    }

    @Override
    public Matrix matrix(INDArray rows) {
        return Rows.of(rows);
    }

    @Override
    public INDArray product(INDArray a, boolean transposeA, INDArray b, boolean transposeB) {
        INDArray left = transposeA ? a.transpose() : a;
        INDArray right = transposeB ? b.transpose() : b;
        return left.mmul(right).dup('c');
    }

    @Override
    public void nearest(Matrix points, INDArray centres, int[] labels, double[] squared) {
        double[][] x = Rows.values(points);
        double[][] c = Rows.of(centres).values();
        int[] all = IntStream.range(0, c.length).toArray();
        IntStream.range(0, x.length).parallel().forEach(i -> {
            labels[i] = SquaredDistance.nearest(x[i], 0, c, all, c.length);
            if (squared != null) {
                squared[i] = SquaredDistance.of(x[i], c[labels[i]]);
            }
        });
    }

    @Override
    public SegmentSums segmentSums(Matrix points, int[] labels, double[] weights, int k) {
        double[][] x = Rows.values(points);
        int p = points.columns();
        double[] sums = new double[Math.multiplyExact(k, p)];
        double[] totals = new double[k];
        long[] counts = new long[k];
        for (int i = 0; i < x.length; i++) {
            int label = labels[i];
            if (label >= 0) {
                double weight = weights == null ? 1 : weights[i];
                counts[label]++;
                totals[label] += weight;
                for (int j = 0; j < p; j++) {
                    sums[label * p + j] += weight * x[i][j];
                }
            }
        }
        return new SegmentSums(sums, totals, counts);
    }

    @Override
    public void distances(
            Matrix a, long fromA, int rowsA, Matrix b, long fromB, int rowsB, Metric metric, double[] out) {
        double[][] x = Rows.values(a);
        double[][] y = Rows.values(b);
        IntStream.range(0, rowsA).parallel().forEach(i -> {
            for (int j = 0; j < rowsB; j++) {
                out[i * rowsB + j] = Distance.of(metric, x[(int) fromA + i], y[(int) fromB + j]);
            }
        });
    }

    @Override
    public Neighbours neighbours(Matrix points, Matrix queries, int k) {
        double[][] x = Rows.values(points);
        double[][] q = Rows.values(queries);
        int[] indices = new int[Math.multiplyExact(q.length, k)];
        double[] distances = new double[indices.length];
        IntStream.range(0, q.length).parallel().forEach(i -> {
            double[] squared = new double[x.length];
            Integer[] order = new Integer[x.length];
            for (int j = 0; j < x.length; j++) {
                squared[j] = SquaredDistance.of(q[i], x[j]);
                order[j] = j;
            }
            Arrays.sort(order, Comparator.comparingDouble(j -> squared[j])); // stable: equal ones stay in order
            for (int j = 0; j < k; j++) {
                indices[i * k + j] = order[j];
                distances[i * k + j] = Math.sqrt(squared[order[j]]);
            }
        });
        return new Neighbours(k, indices, distances);
    }

    @Override
    public Eigen symmetricEigen(INDArray matrix) {
        Householder.Eigen found = Householder.eigen(Rows.of(matrix).values());
        Integer[] order = IntStream.range(0, found.values().length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble(i -> -found.values()[i]));
        double[] values =
                Arrays.stream(order).mapToDouble(i -> found.values()[i]).toArray();
        double[][] vectors = Arrays.stream(order).map(i -> found.vectors()[i]).toArray(double[][]::new);
        for (double[] vector : vectors) {
            if (SignRule.isNegative(vector, matrix.dataType())) {
                flip(vector);
            }
        }
        return new Eigen(values, Rows.array(JacobiSvd.transposed(vectors), matrix.dataType()));
    }

    @Override
    public Svd svd(INDArray matrix) {
        JacobiSvd.Result result = svd(Rows.of(matrix).values(), matrix.dataType());
        return new Svd(
                Rows.array(JacobiSvd.transposed(result.u()), matrix.dataType()),
                result.s(),
                Rows.array(result.v(), matrix.dataType()));
    }

    private static JacobiSvd.Result svd(double[][] a, DataType type) {
        boolean wide = a.length < a[0].length;
        JacobiSvd.Result tall = JacobiSvd.of(wide ? a : JacobiSvd.transposed(a));
        JacobiSvd.Result result = wide ? new JacobiSvd.Result(tall.v(), tall.s(), tall.u()) : tall;
        for (int i = 0; i < result.s().length; i++) {
            if (SignRule.isNegative(result.v()[i], type)) {
                flip(result.u()[i]);
                flip(result.v()[i]);
            }
        }
        return result;
    }

    @Override
    public BatchedSvd batchedSvd(INDArray matrices) {
        long[] shape = matrices.shape();
        long rank = Math.min(shape[1], shape[2]);
        DataType type = matrices.dataType();
        INDArray u = Nd4j.create(type, new long[] {shape[0], shape[1], rank}, 'c');
        INDArray s = Nd4j.create(type, new long[] {shape[0], rank}, 'c');
        INDArray vt = Nd4j.create(type, new long[] {shape[0], rank, shape[2]}, 'c');
        for (long i = 0; i < shape[0]; i++) {
            Svd one = svd(matrices.slice(i));
            u.slice(i).assign(one.u());
            s.slice(i).assign(Nd4j.createFromArray(one.s()));
            vt.slice(i).assign(one.vt());
        }
        return new BatchedSvd(u, s, vt);
    }

    @Override
    public INDArray orthonormal(INDArray matrix) {
        double[][] columns = JacobiSvd.transposed(Rows.of(matrix).values());
        return Rows.array(JacobiSvd.transposed(Householder.qr(columns).q()), matrix.dataType());
    }

    @Override
    public INDArray resampleCounts(long seed, long first, int resamples, int n) {
        float[][] counts = new float[resamples][n];
        IntStream.range(0, resamples).parallel().forEach(r -> {
            int[] draws = new int[n];
            new Resamples(seed, 0, n).draw(first + r, draws);
            for (int draw : draws) {
                counts[r][draw]++;
            }
        });
        return Nd4j.createFromArray(counts);
    }

    private static void flip(double[] vector) {
        for (int i = 0; i < vector.length; i++) {
            vector[i] = -vector[i];
        }
    }

    @Override
    public void close() {
        // holds nothing
    }
}
