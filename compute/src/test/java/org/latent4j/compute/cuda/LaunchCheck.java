package org.latent4j.compute.cuda;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.IntToLongFunction;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.BytePointer;

/**
 * Launches on the emulated card, of which it checks some: those run again and again, their threads and blocks in another order each time
 * and watched for races, and must leave the same bits in the card's memory.
 */
final class LaunchCheck {
    /** How many launches of each kernel in each grid are checked. */
    private static final int LAUNCHES = Integer.getInteger("latent4j.test.checked.launches", 0);

    private static final int ORDERS = Integer.getInteger("latent4j.test.orders", 4);

    /** Launches with more threads, or more memory, are not checked: that would take minutes. */
    private static final long MOST_THREADS = 1 << 17;

    private static final long MOST_BYTES = 8L << 20;

    private final Map<String, Integer> launches = new HashMap<>();

    /**
     * Runs a kernel, checked if it is its turn.
     *
     * @param piece the piece of the card's memory that an address lies in, with its bytes, or null
     */
    void run(
            KernelName name, long function, Grid grid, Arguments arguments, LongFunction<Map.Entry<Long, Long>> piece) {
        if (LAUNCHES > 0) {
            long threads = (long) grid.x() * grid.y() * grid.z() * grid.threadsX() * grid.threadsY();
            NavigableMap<Long, Long> reached = reached(arguments, piece);
            long bytes = reached.values().stream().mapToLong(Long::longValue).sum();
            if (threads <= MOST_THREADS
                    && bytes <= MOST_BYTES
                    && launches.merge(name + " " + grid, 1, Integer::sum) <= LAUNCHES) {
                long watched = EmulatedKernels.get().watched(name);
                check(name + " in " + grid, order -> order == 0 ? watched : function, grid, arguments, reached, ORDERS);
                return;
            }
        }
        String problem = run(function, grid, 0, new TreeMap<>(), arguments);
        if (problem != null) {
            throw new AssertionError(name + " in " + grid + ": " + problem);
        }
    }

    /**
     * Runs a kernel several times from the same memory.
     *
     * @param function what runs it in an order: 0 is ascending, 1 descending, others are shuffles
     * @param memory addresses and bytes of all pieces that it may touch
     * @throws AssertionError if there is a race, or an order gives other bits
     */
    static void check(
            String name,
            IntToLongFunction function,
            Grid grid,
            Arguments arguments,
            NavigableMap<Long, Long> memory,
            int orders) {
        List<byte[]> before = read(memory);
        List<byte[]> expected = null;
        for (int order = 0; order < orders; order++) {
            int at = 0;
            for (long address : memory.keySet()) {
                try (BytePointer copy = new BytePointer(before.get(at++))) {
                    EmulatedKernels.copyBytes(address, copy.address(), copy.capacity());
                }
            }
            String problem = run(function.applyAsLong(order), grid, order, memory, arguments);
            if (problem != null) {
                throw new AssertionError(name + ": " + problem);
            }
            List<byte[]> after = read(memory);
            if (expected == null) {
                expected = after;
            }
            for (int i = 0; i < after.size(); i++) {
                int place = Arrays.mismatch(expected.get(i), after.get(i));
                if (place >= 0) {
                    throw new AssertionError(
                            name + ": other bits in order " + order + " than in ascending order, in byte " + place
                                    + " of memory " + i + " of " + memory.size());
                }
            }
        }
    }

    /** The pieces of memory that a launch has addresses of. */
    private static NavigableMap<Long, Long> reached(Arguments arguments, LongFunction<Map.Entry<Long, Long>> piece) {
        NavigableMap<Long, Long> reached = new TreeMap<>();
        for (Object value : arguments.values()) {
            Map.Entry<Long, Long> found = value instanceof Place place ? piece.apply(place.address()) : null;
            if (found != null) {
                reached.put(found.getKey(), found.getValue());
            }
        }
        return reached;
    }

    private static List<byte[]> read(NavigableMap<Long, Long> memory) {
        List<byte[]> read = new ArrayList<>();
        memory.forEach((address, bytes) -> {
            byte[] copy = new byte[Math.toIntExact(bytes)];
            try (BytePointer host = new BytePointer(copy.length)) {
                EmulatedKernels.copyBytes(host.address(), address, copy.length);
                host.get(copy);
            }
            read.add(copy);
        });
        return read;
    }

    private static String run(
            long function, Grid grid, int order, NavigableMap<Long, Long> memory, Arguments arguments) {
        long[] pieces = memory.entrySet().stream()
                .flatMapToLong(piece -> LongStream.of(piece.getKey(), piece.getValue()))
                .toArray();
        int[] numbers = {grid.x(), grid.y(), grid.z(), grid.threadsX(), grid.threadsY(), order, memory.size()};
        String problem = EmulatedKernels.run(
                function, numbers, pieces, arguments.pointers().address());
        Reference.reachabilityFence(arguments);
        return problem;
    }
}
