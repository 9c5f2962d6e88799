package org.latent4j.compute.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A pass that makes activations and gradients with respect to them {@link DType#BF16}. Numbers at borders, parameters and their gradients,
 * and statistics stay F32; copies convert where a border meets an operation that reads or writes one type only.
 */
final class LowerPrecision {
    private final List<Node> nodes = new ArrayList<>();
    private final Map<Integer, Value> lowered = new HashMap<>();
    private final Set<Integer> exact = new HashSet<>();
    private int nextId;

    private LowerPrecision(Graph graph) {
        nextId = 1 + graph.values().mapToInt(Value::id).max().orElse(0);
    }

    static Graph apply(Graph graph) {
        LowerPrecision pass = new LowerPrecision(graph);
        int forward = 0;
        for (int i = 0; i < graph.nodes().size(); i++) {
            pass.lower(graph.nodes().get(i));
            if (i + 1 == graph.forwardNodes()) {
                forward = pass.nodes.size();
            }
        }
        return new Graph(pass.nodes, forward);
    }

    private void lower(Node node) {
        List<Value> inputs = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            Value input = node.input(i);
            boolean lowers = isData(node.op(), i) && input.role() != Role.PARAM;
            inputs.add(lowers ? lowered(input) : exact(input));
        }
        List<Value> outputs = new ArrayList<>();
        Value border = null;
        for (int i = 0; i < node.outputs().size(); i++) {
            Value output = node.output(i);
            boolean statistic = i > 0 || !computesData(node.op());
            if (statistic
                    || output.role() == Role.PARAM_GRADIENT
                    || output.role() == Role.OUTPUT && sumsInF32(node.op())) {
                outputs.add(output);
                exact.add(output.id());
            } else if (output.role() == Role.ACTIVATION) {
                outputs.add(lowered(output));
            } else {
                border = output;
                outputs.add(fresh(output));
                lowered.put(output.id(), outputs.get(0));
            }
        }
        nodes.add(new Node(node.op(), inputs, outputs));
        if (border != null) {
            nodes.add(new Node(new Op.Copy(), List.of(outputs.get(0)), List.of(border)));
        }
    }

    private Value fresh(Value border) {
        return new Value(nextId++, border.name(), border.shape(), DType.BF16, Role.ACTIVATION);
    }

    /** The value in 16 bits: a border is converted where it is first read. */
    private Value lowered(Value value) {
        Value known = lowered.get(value.id());
        if (known != null) {
            return known;
        }
        if (value.role() == Role.ACTIVATION && value.type() == DType.F32 && !exact.contains(value.id())) {
            Value result = value.as(DType.BF16);
            lowered.put(value.id(), result);
            return result;
        }
        if (value.type() != DType.F32) {
            return value;
        }
        Value copy = fresh(value);
        nodes.add(new Node(new Op.Copy(), List.of(value), List.of(copy)));
        lowered.put(value.id(), copy);
        return copy;
    }

    /** The value in 32 bits, for an operation that knows no others. */
    private Value exact(Value value) {
        Value low = lowered.get(value.id());
        if (low == null || value.role() != Role.ACTIVATION || exact.contains(value.id())) {
            return value;
        }
        Value copy = new Value(nextId++, value.name(), value.shape(), DType.F32, Role.ACTIVATION);
        nodes.add(new Node(new Op.Copy(), List.of(low), List.of(copy)));
        return copy;
    }

    /** Whether an operation computes in F32 whatever its operands are, and can store its results so. */
    private static boolean sumsInF32(Op op) {
        return op instanceof Op.Conv || op instanceof Op.ConvData || op instanceof Op.MatMul;
    }

    /** Whether an input is an activation or a gradient with respect to one, and no statistic, scale or shift. */
    private static boolean isData(Op op, int index) {
        if (op instanceof Op.BatchNorm || op instanceof Op.BatchNormInference) {
            return index == 0;
        }
        if (op instanceof Op.BatchNormGradient) {
            return index == 0 || index == 5;
        }
        if (op instanceof Op.ScaleSamples) {
            return index != 1;
        }
        if (op instanceof Op.ChannelSum || op instanceof Op.Scale || op instanceof Op.SumTo) {
            return index == 0;
        }
        if (op instanceof Op.Conv || op instanceof Op.ConvData || op instanceof Op.MatMul) {
            return index < 2;
        }
        return computesData(op) || op instanceof Op.ConvWeights;
    }

    /** Whether an operation's first result is an activation or a gradient with respect to one. */
    private static boolean computesData(Op op) {
        return !(op instanceof Op.ConvWeights
                || op instanceof Op.ChannelSum
                || op instanceof Op.SumTo
                || op instanceof Op.RunningMoments
                || op instanceof Op.VarianceFromLog10
                || op instanceof Op.Fill
                || op.draws()
                || op instanceof Op.Lookup
                || op instanceof Op.LookupGradient
                || op instanceof Op.Normalize
                || op instanceof Op.NormalizeGradient
                || op instanceof Op.LayerNorm
                || op instanceof Op.LayerNormGradient
                || op instanceof Op.AbsolutePower
                || op instanceof Op.AbsolutePowerGradient
                || op instanceof Op.Fourier
                || op instanceof Op.FourierGradient
                || op instanceof Op.FourierTangent
                || op instanceof Op.MaximumTangent
                || op instanceof Op.PenaltyStart
                || op instanceof Op.Loss);
    }
}
