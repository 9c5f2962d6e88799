package org.latent4j.compute.cpu;

import org.latent4j.compute.Metric;
import org.latent4j.compute.Primitives.Neighbours;

/**
 * The nearest points of each query: tiles of distances pass by heaps of the nearest found so far; of much work, {@link ScreenedNeighbours} do.
 */
final class NearestNeighbours {
    private static final int TOGETHER = 32;

    private final Points points;
    private final Points queries;
    private final int k;
    private final int[] indices;
    private final double[] distances;

    NearestNeighbours(Points points, Points queries, int k) {
        this.points = points;
        this.queries = queries;
        this.k = k;
        this.indices = new int[Math.toIntExact(queries.rows() * k)];
        this.distances = new double[indices.length];
    }

    Neighbours run(Team team) {
        if (ScreenedNeighbours.pays(points, queries)) {
            new ScreenedNeighbours(points, queries, k, team).run(indices, distances, team);
            return new Neighbours(k, indices, distances);
        }
        DistanceTiles[] tiles = new DistanceTiles[team.workers()];
        Points.Buffer[] buffers = new Points.Buffer[team.workers()];
        int groups = (int) ((queries.rows() + TOGETHER - 1) / TOGETHER);
        team.run(groups, (group, worker) -> {
            if (tiles[worker] == null) {
                tiles[worker] = new DistanceTiles(Metric.SQUARED_EUCLIDEAN, points.columns());
                buffers[worker] = new Points.Buffer();
            }
            search(group * TOGETHER, tiles[worker], buffers[worker]);
        });
        return new Neighbours(k, indices, distances);
    }

    private void search(int from, DistanceTiles tile, Points.Buffer buffer) {
        int count = (int) Math.min(TOGETHER, queries.rows() - from);
        queries.read(from, count, buffer);
        LowestHeap[] heaps = new LowestHeap[count];
        for (int i = 0; i < count; i++) {
            heaps[i] = new LowestHeap(k);
        }
        for (long column = 0; column < points.rows(); column += DistanceTiles.WIDTH) {
            int columns = (int) Math.min(DistanceTiles.WIDTH, points.rows() - column);
            tile.columns(points, column, columns);
            for (int i = 0; i < count; i++) {
                double[] squared = tile.row(buffer.doubles, i * points.columns());
                for (int j = 0; j < columns; j++) {
                    heaps[i].offer(squared[j], (int) column + j);
                }
            }
        }
        for (int i = 0; i < count; i++) {
            heaps[i].drain(indices, distances, (from + i) * k);
            for (int j = 0; j < k; j++) {
                distances[(from + i) * k + j] = Math.sqrt(distances[(from + i) * k + j]);
            }
        }
    }
}
