package org.latent4j.clustering;

/**
 * Merges in their order, and what they do to rows of distances: a cluster's distances to all others, by place. A row that knows the first merges is brought
 * up to date by going through the others.
 *
 * <p>Source: Lance, Williams, "A general theory of classificatory sorting strategies", Comput. J. 9 (1967) 373.
 */
final class MergeLog {
    /** At a row's own place and at those of clusters that have gone; infinite, it would become no number in a mean. */
    static final double FAR = Double.MAX_VALUE;

    private final Linkage linkage;
    private int size;
    private final int[] keptPlace;
    private final int[] gonePlace;
    private final double[] keptSize;
    private final double[] goneSize;
    private final double[] goneShare; // of both sizes
    private final double[] height;

    /** @param most merges */
    MergeLog(int most, Linkage linkage) {
        this.linkage = linkage;
        this.keptPlace = new int[most];
        this.gonePlace = new int[most];
        this.keptSize = new double[most];
        this.goneSize = new double[most];
        this.goneShare = new double[most];
        this.height = new double[most];
    }

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    /** The cluster at one place takes in that at another; sizes are those before. */
    void add(int kept, int gone, double sizeOfKept, double sizeOfGone, double between) {
        keptPlace[size] = kept;
        gonePlace[size] = gone;
        keptSize[size] = sizeOfKept;
        goneSize[size] = sizeOfGone;
        goneShare[size] = sizeOfGone / (sizeOfKept + sizeOfGone);
        height[size++] = between;
    }

    /**
     * Whether other merges can follow that of two clusters in their row, of which there then is only one to bring up to date. Ward, centroid
     * and median go by what sizes and heights were at each merge.
     */
    boolean commutes() {
        return switch (linkage) {
            case SINGLE, COMPLETE, AVERAGE, WEIGHTED -> true;
            case CENTROID, MEDIAN, WARD -> false;
        };
    }

    /** Merges {@code from ... to - 1} in the row, from {@code at} on, of a cluster. */
    void apply(double[] row, int at, int from, int to, double sizeOfCluster) {
        switch (linkage) {
            case COMPLETE -> {
                for (int m = from; m < to; m++) {
                    int k = at + keptPlace[m];
                    int g = at + gonePlace[m];
                    row[k] = Math.max(row[k], row[g]); // no branch: nobody could predict it
                    row[g] = FAR;
                }
            }
            case AVERAGE -> {
                for (int m = from; m < to; m++) {
                    int k = at + keptPlace[m];
                    int g = at + gonePlace[m];
                    row[k] += (row[g] - row[k]) * goneShare[m];
                    row[g] = FAR;
                }
            }
            case WEIGHTED -> {
                for (int m = from; m < to; m++) {
                    int k = at + keptPlace[m];
                    int g = at + gonePlace[m];
                    row[k] = (row[k] + row[g]) / 2;
                    row[g] = FAR;
                }
            }
            default -> {
                for (int m = from; m < to; m++) {
                    int k = at + keptPlace[m];
                    int g = at + gonePlace[m];
                    row[k] = updated(row[k], row[g], keptSize[m], goneSize[m], height[m], sizeOfCluster);
                    row[g] = FAR;
                }
            }
        }
    }

    /**
     * A piece of the row of two clusters a and b as one, into {@code a}.
     *
     * @param sizes of the others, from {@code first} on
     */
    void unite(
            double[] a, double[] b, int count, double sizeA, double sizeB, double between, double[] sizes, int first) {
        switch (linkage) {
            case COMPLETE -> largest(a, b, count);
            case AVERAGE -> mean(a, b, sizeB / (sizeA + sizeB), count);
            case WEIGHTED -> half(a, b, count);
            default -> {
                for (int j = 0; j < count; j++) {
                    a[j] = updated(a[j], b[j], sizeA, sizeB, between, sizes[first + j]);
                }
            }
        }
    }

    // Loops of their own, that Java compiles to vector instructions.

    static void largest(double[] a, double[] b, int count) {
        for (int j = 0; j < count; j++) {
            a[j] = Math.max(a[j], b[j]);
        }
    }

    private static void half(double[] a, double[] b, int count) {
        for (int j = 0; j < count; j++) {
            a[j] = (a[j] + b[j]) / 2;
        }
    }

    /** Equal numbers stay what they are. */
    private static void mean(double[] a, double[] b, double shareOfB, int count) {
        for (int j = 0; j < count; j++) {
            a[j] += (b[j] - a[j]) * shareOfB;
        }
    }

    /** The distance of the union of a and b from a cluster c; at least FAR where one of them is no more. */
    private double updated(double ac, double bc, double a, double b, double ab, double c) {
        return switch (linkage) {
            case SINGLE -> Math.min(ac, bc);
            case COMPLETE -> Math.max(ac, bc);
            case AVERAGE -> (a * ac + b * bc) / (a + b);
            case WEIGHTED -> (ac + bc) / 2;
            case CENTROID -> ((a * ac + b * bc) - a * b * ab / (a + b)) / (a + b);
            case MEDIAN -> (ac + bc) / 2 - ab / 4;
            case WARD -> ((c + a) * ac + (c + b) * bc - c * ab) / (a + b + c);
        };
    }
}
