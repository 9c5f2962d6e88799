package org.latent4j.compute.cpu;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.bytedeco.dnnl.memory;
import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Value;

/** What kernels make of a graph's values and later nodes read again, in memory of its own. */
final class KeptArrays {
    private final List<Node> nodes;
    private final Map<Integer, Integer> lastReaders = new HashMap<>(); // by value
    private final Map<String, Kept> kept = new LinkedHashMap<>();
    private final List<Array> spare = new ArrayList<>(); // in their first format, which says how much memory they have
    private long bytes;

    /**
     * Something kept.
     *
     * @param memory as it was allocated
     * @param returns whether others may have the memory after the value's last reader
     */
    private record Kept(Value value, String what, Array array, Array memory, boolean returns) {}

    KeptArrays(List<Node> nodes) {
        this.nodes = nodes;
        for (int i = 0; i < nodes.size(); i++) {
            for (Value value : nodes.get(i).inputs()) {
                lastReaders.put(value.id(), i);
            }
        }
    }

    private static String key(Value value, String what) {
        return value.id() + " " + what;
    }

    /** Null if nothing is kept of that name. */
    Array find(Value value, String what) {
        Kept known = kept.get(key(value, what));
        return known == null ? null : known.array();
    }

    /** Memory that nobody else ever has; zero at first. */
    Array add(Value value, String what, memory.desc format) {
        return add(value, what, format, CpuPlan.ofItsOwn(format), false);
    }

    /** Memory that others may have had, with what they left in it, and may have after the value's last reader. */
    Array addInTurn(Value value, String what, memory.desc format) {
        long size = format.get_size();
        Array memory = spare.stream()
                .filter(array -> array.desc().get_size() >= size)
                .min(Comparator.comparingLong(array -> array.desc().get_size()))
                .orElse(null);
        if (memory == null) {
            return add(value, what, format, CpuPlan.ofItsOwn(format), true);
        }
        spare.remove(memory);
        return put(value, what, memory.view(new memory.desc(format)), memory, true);
    }

    private Array add(Value value, String what, memory.desc format, Array memory, boolean returns) {
        bytes += format.get_size();
        return put(value, what, memory, memory, returns);
    }

    private Array put(Value value, String what, Array array, Array memory, boolean returns) {
        kept.put(key(value, what), new Kept(value, what, array, memory, returns));
        return array;
    }

    /** A node is prepared: what was kept for it alone can go. */
    void done(int node) {
        kept.values().removeIf(item -> {
            boolean goes =
                    item.returns() && lastReaders.getOrDefault(item.value().id(), nodes.size()) <= node;
            if (goes) {
                spare.add(item.memory());
            }
            return goes;
        });
    }

    /** Whether a convolution, or an adjoint of one, reads a value after a node. */
    boolean isConvolvedAfter(int node, Value value) {
        return nodes.stream()
                .skip(node + 1L)
                .anyMatch(later -> (later.op() instanceof Op.Conv
                                || later.op() instanceof Op.ConvData
                                || later.op() instanceof Op.ConvWeights)
                        && later.inputs().contains(value));
    }

    /** What of a value is kept so far. */
    String of(Value value) {
        return kept.values().stream()
                .filter(item -> item.value().equals(value))
                .map(Kept::what)
                .sorted()
                .collect(Collectors.joining(", "));
    }

    /** Of all memory. */
    long bytes() {
        return bytes;
    }
}
