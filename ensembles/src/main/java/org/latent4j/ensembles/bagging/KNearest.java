package org.latent4j.ensembles.bagging;

import org.latent4j.compute.Matrix;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.latent4j.ensembles.Learner;
import org.latent4j.ensembles.Model;
import org.latent4j.ensembles.Points;
import org.latent4j.ensembles.Samples;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The k nearest points in Euclidean distance: the shares of their classes, or the mean of their numbers.
 *
 * <p>Throws {@link DataException} for a k below 1 or above the number of points.
 *
 * <p>Source: Cover and Hart, "Nearest neighbor pattern classification", IEEE Trans. Inf. Theory 13 (1967) 21.
 */
public record KNearest(int k, Samples samples, Primitives primitives) implements Model {

    /** Keeps the points and asks a backend for neighbours. */
    public static Learner<KNearest> learner(int k, Primitives primitives) {
        return (samples, seed) -> {
            if (k < 1 || k > samples.size()) {
                throw new DataException("k must be 1 ... " + samples.size() + ", the number of points, but is " + k);
            }
            return new KNearest(k, samples, primitives);
        };
    }

    @Override
    public int features() {
        return samples.features();
    }

    @Override
    public int outputs() {
        return samples.outputs();
    }

    @Override
    public INDArray predict(INDArray points) {
        Points.require(points, features(), "these neighbours");
        int n = (int) points.size(0);
        double[] out = new double[n * outputs()];
        INDArray own = samples.points().castTo(DataType.FLOAT);
        try (Matrix known = primitives.matrix(own);
                Matrix queries = primitives.matrix(points.castTo(DataType.FLOAT))) {
            int[] nearest = primitives.neighbours(known, queries, k).indices();
            for (int i = 0; i < n * k; i++) {
                int row = i / k;
                if (samples.classified()) {
                    out[row * outputs() + samples.labels()[nearest[i]]] += 1.0 / k;
                } else {
                    out[row] += samples.values()[nearest[i]] / k;
                }
            }
        }
        return Nd4j.create(out, new long[] {n, outputs()}, DataType.DOUBLE);
    }
}
