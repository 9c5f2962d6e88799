package org.latent4j.clustering;

import org.latent4j.compute.Device;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Points for tests. */
final class Clouds {
    private Clouds() {}

    static Primitives primitives(Device.Kind kind) {
        return Devices.primitives(new Device(kind, 0));
    }

    static Primitives primitives() {
        return primitives(Device.Kind.CPU);
    }

    static INDArray array(double[]... rows) {
        return Nd4j.createFromArray(rows);
    }

    static INDArray floats(INDArray x) {
        return x.castTo(DataType.FLOAT);
    }

    /** Row i, column j: sin(1 + 3i + 7j) * (1 + i mod 3) * 5; the same formula made the foreign numbers. */
    static double[][] waves(int n, int p) {
        double[][] rows = new double[n][p];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < p; j++) {
                rows[i][j] = Math.sin(1 + i * 3 + j * 7) * (1 + i % 3) * 5;
            }
        }
        return rows;
    }

    static double[][] normal(int n, int p, long seed) {
        Philox random = new Philox(seed, Philox.Purpose.SYNTHETIC, 0);
        double[][] rows = new double[n][p];
        for (double[] row : rows) {
            for (int j = 0; j < p; j++) {
                row[j] = random.nextGaussian();
            }
        }
        return rows;
    }

    /** k blobs of width 1, their means 10 apart along the axes in turn; point i belongs to blob i mod k. */
    static double[][] blobs(int n, int p, int k, long seed) {
        double[][] rows = normal(n, p, seed);
        for (int i = 0; i < n; i++) {
            int blob = i % k;
            rows[i][blob % p] += 10 * (1 + blob / p);
        }
        return rows;
    }

    /** Points on a coarse grid: many ties. */
    static double[][] grid(int n, int p, int side, long seed) {
        Philox random = new Philox(seed, Philox.Purpose.SYNTHETIC, 1);
        double[][] rows = new double[n][p];
        for (double[] row : rows) {
            for (int j = 0; j < p; j++) {
                row[j] = random.nextInt(side);
            }
        }
        return rows;
    }
}
