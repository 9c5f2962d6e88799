package org.latent4j.data.table;

import java.util.List;
import java.util.Optional;
import org.latent4j.data.PointSet;

/**
 * A table: features (n, p) and perhaps a target for each row, in the order of the file.
 *
 * <p>Arrays are as they are held: not copies.
 */
public record Table(PointSet features, Optional<Target> target) {

    /** The column to predict. */
    public sealed interface Target {
        String column();

        int size();
    }

    /** A target of numbers; numbers that stand for classes are numbers, too. */
    public record Values(String column, double[] values) implements Target {
        @Override
        public int size() {
            return values.length;
        }
    }

    /** A target of names: {@code labels[i]} is the index in {@code names}, which are sorted. */
    public record Classes(String column, int[] labels, List<String> names) implements Target {
        public Classes {
            names = List.copyOf(names);
        }

        @Override
        public int size() {
            return labels.length;
        }
    }
}
