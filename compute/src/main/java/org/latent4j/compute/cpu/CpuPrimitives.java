package org.latent4j.compute.cpu;

import org.latent4j.compute.Device;
import org.latent4j.compute.Matrix;
import org.latent4j.compute.Metric;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Primitives on oneDNN, OpenBLAS with its LAPACK, and loops that Java's compiler makes vector instructions of, on native memory.
 *
 * <p>Made by {@link org.latent4j.compute.Devices#primitives}, which checks arguments. Threads end when it is closed.
 */
public final class CpuPrimitives implements Primitives {
    private final Team team;

    public CpuPrimitives() {
        this(Runtime.getRuntime().availableProcessors());
    }

    /** Results are the same for any number of threads. */
    public CpuPrimitives(int threads) {
        this.team = new Team(threads);
    }

    @Override
    public Device device() {
        return new Device(Device.Kind.CPU, 0);
    }

    @Override
    public Matrix matrix(INDArray rows) {
        return new Points(rows);
    }

    @Override
    public INDArray product(INDArray a, boolean transposeA, INDArray b, boolean transposeB) {
        return Products.product(a, transposeA, b, transposeB, team);
    }

    @Override
    public void nearest(Matrix points, INDArray centres, int[] labels, double[] squared) {
        NearestCentres.find(Points.of(points), new Points(centres).toDoubles(), labels, squared, team);
    }

    @Override
    public SegmentSums segmentSums(Matrix points, int[] labels, double[] weights, int k) {
        return new SegmentSumming(Points.of(points), labels, weights, k).run(team);
    }

    @Override
    public void distances(
            Matrix a, long fromA, int rowsA, Matrix b, long fromB, int rowsB, Metric metric, double[] out) {
        DistanceTiles.fill(Points.of(a), fromA, rowsA, Points.of(b), fromB, rowsB, metric, out, team);
    }

    @Override
    public Neighbours neighbours(Matrix points, Matrix queries, int k) {
        return new NearestNeighbours(Points.of(points), Points.of(queries), k).run(team);
    }

    @Override
    public Eigen symmetricEigen(INDArray matrix) {
        return Decompositions.symmetricEigen(matrix);
    }

    @Override
    public Svd svd(INDArray matrix) {
        return Decompositions.svd(matrix, team);
    }

    @Override
    public BatchedSvd batchedSvd(INDArray matrices) {
        return Decompositions.batchedSvd(matrices, team);
    }

    @Override
    public RightSvd batchedRightSvd(INDArray matrices) {
        return RightSvds.suit(matrices) ? RightSvds.of(matrices, team) : Primitives.super.batchedRightSvd(matrices);
    }

    @Override
    public INDArray orthonormal(INDArray matrix) {
        TallQr.Factors factors = TallQr.of(matrix, team);
        factors.r().close();
        return factors.q();
    }

    @Override
    public INDArray resampleCounts(long seed, long first, int resamples, int n) {
        INDArray counts = RowMajor.empty(DataType.FLOAT, resamples, n);
        team.run(resamples, (resample, worker) -> {
            Philox random = new Philox(seed, Philox.Purpose.RESAMPLE, first + resample);
            float[] row = new float[n];
            for (int draw = 0; draw < n; draw++) {
                row[random.nextInt(n)]++;
            }
            RowMajor.floats(counts).position((long) resample * n).put(row, 0, n);
        });
        return counts;
    }

    @Override
    public void close() {
        team.close();
    }
}
