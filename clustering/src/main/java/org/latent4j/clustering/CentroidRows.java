package org.latent4j.clustering;

import java.util.Arrays;

/** Clusters known by their centres, for Ward, centroid and median linkage of points: squares, made when they are asked for. */
final class CentroidRows implements ClusterRows {
    private final Linkage linkage;
    private Columns centres;
    private double[] sizes; // by place
    private double[] row;
    private final double[] measured = new double[Columns.BLOCK];

    /** Takes the columns for its own; clusters have these sizes already, null: 1 each. */
    CentroidRows(Columns means, Linkage linkage, double[] sizes) {
        this.linkage = linkage;
        this.centres = means;
        this.sizes = sizes == null ? new double[means.n()] : sizes.clone();
        if (sizes == null) {
            Arrays.fill(this.sizes, 1);
        }
        this.row = new double[means.n()];
    }

    @Override
    public double[] row(int place) {
        double[] centre = centres.row(place);
        for (int block = 0; block < centres.blocks(); block++) {
            centres.squared(centre, block, measured);
            System.arraycopy(measured, 0, row, Columns.first(block), centres.size(block));
        }
        if (linkage == Linkage.WARD) {
            weigh(row, sizes, sizes[place]);
        }
        row[place] = MergeLog.FAR;
        return row;
    }

    private static void weigh(double[] row, double[] sizes, double own) {
        for (int i = 0; i < row.length; i++) {
            row[i] *= factor(own, sizes[i]);
        }
    }

    /** Of Ward's distance; grows with either size. */
    static double factor(double a, double b) {
        return 2 * a * b / (a + b);
    }

    @Override
    public void merge(int kept, int gone, double between) {
        boolean median = linkage == Linkage.MEDIAN;
        unite(centres, kept, gone, median ? 1 : sizes[kept], median ? 1 : sizes[gone]);
        sizes[kept] += sizes[gone];
    }

    @Override
    public void moveTogether(int[] places) {
        centres = centres.inOrder(places);
        sizes = ClusterRows.at(sizes, places);
        row = new double[places.length];
    }

    /** The centre at one place becomes that of both clusters, the other infinitely far. */
    static void unite(Columns centres, int a, int b, double sizeA, double sizeB) {
        for (int f = 0; f < centres.features(); f++) {
            centres.set(a, f, (sizeA * centres.get(a, f) + sizeB * centres.get(b, f)) / (sizeA + sizeB));
            centres.set(b, f, Double.POSITIVE_INFINITY);
        }
    }
}
