package org.latent4j.clustering;

import java.util.Arrays;

/**
 * Few clusters known by the matrix of their distances: any linkage, from points of any metric or from given distances. A row is brought up to date when
 * it is asked for, as those of {@link RowClusters} are: nothing is written across rows.
 */
final class MatrixRows implements ClusterRows {
    private final MergeLog log; // since the rows last moved together
    private double[][] matrix; // by place
    private final int[] upTo; // by place: how many merges its row knows
    private double[] sizes; // by place

    /** @param sizes of what each of the source's points stands for; null: 1 each */
    MatrixRows(RowSource source, Linkage linkage, double[] sizes) {
        int n = source.n();
        this.log = new MergeLog(n, linkage);
        this.upTo = new int[n];
        this.matrix = new double[n][n];
        source.rows(ReciprocalMerges.all(n), n, matrix);
        for (int i = 0; i < n; i++) {
            matrix[i][i] = MergeLog.FAR;
        }
        this.sizes = sizes == null ? new double[n] : sizes.clone();
        if (sizes == null) {
            Arrays.fill(this.sizes, 1);
        }
    }

    /** The bytes that n clusters take. */
    static long bytes(int n) {
        return (long) n * n * Double.BYTES;
    }

    @Override
    public double[] row(int place) {
        log.apply(matrix[place], 0, upTo[place], log.size(), sizes[place]);
        upTo[place] = log.size();
        return matrix[place];
    }

    @Override
    public void merge(int kept, int gone, double between) {
        double[] row = row(kept);
        log.unite(row, row(gone), row.length, sizes[kept], sizes[gone], between, sizes, 0);
        row[kept] = MergeLog.FAR;
        row[gone] = MergeLog.FAR;
        log.add(kept, gone, sizes[kept], sizes[gone], between);
        upTo[kept] = log.size();
        sizes[kept] += sizes[gone];
    }

    @Override
    public void moveTogether(int[] places) {
        double[][] together = new double[places.length][places.length];
        for (int i = 0; i < places.length; i++) {
            double[] row = row(places[i]);
            for (int j = 0; j < places.length; j++) {
                together[i][j] = row[places[j]];
            }
        }
        matrix = together;
        log.clear();
        Arrays.fill(upTo, 0);
        sizes = ClusterRows.at(sizes, places);
    }
}
