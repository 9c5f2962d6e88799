package org.latent4j.ensembles;

import org.latent4j.data.DataException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.factory.Nd4j;

/** Points (n, p) of the user as Java arrays. */
public final class Points {
    private Points() {}

    /** Row by row, as floats; a copy. */
    public static float[] floats(INDArray points) {
        float[] values = new float[Math.toIntExact(points.length())];
        rowByRow(points.castTo(DataType.FLOAT)).data().asNioFloat().get(values); // asFloat() would copy one by one
        return values;
    }

    /** Row by row, as doubles; a copy. */
    public static double[] doubles(INDArray points) {
        double[] values = new double[Math.toIntExact(points.length())];
        rowByRow(points.castTo(DataType.DOUBLE)).data().asNioDouble().get(values);
        return values;
    }

    /** An array whose buffer holds its numbers and no others, row by row: itself, or a copy of a view or of columns. */
    private static INDArray rowByRow(INDArray points) {
        boolean whole = points.offset() == 0
                && points.data().length() == points.length()
                && Shape.hasDefaultStridesForShape(points);
        return whole ? points : points.dup('c');
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
