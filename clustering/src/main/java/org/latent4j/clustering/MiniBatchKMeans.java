package org.latent4j.clustering;

import java.util.Arrays;
import java.util.Set;
import org.latent4j.compute.Matrix;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.latent4j.compute.Primitives.SegmentSums;
import org.latent4j.data.DataException;
import org.latent4j.data.npy.NpyFile;
import org.latent4j.data.npy.NpyType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * k-means of more points than memory holds: batches of random rows of a memory-mapped NPY file (n, p) move the centres, each to the mean of all
 * points that it was given so far; a last pass assigns every row.
 *
 * <p>Computed in FLOAT, or in DOUBLE if the file has numbers that floats don't hold. The same seed gives the same result. Throws {@link DataException} for another shape, NaN or infinite values, and k
 * above n.
 *
 * <p>Source: Sculley, "Web-scale k-means clustering", WWW 2010.
 */
public final class MiniBatchKMeans {
    private static final int START_ROWS_PER_CLUSTER = 20;

    /** Types whose numbers are more than floats hold. */
    private static final Set<NpyType> NOT_FLOATS = Set.of(NpyType.F8, NpyType.I8, NpyType.I4, NpyType.U4);

    private final NpyFile file;
    private final Primitives primitives;
    private final int n;
    private final int p;
    private final boolean doubles;

    private MiniBatchKMeans(NpyFile file, Primitives primitives) {
        this.file = file;
        this.primitives = primitives;
        if (file.header().shape().size() != 2 || file.rows() < 1 || file.rowElements() < 1) {
            throw new DataException("points must be an array (n, p), but the file has shape "
                    + file.header().shape());
        }
        if (file.rows() > Integer.MAX_VALUE - 8) {
            throw new DataException(file.rows() + " rows are more than 2^31, for which there is no array of labels");
        }
        this.n = (int) file.rows();
        this.p = file.rowElements();
        this.doubles = NOT_FLOATS.contains(file.header().type());
    }

    /**
     * What was found.
     *
     * @param centres (k, p) FLOAT, or DOUBLE if the file's numbers are more than floats hold
     * @param labels n
     * @param inertia the sum of squared distances of all rows to their centres
     * @param counts k: rows of each cluster
     */
    public record Found(INDArray centres, int[] labels, double inertia, long[] counts) {}

    /**
     * @param batch rows at once
     * @param batches how many
     */
    public static Found fit(NpyFile file, int k, int batch, int batches, long seed, Primitives primitives) {
        if (k < 1 || batch < 1 || batches < 1) {
            throw new DataException("k, the size of a batch and the number of batches must be at least 1, but are " + k
                    + ", " + batch + " and " + batches);
        }
        MiniBatchKMeans fit = new MiniBatchKMeans(file, primitives);
        if (k > fit.n) {
            throw new DataException("k is " + k + ", but there are only " + fit.n
                    + " points; ask for at most as many clusters as points");
        }
        return fit.run(k, batch, batches, seed);
    }

    private Found run(int k, int batch, int batches, long seed) {
        INDArray first = drawn((int) Math.min(n, (long) START_ROWS_PER_CLUSTER * k), seed, 0);
        double[] centres = KMeans.fit(
                        first,
                        KMeansOptions.of(k).withRestarts(1).withMaxIterations(5).withSeed(seed),
                        primitives)
                .centres()
                .dup('c')
                .data()
                .asDouble();
        double[] given = new double[k];
        for (int b = 1; b <= batches; b++) {
            INDArray rows = drawn(batch, seed, b);
            try (Matrix matrix = primitives.matrix(rows)) {
                int[] labels = new int[batch];
                primitives.nearest(matrix, typed(centres, k), labels, null);
                SegmentSums sums = primitives.segmentSums(matrix, labels, null, k);
                for (int c = 0; c < k; c++) {
                    given[c] += sums.weights()[c];
                    for (int f = 0; f < p && sums.weights()[c] > 0; f++) {
                        int at = c * p + f;
                        centres[at] += (sums.sums()[at] - sums.weights()[c] * centres[at]) / given[c];
                    }
                }
            }
        }
        return assign(typed(centres, k), k, Math.max(batch, 1 << 14));
    }

    private INDArray typed(double[] centres, int k) {
        return Points.array(centres, k, p, doubles ? DataType.DOUBLE : DataType.FLOAT);
    }

    private INDArray drawn(int rows, long seed, int batch) {
        Philox random = new Philox(seed, Philox.Purpose.DATA_ORDER, batch);
        int[] which = new int[rows];
        Arrays.setAll(which, i -> rows == n ? i : random.nextInt(n));
        Arrays.sort(which); // so that the file is read from front to back
        return read(which);
    }

    private INDArray read(int[] which) {
        double[] values = new double[which.length * p];
        for (int i = 0; i < which.length; i++) {
            file.readDoubles(which[i], values, i * p);
            for (int f = 0; f < p; f++) {
                if (!Double.isFinite(values[i * p + f])) {
                    throw new DataException("points must be finite numbers, but row " + (which[i] + 1) + ", column "
                            + (f + 1) + " is " + values[i * p + f] + "; remove or replace such rows");
                }
            }
        }
        return Points.array(values, which.length, p, doubles ? DataType.DOUBLE : DataType.FLOAT);
    }

    private Found assign(INDArray centres, int k, int rowsAtOnce) {
        int[] labels = new int[n];
        long[] counts = new long[k];
        double inertia = 0;
        for (int from = 0; from < n; from += rowsAtOnce) {
            int rows = Math.min(rowsAtOnce, n - from);
            int[] which = new int[rows];
            int start = from;
            Arrays.setAll(which, i -> start + i);
            int[] own = new int[rows];
            double[] squared = new double[rows];
            try (Matrix matrix = primitives.matrix(read(which))) {
                primitives.nearest(matrix, centres, own, squared);
            }
            for (int i = 0; i < rows; i++) {
                labels[from + i] = own[i];
                counts[own[i]]++;
                inertia += squared[i];
            }
        }
        return new Found(centres, labels, inertia, counts);
    }
}
