package org.latent4j.compute.cuda;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;

/** Distances of n clusters to each other on a card, (n, n) DOUBLE, and what is brought there and back in each round of merges. */
final class DistanceMatrix implements AutoCloseable {
    private static final int ROW_BLOCKS = 64;

    private final Gpu gpu;
    private final int n;
    private final DeviceMemory matrix;
    private final DeviceMemory which;
    private final DeviceMemory groups;
    private final DeviceMemory nearest;
    private final DeviceMemory distances;
    private final DeviceMemory kept;
    private final DeviceMemory gone;
    private final DeviceMemory between;
    private final DeviceMemory sizes;
    private final DeviceMemory states;
    private final IntPointer ints;
    private final DoublePointer doubles;

    DistanceMatrix(Gpu gpu, int n) {
        this.gpu = gpu;
        this.n = n;
        this.matrix = new DeviceMemory(gpu, (long) Double.BYTES * n * n);
        this.which = ints(gpu, n);
        this.groups = ints(gpu, n);
        this.nearest = ints(gpu, n);
        this.kept = ints(gpu, n);
        this.gone = ints(gpu, n);
        this.states = ints(gpu, n);
        this.distances = doubles(gpu, n);
        this.between = doubles(gpu, n);
        this.sizes = doubles(gpu, n);
        this.ints = new IntPointer(n);
        this.doubles = new DoublePointer(n);
    }

    private static DeviceMemory ints(Gpu gpu, long count) {
        return new DeviceMemory(gpu, count * Integer.BYTES);
    }

    private static DeviceMemory doubles(Gpu gpu, long count) {
        return new DeviceMemory(gpu, count * Double.BYTES);
    }

    /** What a matrix of n clusters takes. */
    static long bytes(long n) {
        return Double.BYTES * n * n + 64 * n;
    }

    int n() {
        return n;
    }

    DeviceMemory memory() {
        return matrix;
    }

    /**
     * The nearest cluster of each of the first {@code count} that are listed, of another group.
     *
     * @param group of each cluster; negative for one that is gone
     * @param found receives them in the list's order, -1 for none
     */
    void nearest(int[] list, int count, int[] group, int[] found, double[] distance) {
        put(which, list, count);
        put(groups, group, n);
        gpu.launch(
                        KernelName.of("merges", "nearest_other"),
                        Grid.blocks(count),
                        new Arguments()
                                .at(Place.of(matrix))
                                .number(n)
                                .at(Place.of(which))
                                .integer(0)
                                .at(Place.of(groups))
                                .at(Place.of(nearest))
                                .at(Place.of(distances)))
                .run();
        gpu.download(ints.address(), nearest.address(), (long) count * Integer.BYTES);
        ints.get(found, 0, count);
        gpu.download(doubles.address(), distances.address(), (long) count * Double.BYTES);
        doubles.get(distance, 0, count);
    }

    /**
     * Makes rows and columns of kept clusters those of the merged ones.
     *
     * @param pairs so many of the clusters in {@code keptOnes} and {@code goneOnes}, {@code apart} from each other
     * @param size of each cluster before the merges
     * @param state of each cluster, as the kernels count them
     */
    void merge(int rule, int pairs, int[] keptOnes, int[] goneOnes, double[] apart, double[] size, int[] state) {
        put(kept, keptOnes, pairs);
        put(gone, goneOnes, pairs);
        put(states, state, n);
        put(between, apart, pairs);
        put(sizes, size, n);
        // The grid's second side is limited.
        int most = 1 << 15;
        for (int from = 0; from < pairs; from += most) {
            Grid rows = rows(Math.min(most, pairs - from));
            gpu.launch(
                            KernelName.of("merges", "merge_rows"),
                            rows,
                            pairArguments(from)
                                    .at(Place.of(sizes))
                                    .at(Place.of(states))
                                    .integer(rule))
                    .run();
        }
        if (pairs > 1) {
            gpu.launch(
                            KernelName.of("merges", "merge_pairs"),
                            Grid.over((long) pairs * pairs),
                            pairArguments(0).at(Place.of(sizes)).number(pairs).integer(rule))
                    .run();
        }
        for (int from = 0; from < pairs; from += most) {
            gpu.launch(
                            KernelName.of("merges", "merge_columns"),
                            rows(Math.min(most, pairs - from)),
                            new Arguments()
                                    .at(Place.of(matrix))
                                    .number(n)
                                    .at(Place.of(kept).plus((long) from * Integer.BYTES))
                                    .at(Place.of(states)))
                    .run();
        }
    }

    private Grid rows(int pairs) {
        int blocks = (int) Math.min(ROW_BLOCKS, (n + Grid.THREADS - 1L) / Grid.THREADS);
        return Grid.tiles(blocks, pairs, Grid.THREADS, 1);
    }

    private Arguments pairArguments(int from) {
        return new Arguments()
                .at(Place.of(matrix))
                .number(n)
                .at(Place.of(kept).plus((long) from * Integer.BYTES))
                .at(Place.of(gone).plus((long) from * Integer.BYTES))
                .at(Place.of(between).plus((long) from * Double.BYTES));
    }

    private void put(DeviceMemory to, int[] numbers, int count) {
        ints.put(numbers, 0, count);
        put(to, ints, (long) count * Integer.BYTES);
    }

    private void put(DeviceMemory to, double[] numbers, int count) {
        doubles.put(numbers, 0, count);
        put(to, doubles, (long) count * Double.BYTES);
    }

    private void put(DeviceMemory to, Pointer host, long bytes) {
        gpu.upload(to.address(), host.address(), bytes);
    }

    @Override
    public void close() {
        for (DeviceMemory memory :
                new DeviceMemory[] {matrix, which, groups, nearest, distances, kept, gone, between, sizes, states}) {
            memory.close();
        }
        ints.close();
        doubles.close();
    }
}
