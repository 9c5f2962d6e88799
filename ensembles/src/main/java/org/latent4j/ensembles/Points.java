package org.latent4j.ensembles;

import org.latent4j.data.DataException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Points (n, p) of the user as Java arrays. */
public final class Points {
    private Points() {}

    /** Row by row, as floats; a copy. */
    public static float[] floats(INDArray points) {
        INDArray rows = points.castTo(DataType.FLOAT);
        // A view's buffer is its parent's, so it is copied first. asFloat() would copy one by one.
        INDArray own = rows == points || rows.ordering() != 'c' ? rows.dup('c') : rows;
        float[] values = new float[Math.toIntExact(points.length())];
        own.data().asNioFloat().get(values);
        return values;
    }

    /** Row by row, as doubles; a copy. */
    public static double[] doubles(INDArray points) {
        INDArray rows = points.castTo(DataType.DOUBLE);
        INDArray own = rows == points || rows.ordering() != 'c' ? rows.dup('c') : rows;
        double[] values = new double[Math.toIntExact(points.length())];
        own.data().asNioDouble().get(values);
        return values;
    }

    /** Some rows, each as often as it is named; a copy. */
    public static INDArray rows(INDArray points, int[] rows) {
        int p = (int) points.size(1);
        if (points.dataType() == DataType.DOUBLE) {
            double[] all = doubles(points);
            double[] chosen = new double[rows.length * p];
            for (int i = 0; i < rows.length; i++) {
                System.arraycopy(all, rows[i] * p, chosen, i * p, p);
            }
            return Nd4j.create(chosen, new long[] {rows.length, p}, DataType.DOUBLE);
        }
        float[] all = floats(points);
        float[] chosen = new float[rows.length * p];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(all, rows[i] * p, chosen, i * p, p);
        }
        return Nd4j.create(chosen, new long[] {rows.length, p}, 'c');
    }

    /** Fails unless points are (n, features). */
    public static void require(INDArray points, int features, String model) {
        if (points.rank() != 2 || points.size(1) != features) {
            throw new DataException(model + " learned from points of " + features + " features, but these are "
                    + (points.rank() == 2 ? "of " + points.size(1) : "an array of rank " + points.rank())
                    + "; give the same features in the same order");
        }
    }
}
