package org.latent4j.compute.graph;

/**
 * One array of a graph.
 *
 * <p>Order in memory follows from the role: parameters and their gradients lie as DL4J keeps them; everything else lies row by row, and
 * images (N, C, H, W) with the channels last (N, H, W, C), which is what fast convolutions want. Values at the border (INPUT, OUTPUT) are
 * F32.
 *
 * @param id unique in its graph
 * @param name of the DL4J vertex or parameter it belongs to
 */
public record Value(int id, String name, Shape shape, DType type, Role role) {

    public Value as(DType newType) {
        return new Value(id, name, shape, newType, role);
    }

    public long bytes() {
        return shape.elements() * type.bytes();
    }

    @Override
    public String toString() {
        return name + "#" + id + " " + shape + " " + type;
    }
}
