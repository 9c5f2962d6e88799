package org.latent4j.gan.evaluate;

import java.util.stream.IntStream;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Samples to compare, read row by row: (count, features) floats that need not be in memory at once.
 *
 * <p>The reader must be safe for concurrent use. {@code ImageSet::readScaled} and {@code PointSet::read} are readers. Rows without samples
 * or features, values that are no whole number of rows, and values that are not finite throw {@link DataException}.
 */
public record Rows(int count, int features, Reader reader) {

    /** Writes row {@code index} to {@code out[at .. at + features)}. */
    @FunctionalInterface
    public interface Reader {
        void read(int index, float[] out, int at);
    }

    public Rows {
        if (count < 1 || features < 1) {
            throw new DataException(
                    "samples to compare need at least one row and one value, but are " + count + " x " + features);
        }
    }

    /** Rows held in memory: values (n, p). */
    public static Rows of(float[] values, int features) {
        if (features < 1 || values.length % features != 0) {
            throw new DataException(values.length + " values are no whole number of rows of " + features);
        }
        return new Rows(
                values.length / features,
                features,
                (index, out, at) -> System.arraycopy(values, index * features, out, at, features));
    }

    /** Some of the rows, in this order. */
    public Rows subset(int[] indices) {
        int[] chosen = indices.clone();
        return new Rows(chosen.length, features, (index, out, at) -> reader.read(chosen[index], out, at));
    }

    /** All rows as an array (count, features) of FLOAT. */
    public INDArray toArray() {
        return Nd4j.createFromArray(slice(0, count)).reshape(new long[] {count, features});
    }

    /** The rows of these indices, (indices, features). */
    float[] gather(int[] indices) {
        float[] out = new float[Math.multiplyExact(indices.length, features)];
        IntStream.range(0, indices.length).parallel().forEach(i -> {
            reader.read(indices[i], out, i * features);
            for (int j = i * features; j < (i + 1) * features; j++) {
                if (!Float.isFinite(out[j])) {
                    throw new DataException("sample " + indices[i] + " holds " + out[j] + " at value "
                            + (j - i * features) + "; only finite values can be compared");
                }
            }
        });
        return out;
    }

    /** The rows from .. to - 1. */
    float[] slice(int from, int to) {
        return gather(IntStream.range(from, to).toArray());
    }

    void checkFeatures(Rows other) {
        if (features != other.features) {
            throw new DataException("samples of " + features + " and of " + other.features
                    + " values can't be compared; give both the same size and channels");
        }
    }
}
