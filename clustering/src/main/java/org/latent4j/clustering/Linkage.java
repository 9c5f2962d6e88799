package org.latent4j.clustering;

/** The distance between two clusters, by which the closest pair is merged. */
public enum Linkage {
    /** The smallest distance of two points. */
    SINGLE,
    /** The largest distance of two points. */
    COMPLETE,
    /** The mean distance of two points (UPGMA). */
    AVERAGE,
    /** The mean of the distances from the two clusters that were merged last (WPGMA). */
    WEIGHTED,
    /** The distance of the means (UPGMC); heights may fall. */
    CENTROID,
    /** The distance of centres that lie halfway between the merged clusters' centres (WPGMC); heights may fall. */
    MEDIAN,
    /** The growth of the sum of squared distances to the means: (2 a b / (a + b))^(1/2) times the distance of means of a and b points. */
    WARD;

    /** Whether the definition needs means of points, and so Euclidean distance. */
    public boolean isEuclidean() {
        return this == CENTROID || this == MEDIAN || this == WARD;
    }

    /** Whether heights can be lower than those of the merges before. */
    public boolean canInvert() {
        return this == CENTROID || this == MEDIAN;
    }
}
