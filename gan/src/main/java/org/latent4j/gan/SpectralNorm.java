package org.latent4j.gan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.Philox;
import org.latent4j.compute.graph.Filters;
import org.latent4j.compute.graph.GameKernels;
import org.latent4j.compute.graph.Parameters;
import org.latent4j.compute.graph.Shape;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Spectral normalisation: the largest singular value of each layer's weights W, as a matrix of outputs by all that an output sees, is kept
 * at 1, so that the discriminator can't be steep.
 *
 * <p>The weights of the graph are the normalised ones, an ordinary DL4J network. A gradient G with respect to them becomes the gradient
 * through the normalisation, {@code G - <G, W> u v^T} with the singular vectors u and v, before the updater takes it; after the update W is
 * divided by its new singular value, which a few steps of the power method follow. What a resumed run needs besides the weights is u.
 *
 * <p>Throws {@link DataException} for networks that are not of 32-bit floats or have no weights.
 *
 * <p>Source: Miyato et al., "Spectral normalization for generative adversarial networks", ICLR 2018; there the weights in front of the
 * normalisation may grow, which makes later updates smaller; here they are normalised too.
 */
public final class SpectralNorm {
    private static final int FIRST_STEPS = 200;

    /** Ends of the names of weights; a separable convolution has two. */
    private static final List<String> WEIGHTS = List.of("_W", "_pW");

    /** After an update: one is usual, but falls behind where two directions are about as strong; they cost little beside the passes. */
    private static final int STEPS = 3;

    private final FloatPointer values;
    private final FloatPointer gradients;
    private final List<Weight> weights = new ArrayList<>();
    private final float[] w;
    private final float[] g;

    /** Weights (rows, columns) in the flat array, row after row. */
    private record Weight(String name, int offset, int rows, int columns, double[] u, double[] v) {}

    /** Normalises the weights of a network. */
    public SpectralNorm(ComputationGraph graph, long seed) {
        Parameters parameters = new Parameters(graph); // refuses other numbers than floats
        values = pointer(graph.params());
        gradients = pointer(graph.getFlattenedGradients());
        int largest = 0;
        for (String name : parameters.names()) {
            Parameters.Place place = parameters.place(name);
            Shape shape = place.shape();
            boolean slopes = shape.rank() == 3; // of a PReLULayer
            if (shape.rank() >= 2 && !slopes && WEIGHTS.stream().anyMatch(name::endsWith)) {
                int rows = rows(place);
                int elements = Math.toIntExact(shape.elements());
                weights.add(new Weight(
                        name,
                        Math.toIntExact(place.offset()),
                        rows,
                        elements / rows,
                        new double[rows],
                        new double[elements / rows]));
                largest = Math.max(largest, elements);
            }
        }
        if (weights.isEmpty()) {
            throw new DataException("--spectral-norm: the discriminator has no layer with weights; leave it out");
        }
        w = new float[largest];
        g = new float[largest];
        Philox random = new Philox(seed, Philox.Purpose.SPECTRAL, 0);
        for (Weight weight : weights) {
            read(values, weight, w);
            Arrays.setAll(weight.u, i -> random.nextGaussian());
            normalise(weight.u);
            divide(weight, follow(weight, FIRST_STEPS));
        }
    }

    /** Of the matrix that lies in the flat array row after row: outputs by what they see or, where it lies the other way round, its transpose. */
    private static int rows(Parameters.Place place) {
        if (place.shape().rank() == 5) {
            Filters filters = Filters.of(place.shape());
            long inputs = filters.inputs() * filters.height() * filters.width();
            return Math.toIntExact(place.strides().get(1) < place.strides().get(4) ? inputs : filters.allOutputs());
        }
        int outer = place.strides()
                .indexOf(place.strides().stream().max(Long::compare).orElseThrow());
        return Math.toIntExact(place.shape().size(outer));
    }

    private static FloatPointer pointer(INDArray flat) {
        return new FloatPointer(flat.data().pointer()).position(flat.offset());
    }

