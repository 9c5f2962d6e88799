package org.latent4j.compute.cpu;

import org.latent4j.compute.SquaredDistance;
import org.nd4j.linalg.api.buffer.DataType;

/** The squared distance of each point from the centre of its label. */
final class OwnDistances {
    private static final int TOGETHER = 512;

    private final Points points;
    private final double[][] centres;
    private final int[] labels;
    private final double[] squared;

    private OwnDistances(Points points, double[][] centres, int[] labels, double[] squared) {
        this.points = points;
        this.centres = centres;
        this.labels = labels;
        this.squared = squared;
    }

    static void measure(Points points, double[][] centres, int[] labels, double[] squared, Team team) {
        OwnDistances distances = new OwnDistances(points, centres, labels, squared);
        int blocks = (labels.length + TOGETHER - 1) / TOGETHER;
        team.share(blocks, points.rows() * points.columns(), (first, end) -> {
            Points.Buffer buffer = new Points.Buffer();
            for (int block = first; block < end; block++) {
                int from = block * TOGETHER;
                distances.measure(from, Math.min(TOGETHER, labels.length - from), buffer);
            }
        });
    }

    /** Sums of four points side by side: each waits for its own last addition only. */
    private void measure(int from, int count, Points.Buffer buffer) {
        boolean floats = points.type() == DataType.FLOAT;
        if (floats) {
            points.readFloats(from, count, buffer);
        } else {
            points.read(from, count, buffer);
        }
        int p = points.columns();
        double[][] own = new double[4][];
        int i = 0;
        for (; i + 4 <= count; i += 4) {
            for (int lane = 0; lane < 4; lane++) {
                own[lane] = centres[labels[from + i + lane]];
            }
            if (floats) {
                SquaredDistance.ofFour(buffer.floats, i * p, own, squared, from + i);
            } else {
                SquaredDistance.ofFour(buffer.doubles, i * p, own, squared, from + i);
            }
        }
        for (; i < count; i++) {
            points.read(from + i, 1, buffer);
            squared[from + i] = SquaredDistance.of(buffer.doubles, 0, centres[labels[from + i]]);
        }
    }
}
