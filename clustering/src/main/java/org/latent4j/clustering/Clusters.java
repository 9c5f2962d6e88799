package org.latent4j.clustering;

/**
 * Clusters while they are merged, and their distances. A cluster is known by its lowest point; the cluster of points a &lt; b is a's after a
 * merge.
 *
 * <p>Distances are any growing function of the heights, for instance their squares.
 */
interface Clusters {
    int n();

    /** Finds the nearest and the second distance of clusters {@code which[from ... to - 1]}. Called from many threads at once. */
    void scan(int[] which, int from, int to, Neighbour found);

    /** Carries out merges of disjoint pairs kept[i] &lt; gone[i]; heights are their distances. */
    void merge(int[] kept, int[] gone, double[] heights);

    /** Of two clusters, the first just merged. */
    double distance(int merged, int other);

    /** A height from a distance. */
    double height(double distance);

    /** Where {@link #scan} puts what it finds, by cluster. */
    record Neighbour(int[] nearest, double[] distance, double[] second) {
        Neighbour(int n) {
            this(new int[n], new double[n], new double[n]);
        }

        /** Takes in more distances of a cluster: {@code distances[j]} is that from the one at place {@code at + j}; the first of equals wins. */
        void lower(int cluster, double[] distances, int count, int[] clusterAt, int at) {
            double next = second[cluster];
            double least = distance[cluster];
            int place = -1;
            for (int j = 0; j < count; j++) {
                double d = distances[j];
                if (d < next) {
                    if (d < least) {
                        next = least;
                        least = d;
                        place = j;
                    } else {
                        next = d;
                    }
                }
            }
            distance[cluster] = least;
            second[cluster] = next;
            if (place >= 0) {
                nearest[cluster] = clusterAt[at + place];
            }
        }
    }
}
