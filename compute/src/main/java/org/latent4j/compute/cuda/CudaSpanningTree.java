package org.latent4j.compute.cuda;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.latent4j.compute.Primitives;

/**
 * The minimum spanning tree of points, whose edges are the merges of single linkage: in each step every tree of a forest is joined to its nearest
 * other tree. The card measures all distances anew in each step, tile by tile, and keeps none: O(n) memory.
 *
 * <p>Edges are ordered by length and then by their points, so that equally long ones make no rings.
 *
 * <p>Source: Boruvka (1926).
 */
final class CudaSpanningTree {
    /** Measures the distances of some points to all: (count, n). */
    interface Tile {
        void distances(long from, long count, DeviceMemory out);
    }

    private final Gpu gpu;
    private final int n;
    private final long tileRows;
    private final Tile tile;
    private final int[] tree; // by point: its tree's lowest point
    private final int[] nearest; // by point: of another tree
    private final double[] distance;
    private final int[] best; // by tree: the point that its shortest edge begins at, or -1
    private final int[] kept;
    private final int[] gone;
    private final double[] heights;
    private int edges;

    CudaSpanningTree(Gpu gpu, long n, long tileRows, Tile tile) {
        this.gpu = gpu;
        this.n = Math.toIntExact(n);
        this.tileRows = tileRows;
        this.tile = tile;
        this.tree = IntStream.range(0, this.n).toArray();
        this.nearest = new int[this.n];
        this.distance = new double[this.n];
        this.best = new int[this.n];
        this.kept = new int[this.n - 1];
        this.gone = new int[this.n - 1];
        this.heights = new double[this.n - 1];
    }

    Primitives.Merges merges() {
        try (DeviceMemory all = new DeviceMemory(gpu, Double.BYTES * tileRows * n);
                DeviceMemory groups = new DeviceMemory(gpu, (long) Integer.BYTES * n);
                DeviceMemory others = new DeviceMemory(gpu, (long) Integer.BYTES * n);
                DeviceMemory lengths = new DeviceMemory(gpu, (long) Double.BYTES * n);
                IntPointer ints = new IntPointer(n);
                DoublePointer doubles = new DoublePointer(n)) {
            while (edges < n - 1) {
                ints.put(tree, 0, n);
                gpu.upload(groups.address(), ints.address(), groups.bytes());
                for (long from = 0; from < n; from += tileRows) {
                    long count = Math.min(tileRows, n - from);
                    tile.distances(from, count, all);
                    gpu.launch(
                                    KernelName.of("merges", "nearest_other"),
                                    Grid.blocks(count),
                                    new Arguments()
                                            .at(Place.of(all))
                                            .number(n)
                                            .at(null)
                                            .integer(from)
                                            .at(Place.of(groups))
                                            .at(Place.of(others).plus(Integer.BYTES * from))
                                            .at(Place.of(lengths).plus(Double.BYTES * from)))
                            .run();
                }
                gpu.download(ints.address(), others.address(), others.bytes());
                ints.get(nearest, 0, n);
                gpu.download(doubles.address(), lengths.address(), lengths.bytes());
                doubles.get(distance, 0, n);
                join();
            }
        }
        return new Primitives.Merges(kept, gone, heights);
    }

    private void join() {
        Arrays.fill(best, -1);
        for (int i = 0; i < n; i++) {
            if (nearest[i] < 0) {
                throw new CudaException("distances are not numbers, so that nothing is near");
            }
            int own = tree[i];
            if (best[own] < 0 || compare(i, best[own]) < 0) {
                best[own] = i;
            }
        }
        IntStream.range(0, n)
                .filter(t -> best[t] >= 0)
                .map(t -> best[t])
                .boxed()
                .sorted(this::compare)
                .forEach(this::join);
        for (int i = 0; i < n; i++) {
            tree[i] = root(i);
        }
    }

    private void join(int point) {
        int a = root(point);
        int b = root(nearest[point]);
        if (a != b) {
            tree[Math.max(a, b)] = Math.min(a, b);
            kept[edges] = Math.min(point, nearest[point]);
            gone[edges] = Math.max(point, nearest[point]);
            heights[edges++] = distance[point];
        }
    }

    private int root(int i) {
        while (tree[i] != i) {
            tree[i] = tree[tree[i]];
            i = tree[i];
        }
        return i;
    }

    /** By the lengths of the points' edges, then by their lower points, then by their higher ones. */
    private int compare(int i, int j) {
        int order = Double.compare(distance[i], distance[j]);
        if (order == 0) {
            order = Integer.compare(Math.min(i, nearest[i]), Math.min(j, nearest[j]));
        }
        return order != 0 ? order : Integer.compare(Math.max(i, nearest[i]), Math.max(j, nearest[j]));
    }
}
