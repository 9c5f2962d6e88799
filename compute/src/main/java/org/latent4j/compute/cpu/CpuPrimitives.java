package org.latent4j.compute.cpu;

import org.latent4j.compute.Device;
import org.latent4j.compute.Matrix;
import org.latent4j.compute.Metric;
import org.latent4j.compute.Primitives;
import org.latent4j.compute.Resamples;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Primitives on oneDNN, OpenBLAS with its LAPACK, and loops that Java's compiler makes vector instructions of, on native memory.
 *
 * <p>Made by {@link org.latent4j.compute.Devices#primitives}, which checks arguments. Threads end when it is closed.
 */
public final class CpuPrimitives implements Primitives {
    /** Columns that are worth summing up one by one. */
    private static final int MOST_SUMMED = 8;
    /** Resamples of a task. */
    private static final int RESAMPLES = 256;

    private final Team team;
    private final TallProducts tall;

    public CpuPrimitives() {
        this(Runtime.getRuntime().availableProcessors());
    }

    /** Results are the same for any number of threads. */
    public CpuPrimitives(int threads) {
        this.team = new Team(threads);
        this.tall = new TallProducts(team);
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
    public void addScatter(INDArray sum, INDArray x) {
        tall.addScatter(sum, x);
    }

    @Override
    public INDArray addImages(INDArray sum, INDArray x, INDArray q) {
        return tall.addImages(sum, x, q);
    }

    @Override
    public void nearest(Matrix points, INDArray centres, int[] labels, double[] squared) {
        nearest(Points.of(points), new Points(centres).toDoubles(), labels, squared, null);
    }

    @Override
    public MovingCentres movingCentres(Matrix points) {
        MovingBounds bounds = new MovingBounds((int) points.rows());
        return (centres, labels, squared) ->
                nearest(Points.of(points), new Points(centres).toDoubles(), labels, squared, bounds);
    }

    /** @param bounds null, or of the same points at other centres */
    private void nearest(Points points, double[][] centres, int[] labels, double[] squared, MovingBounds bounds) {
        if (NearestByDifferences.suits(points, centres.length)) {
            NearestByDifferences.find(points, centres, labels, bounds, team);
        } else {
            NearestCentres.find(points, centres, labels, bounds, team);
        }
        if (squared != null) {
            OwnDistances.measure(points, centres, labels, squared, team);
        }
    }

    @Override
    public SegmentSums segmentSums(Matrix points, int[] labels, double[] weights, int k) {
        return new SegmentSumming(Points.of(points), labels, weights, k).run(team);
    }

    @Override
    public ChangedSums changedSums(Matrix points, int[] before, int[] now, double[] weights, int k) {
        LabelChanges changes = new LabelChanges(Points.of(points), before, now, weights, k);
        return changes.fit() ? changes.run(team) : Primitives.super.changedSums(points, before, now, weights, k);
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
        return SymmetricEigen.of(matrix, team);
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
        Resamples[] draws = new Resamples[team.workers()];
        team.run(resamples, (resample, worker) -> {
            draws[worker] = draws[worker] == null ? new Resamples(seed, 0, n) : draws[worker];
            float[] row = new float[n];
            draws[worker].count(first + resample, row, 0);
            RowMajor.floats(counts).position((long) resample * n).put(row, 0, n);
        });
        return counts;
    }

    /** Few columns are summed up while points are drawn, in double, which is faster than to count first. */
    @Override
    public INDArray resampleSums(long seed, long first, int resamples, INDArray data) {
        int n = Math.toIntExact(data.size(0));
        int p = Math.toIntExact(data.size(1));
        if (p > MOST_SUMMED) {
            return Primitives.super.resampleSums(seed, first, resamples, data);
        }
        double[][] columns = data.castTo(DataType.DOUBLE).transpose().toDoubleMatrix();
        INDArray all = RowMajor.empty(DataType.DOUBLE, resamples, p);
        Resamples[] draws = new Resamples[team.workers()];
        team.run((resamples + RESAMPLES - 1) / RESAMPLES, (block, worker) -> {
            draws[worker] = draws[worker] == null ? new Resamples(seed, 0, n) : draws[worker];
            int from = block * RESAMPLES;
            int count = Math.min(RESAMPLES, resamples - from);
            double[] sums = new double[count * p];
            draws[worker].sums(first + from, count, columns, sums, 0);
            RowMajor.doubles(all).position((long) from * p).put(sums, 0, sums.length);
        });
        return all;
    }

    @Override
    public void close() {
        tall.close();
        team.close();
    }
}
