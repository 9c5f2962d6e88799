package org.latent4j.compute;

/**
 * Sums by bin over subsets of rows: what trees that grow on quantised features ask of a backend.
 *
 * <p>Holds p columns of n codes 0 ... 255. A call takes any number of nodes, of one tree's level or of many trees, so that a device with many
 * lanes has work for all of them. Sums run in double in the order of a node's rows: the same bits at any number of threads. Calls may come
 * from several threads at once. Sizes and values are the caller's care, as the calls stand in the innermost loop of a forest.
 */
public interface Histograms extends AutoCloseable {
    /** Bins of each histogram. */
    int BINS = 256;

    /**
     * Nodes to count.
     *
     * @param rows row indices of all nodes; node i owns {@code rows[from[i] .. to[i])}
     * @param features node i is counted by features {@code features[i * each .. (i + 1) * each)}
     * @param each features of a node
     */
    record Nodes(int[] rows, int[] from, int[] to, int[] features, int each) {
        public int size() {
            return from.length;
        }
    }

    /**
     * Weight by class.
     *
     * @param labels n, 0 ... classes - 1
     * @param weights n
     * @param sums nodes * each * 256 * classes, overwritten: of node i, its feature j, bin b and class c at
     *     {@code ((i * each + j) * 256 + b) * classes + c}
     */
    void classSums(Nodes nodes, int[] labels, double[] weights, int classes, double[] sums);

    /**
     * Weight and weighted value.
     *
     * @param values n
     * @param weights n
     * @param sums nodes * each * 256 * 2, overwritten: of each bin the sum of weights and of weight times value
     */
    void valueSums(Nodes nodes, double[] values, double[] weights, double[] sums);

    /**
     * Number of rows.
     *
     * @param counts nodes * each * 256, overwritten
     */
    void counts(Nodes nodes, int[] counts);

    @Override
    default void close() {}
}
