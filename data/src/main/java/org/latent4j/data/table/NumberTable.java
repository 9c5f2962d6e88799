package org.latent4j.data.table;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.latent4j.data.DataException;

/**
 * A table in double: for results that show the digits which a float has not.
 *
 * @param name of the file
 * @param columns p names of the features
 * @param values n * p features, row by row; as they are held
 * @param target the column to predict, if one was named
 * @param categories of each feature, the names that its values 0, 1, ... stand for; none where they are numbers
 */
public record NumberTable(
        String name,
        List<String> columns,
        double[] values,
        Optional<Table.Target> target,
        List<List<String>> categories) {
    private static final double MOST_OF_DEVIATION = 0.1;

    /** Of a double, relative, with room for some sums. */
    private static final double ROUNDING = 1e-12;

    public NumberTable {
        columns = List.copyOf(columns);
        categories = List.copyOf(categories);
    }

    public int rows() {
        return values.length / columns.size();
    }

    /**
     * The values as floats, row by row.
     *
     * <p>Throws {@link DataException} that names the columns whose numbers lie so close together, for their size, that floats can't tell them apart: steps
     * of floats are more than a tenth of the standard deviation. A column that is constant but for the rounding of doubles is let through.
     */
    public float[] floats() {
        int p = columns.size();
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        List<String> lost = new ArrayList<>();
        for (int f = 0; f < p; f++) {
            int column = f;
            DoubleSummaryStatistics known = column(column).summaryStatistics();
            double largest = Math.max(Math.abs(known.getMin()), Math.abs(known.getMax()));
            double mean = known.getAverage();
            double deviation = Math.sqrt(column(column)
                    .map(value -> (value - mean) * (value - mean))
                    .average()
                    .orElse(0));
            if (Math.ulp((float) largest) > MOST_OF_DEVIATION * deviation && deviation > ROUNDING * largest) {
                lost.add(String.format(
                        Locale.ROOT, "'%s' (around %.6g, standard deviation %.3g)", columns.get(f), mean, deviation));
            }
        }
        if (!lost.isEmpty()) {
            throw new DataException(name
                    + ": in floats, in which this is computed, these columns would lose what they tell: "
                    + String.join(", ", lost) + "; subtract a constant from them first, or leave them out by --ignore");
        }
        return floats;
    }

    /** Those that are there. */
    private DoubleStream column(int f) {
        int p = columns.size();
        return IntStream.range(0, rows()).mapToDouble(i -> values[i * p + f]).filter(Double::isFinite);
    }
}