    /** The same on a device, which this object then only keeps what is resumed for: {@code get} before {@link #directions}, {@code put} after {@link #resume}. */
    public GameKernels.SpectralKernels on(GameKernels kernels, Parameters parameters) {
        return kernels.spectral(
                parameters,
                weights.stream()
                        .map(weight -> new GameKernels.Normed(weight.offset, weight.rows, weight.columns, weight.u))
                        .toList(),
                STEPS);
    }

    /** Turns the flat gradient into the one through the normalisation. */
    public void beforeUpdate() {
        for (Weight weight : weights) {
            read(values, weight, w);
            read(gradients, weight, g);
            pull(weight);
            double along = 0;
            for (int i = 0; i < weight.rows * weight.columns; i++) {
                along += (double) g[i] * w[i];
            }
            for (int row = 0, i = 0; row < weight.rows; row++) {
                double factor = along * weight.u[row];
                for (int column = 0; column < weight.columns; column++, i++) {
                    g[i] -= (float) (factor * weight.v[column]);
                }
            }
            gradients.getPointer(weight.offset).put(g, 0, weight.rows * weight.columns);
        }
    }

    /** Normalises the weights that an update has changed. */
    public void afterUpdate() {
        for (Weight weight : weights) {
            read(values, weight, w);
            divide(weight, follow(weight, STEPS));
        }
    }

    /** What a resumed run needs: u of each weight by its name. */
    public Map<String, double[]> directions() {
        Map<String, double[]> directions = new LinkedHashMap<>();
        weights.forEach(weight -> directions.put(weight.name, weight.u.clone()));
        return directions;
    }

    /** Goes on from where {@link #directions} were taken; the weights are those of that moment. */
    public void resume(Map<String, double[]> directions) {
        for (Weight weight : weights) {
            double[] u = directions == null ? null : directions.get(weight.name);
            if (u == null || u.length != weight.rows) {
                throw new DataException(
                        "spectral norm: there is no direction of " + weight.rows + " numbers for " + weight.name);
            }
            System.arraycopy(u, 0, weight.u, 0, u.length);
        }
    }

    /** Steps of the power method on the weights read; gives the singular value. */
    private double follow(Weight weight, int steps) {
        double sigma = 0;
        for (int step = 0; step < steps; step++) {
            pull(weight);
            for (int row = 0, i = 0; row < weight.rows; row++) {
                double sum = 0;
                for (int column = 0; column < weight.columns; column++, i++) {
                    sum += w[i] * weight.v[column];
                }
                weight.u[row] = sum;
            }
            sigma = normalise(weight.u);
        }
        return sigma;
    }

    /** v = W^T u / |W^T u|. */
    private void pull(Weight weight) {
        Arrays.fill(weight.v, 0);
        for (int row = 0, i = 0; row < weight.rows; row++) {
            double factor = weight.u[row];
            for (int column = 0; column < weight.columns; column++, i++) {
                weight.v[column] += factor * w[i];
            }
        }
        normalise(weight.v);
    }

    private void divide(Weight weight, double sigma) {
        if (!(sigma > 0) || !Double.isFinite(sigma)) {
            return; // all zeros, or about to be reported as not finite
        }
        for (int i = 0; i < weight.rows * weight.columns; i++) {
            w[i] = (float) (w[i] / sigma);
        }
        values.getPointer(weight.offset).put(w, 0, weight.rows * weight.columns);
    }

    private static void read(FloatPointer flat, Weight weight, float[] into) {
        flat.getPointer(weight.offset).get(into, 0, weight.rows * weight.columns);
    }

    private static double normalise(double[] vector) {
        double square = 0;
        for (double x : vector) {
            square += x * x;
        }
        double norm = Math.sqrt(square);
        for (int i = 0; i < vector.length && norm > 0; i++) {
            vector[i] /= norm;
        }
        return norm;
    }
}
