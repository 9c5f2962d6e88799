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
            double largest = 0;
            for (double[] column : columns.values()) {
                largest = Math.max(largest, Math.abs(column[i]));
            }
            double squares = 0;
            for (double[] column : columns.values()) {
                squares += largest == 0 ? 0 : column[i] / largest * (column[i] / largest);
            }
            double length = largest * Math.sqrt(squares);
            if (length == 0 && zeros.size() < MOST_PROBLEMS) {
                zeros.add(String.valueOf(i + 1));
            }
            for (double[] column : columns.values()) {
                column[i] /= length;
            }
        }
        if (!zeros.isEmpty()) {
            throw new DataException("cosine distance needs a direction, but all values are 0 in row "
                    + String.join(", ", zeros) + "; remove such rows or use another metric");
        }
        return columns;
    }
}
