package org.latent4j.reduction;

import java.util.ArrayList;
import java.util.List;
import org.latent4j.compute.FiniteNumbers;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Refuses points with numbers that are not finite, by row and column: such a point is near to nothing, and would be left out silently. */
public final class FinitePoints {
    private static final int PLACES_NAMED = 10;

    private FinitePoints() {}

    /**
     * Throws {@link DataException} where a number is not finite.
     *
     * @param points (n, p)
     * @param name of the points, for the message
     */
    public static void require(INDArray points, String name) {
        if (points.dataType().isIntType() || FiniteNumbers.all(points)) {
            return;
        }
        try (INDArray exact = points.castTo(DataType.DOUBLE).dup('c')) {
            refuse(exact.toDoubleMatrix(), name);
        }
    }

    private static void refuse(double[][] rows, String name) {
        List<String> places = new ArrayList<>();
        long count = 0;
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < rows[i].length; j++) {
                if (!Double.isFinite(rows[i][j]) && count++ < PLACES_NAMED) {
                    places.add("row " + (i + 1) + ", column " + (j + 1) + ": " + rows[i][j]);
                }
            }
        }
        if (count > 0) {
            throw new DataException(name + ": " + (count == 1 ? "a number is" : count + " numbers are")
                    + " not finite: " + String.join("; ", places)
                    + (count > PLACES_NAMED ? "; and " + (count - PLACES_NAMED) + " more" : "")
                    + "; remove or replace such rows");
        }
    }
}
