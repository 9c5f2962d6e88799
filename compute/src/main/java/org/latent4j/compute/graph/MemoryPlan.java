package org.latent4j.compute.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Places every value between the borders in one arena, so that values that are alive at the same time don't overlap.
 *
 * <p>A value lives from the node that writes it to the last one that reads it; an operation that may work in place writes over an input
 * that nobody reads later. Offsets and sizes are in bytes, multiples of {@value #ALIGNMENT}.
 *
 * <p>Source: greedy placement by first fit in order of execution.
 */
public final class MemoryPlan {
    static final int ALIGNMENT = 64;

    private record Block(long offset, long size, int lastUse) {
        long end() {
            return offset + size;
        }
    }

    private final Map<Integer, Long> offsets = new HashMap<>();
    private long arenaBytes;
    private long unsharedBytes;

    public MemoryPlan(Graph graph) {
        Map<Integer, Integer> lastUse = new HashMap<>();
        List<Node> nodes = graph.nodes();
        for (int i = 0; i < nodes.size(); i++) {
            for (Value value : nodes.get(i).inputs()) {
                lastUse.put(value.id(), i);
            }
            for (Value value : nodes.get(i).outputs()) {
                lastUse.merge(value.id(), i, Math::max);
            }
        }
        List<Block> alive = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            int now = i;
            alive.removeIf(block -> block.lastUse() < now);
            for (Value output : node.outputs()) {
                if (output.role() == Role.ACTIVATION) {
                    place(node, output, lastUse, now, alive);
                }
            }
        }
    }

    private void place(Node node, Value output, Map<Integer, Integer> lastUse, int now, List<Block> alive) {
        long size = (output.bytes() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        unsharedBytes += size;
        Value over = inPlace(node, output, lastUse, now);
        long offset;
        if (over != null) {
            offset = offsets.get(over.id());
            alive.removeIf(block -> block.offset() == offset);
        } else {
            offset = firstFit(size, alive);
        }
        offsets.put(output.id(), offset);
        int index = 0;
        while (index < alive.size() && alive.get(index).offset() < offset) {
            index++;
        }
        alive.add(index, new Block(offset, size, lastUse.get(output.id())));
        arenaBytes = Math.max(arenaBytes, offset + size);
    }

    /** The input that the output may overwrite, or null. */
    private static Value inPlace(Node node, Value output, Map<Integer, Integer> lastUse, int now) {
        if (!node.output(0).equals(output)) {
            return null;
        }
        Op op = node.op();
        int candidate = op instanceof Op.ActivateGradient
                ? 1
                : op instanceof Op.Activate
                                || op instanceof Op.Linear
                                || op instanceof Op.Binary
                                || op instanceof Op.Reshape
                        ? 0
                        : -1;
        if (candidate < 0) {
            return null;
        }
        Value input = node.input(candidate);
        boolean fits = input.role() == Role.ACTIVATION
                && input.type() == output.type()
                && lastUse.get(input.id()) == now
                && node.inputs().stream().filter(input::equals).count() == 1;
        boolean moves = op instanceof Op.Reshape
                && !(input.shape().orderFree() && output.shape().orderFree());
        return fits && !moves ? input : null;
    }

    private static long firstFit(long size, List<Block> alive) {
        long offset = 0;
        for (Block block : alive) {
            if (block.offset() - offset >= size) {
                break;
            }
            offset = Math.max(offset, block.end());
        }
        return offset;
    }

    public long offset(Value value) {
        return offsets.get(value.id());
    }

    /** Bytes of the arena. */
    public long arenaBytes() {
        return arenaBytes;
    }

    /** Bytes that the same values would take side by side. */
    public long unsharedBytes() {
        return unsharedBytes;
    }
}
