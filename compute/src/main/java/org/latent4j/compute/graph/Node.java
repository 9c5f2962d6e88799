package org.latent4j.compute.graph;

import java.util.List;
import java.util.function.UnaryOperator;

/** One operation of a graph with the values it reads and writes. */
public record Node(Op op, List<Value> inputs, List<Value> outputs) {

    public Node {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    public Value input(int index) {
        return inputs.get(index);
    }

    public Value output(int index) {
        return outputs.get(index);
    }

    public double flops() {
        return op.flops(inputs, outputs);
    }

    /** Bytes that must be read or written at least once. */
    public long bytes() {
        return inputs.stream().mapToLong(Value::bytes).sum()
                + outputs.stream().mapToLong(Value::bytes).sum();
    }

    Node map(UnaryOperator<Value> change) {
        return new Node(
                op,
                inputs.stream().map(change).toList(),
                outputs.stream().map(change).toList());
    }

    @Override
    public String toString() {
        return op.title() + " " + inputs + " -> " + outputs;
    }
}
