package org.latent4j.compute.graph;

/**
 * The sizes of a convolution's weights: (K, C, h, w), or in G groups (G, K / G, C / G, h, w), where each group of filters sees the channels of
 * its own group alone.
 *
 * <p>Throws {@link IllegalArgumentException} for shapes of other ranks.
 *
 * @param outputs filters of a group
 * @param inputs channels that a filter sees
 */
public record Filters(long groups, long outputs, long inputs, long height, long width) {

    public static Filters of(Shape weights) {
        return switch (weights.rank()) {
            case 4 -> new Filters(1, weights.size(0), weights.size(1), weights.size(2), weights.size(3));
            case 5 -> new Filters(weights.size(0), weights.size(1), weights.size(2), weights.size(3), weights.size(4));
            default ->
                throw new IllegalArgumentException(
                        "weights of a convolution are (K, C, h, w) or (G, K / G, C / G, h, w), but these are "
                                + weights);
        };
    }

    /** K, of all groups. */
    public long allOutputs() {
        return groups * outputs;
    }

    /** C, of all groups. */
    public long allInputs() {
        return groups * inputs;
    }
}
