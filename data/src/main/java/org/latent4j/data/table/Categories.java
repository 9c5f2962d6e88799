package org.latent4j.data.table;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The names in one column, numbered as they come, and by their order in the end. */
final class Categories {
    private final Map<String, Integer> numbers = new HashMap<>();

    double number(String name) {
        return numbers.computeIfAbsent(name, key -> numbers.size());
    }

    /** Sorted: as numbers where all of them are whole numbers. */
    List<String> names() {
        boolean whole = numbers.keySet().stream().allMatch(name -> name.matches("-?\\d{1,15}"));
        if (!whole) {
            return List.copyOf(new TreeSet<>(numbers.keySet()));
        }
        List<String> names = new ArrayList<>(numbers.keySet());
        names.sort(Comparator.<String>comparingLong(Long::parseLong).thenComparing(Comparator.naturalOrder()));
        return names;
    }

    /** Changes a column of values (n, p) from the numbers that it was read with to those of the sorted names. */
    void sort(double[] values, int column, int columns) {
        List<String> names = names();
        double[] sorted = new double[names.size()];
        for (int i = 0; i < sorted.length; i++) {
            sorted[numbers.get(names.get(i))] = i;
        }
        for (int i = column; i < values.length; i += columns) {
            values[i] = Double.isNaN(values[i]) ? Double.NaN : sorted[(int) values[i]];
        }
    }

    /** Of each feature, changed so. */
    static List<List<String>> sort(Columns columns, Map<Integer, Categories> categories, double[] values) {
        List<List<String>> names = new ArrayList<>();
        for (int f = 0; f < columns.features().size(); f++) {
            Categories own = categories.get(columns.features().get(f));
            if (own != null) {
                own.sort(values, f, columns.features().size());
            }
            names.add(own == null ? List.of() : own.names());
        }
        return names;
    }

    static Map<Integer, Categories> of(Columns columns) {
        Map<Integer, Categories> categories = new HashMap<>();
        columns.categorical().forEach(c -> categories.put(c, new Categories()));
        return categories;
    }
}
