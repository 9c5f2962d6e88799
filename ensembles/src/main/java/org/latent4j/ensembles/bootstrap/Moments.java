package org.latent4j.ensembles.bootstrap;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The bootstrap of statistics that are functions of means: central moments, covariances, correlations, weighted means. All resamples come from
 * products of counts and data, see {@link Bootstrap#ofMeans}; replicates are right to about 1e-6 of the statistic's scale.
 *
 * <p>Throws {@link DataException} for NaN and infinite numbers, columns of different lengths, and, where a spread is taken, fewer than 2 points.
 */
public final class Moments {
    private final BootstrapOptions options;
    private final Primitives primitives;

    public Moments(BootstrapOptions options, Primitives primitives) {
        this.options = options;
        this.primitives = primitives;
    }

    /** sum (x - mean)^2 / (n - 1). */
    public BootstrapResult variance(double[] x) {
        Standard z = Standard.spread(x);
        double scale = z.unbiased() * z.scale * z.scale;
        return of(m -> scale * Math.max(0, m[1] - m[0] * m[0]), z.values, z.power(2));
    }

    /** Root of the variance. */
    public BootstrapResult deviation(double[] x) {
        Standard z = Standard.spread(x);
        double scale = Math.sqrt(z.unbiased()) * z.scale;
        return of(m -> scale * Math.sqrt(Math.max(0, m[1] - m[0] * m[0])), z.values, z.power(2));
    }

    /** Third central moment by the 1.5th power of the second, both means over n; not finite on resamples that do not vary. */
    public BootstrapResult skewness(double[] x) {
        Standard z = Standard.spread(x);
        return of(
                m -> (m[2] - 3 * m[0] * m[1] + 2 * m[0] * m[0] * m[0]) / Math.pow(m[1] - m[0] * m[0], 1.5),
                z.values,
                z.power(2),
                z.power(3));
    }

    /** sum (x - mean x)(y - mean y) / (n - 1), of pairs. */
    public BootstrapResult covariance(double[] x, double[] y) {
        Standard a = Standard.spread(x);
        Standard b = Standard.spread(y);
        requirePairs(x, y);
        double scale = a.unbiased() * a.scale * b.scale;
        return of(m -> scale * (m[2] - m[0] * m[1]), a.values, b.values, a.times(b));
    }

    /** Pearson's, of pairs; not finite on resamples where a column does not vary. */
    public BootstrapResult correlation(double[] x, double[] y) {
        Standard a = Standard.spread(x);
        Standard b = Standard.spread(y);
        requirePairs(x, y);
        return of(
                m -> (m[4] - m[0] * m[1]) / Math.sqrt((m[2] - m[0] * m[0]) * (m[3] - m[1] * m[1])),
                a.values,
                b.values,
                a.power(2),
                b.power(2),
                a.times(b));
    }

    /** sum w x / sum w; weights are drawn with their points. */
    public BootstrapResult weightedMean(double[] x, double[] weights) {
        Standard z = Standard.of(x);
        Standard.of(weights);
        requirePairs(x, weights);
        double[] products = z.values.clone();
        Arrays.setAll(products, i -> products[i] * weights[i]);
        return of(m -> z.mean + z.scale * m[0] / m[1], products, weights);
    }

    private static void requirePairs(double[] x, double[] y) {
        if (x.length != y.length) {
            throw new DataException("pairs need as many numbers of the one as of the other, but there are " + x.length
                    + " and " + y.length);
        }
    }

    private BootstrapResult of(ToDoubleFunction<double[]> function, double[]... columns) {
        INDArray data = Nd4j.create(DataType.DOUBLE, new long[] {columns[0].length, columns.length}, 'c');
        for (int j = 0; j < columns.length; j++) {
            for (int i = 0; i < columns[j].length; i++) {
                data.putScalar(i, j, columns[j][i]);
            }
        }
        return Bootstrap.ofMeans(data, function, options, primitives);
    }

    /** Numbers less their mean, in units of their spread: what is multiplied in float keeps its digits. */
    private record Standard(double[] values, double mean, double scale) {

        static Standard of(double[] x) {
            Bootstrap.requirePoints(x.length);
            Bootstrap.requireFinite(x);
            double mean = Arrays.stream(x).average().orElseThrow();
            double spread =
                    Math.sqrt(Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum() / x.length);
            double scale = spread > 0 ? spread : 1;
            return new Standard(Arrays.stream(x).map(v -> (v - mean) / scale).toArray(), mean, scale);
        }

        static Standard spread(double[] x) {
            if (x.length == 1) {
                throw new DataException("one point has no spread; at least 2 are needed");
            }
            return of(x);
        }

        double unbiased() {
            return values.length / (values.length - 1.0);
        }

        double[] power(int exponent) {
            return Arrays.stream(values).map(v -> Math.pow(v, exponent)).toArray();
        }

        double[] times(Standard other) {
            double[] products = values.clone();
            Arrays.setAll(products, i -> products[i] * other.values[i]);
            return products;
        }
    }
}
