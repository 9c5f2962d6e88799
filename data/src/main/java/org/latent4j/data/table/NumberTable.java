package org.latent4j.data.table;

import java.util.List;
import java.util.Optional;

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
    public NumberTable {
        columns = List.copyOf(columns);
        categories = List.copyOf(categories);
    }

    public int rows() {
        return values.length / columns.size();
    }
}
