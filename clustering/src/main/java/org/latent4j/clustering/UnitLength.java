package org.latent4j.clustering;

import java.util.ArrayList;
import java.util.List;
import org.latent4j.data.DataException;

/** Points divided by their lengths, of which cosine distances are one minus products. */
final class UnitLength {
    private static final int MOST_PROBLEMS = 5;

    private UnitLength() {}

    /** Throws for points of length 0, which have no direction. */
    static Columns of(Points points) {
        Columns columns = points.columns();
        List<String> zeros = new ArrayList<>();
        for (int i = 0; i < columns.n(); i++) {
            double[] row = columns.row(i);
            double largest = 0;
            for (double value : row) {
                largest = Math.max(largest, Math.abs(value));
            }
            double squares = 0;
            for (double value : row) {
                squares += largest == 0 ? 0 : value / largest * (value / largest);
            }
            double length = largest * Math.sqrt(squares);
            if (length == 0 && zeros.size() < MOST_PROBLEMS) {
                zeros.add(String.valueOf(i + 1));
            }
            for (int f = 0; f < row.length; f++) {
                columns.set(i, f, row[f] / length);
            }
        }
        if (!zeros.isEmpty()) {
            throw new DataException("cosine distance needs a direction, but all values are 0 in row "
                    + String.join(", ", zeros) + "; remove such rows or use another metric");
        }
        return columns;
    }
}
