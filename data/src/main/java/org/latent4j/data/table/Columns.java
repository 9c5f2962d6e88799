package org.latent4j.data.table;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.latent4j.data.DataException;

/**
 * Which columns of a file are features, which one is the target, and which are left out.
 *
 * @param names of all columns of the file
 * @param target index of the target, or -1
 * @param features indices of the features, ascending
 * @param categorical indices of those features whose cells are names
 */
record Columns(List<String> names, int target, List<Integer> features, Set<Integer> categorical) {

    static Columns of(Path file, List<String> names, TableOptions options) {
        int target = options.target()
                .map(wanted -> index(file, names, wanted, "the target"))
                .orElse(-1);
        List<Integer> ignored = options.ignored().stream()
                .map(wanted -> index(file, names, wanted, "--ignore"))
                .toList();
        if (ignored.contains(target)) {
            throw new DataException(
                    file + ": column '" + names.get(target) + "' is the target and to be ignored; say one");
        }
        List<Integer> features = IntStream.range(0, names.size())
                .filter(c -> c != target && !ignored.contains(c))
                .boxed()
                .toList();
        if (features.isEmpty()) {
            throw new DataException(file + " has "
                    + (names.size() == 1
                            ? "one column, which is the target or ignored"
                            : names.size() + " columns, all of them the target or ignored")
                    + ": no features are left");
        }
        Set<Integer> categorical = new TreeSet<>();
        for (String wanted : options.categorical()) {
            int column = index(file, names, wanted, "--categorical");
            if (!features.contains(column)) {
                throw new DataException(file + ": column '" + names.get(column) + "' is "
                        + (column == target ? "the target" : "ignored") + ", so it can't be a feature of categories");
            }
            categorical.add(column);
        }
        return new Columns(names, target, features, categorical);
    }

    List<String> featureNames() {
        return features.stream().map(names::get).toList();
    }

    static List<String> numbered(int columns) {
        return IntStream.rangeClosed(1, columns).mapToObj(i -> "column " + i).toList();
    }

    /** A name goes before a number from 1. */
    private static int index(Path file, List<String> columns, String asked, String purpose) {
        String wanted = asked.strip();
        int index = columns.indexOf(wanted);
        if (index >= 0 && index != columns.lastIndexOf(wanted)) {
            throw new DataException(
                    file + " has several columns named '" + wanted + "'; give the number, from 1, for " + purpose);
        }
        if (index < 0 && wanted.matches("\\d{1,9}")) {
            index = Integer.parseInt(wanted) - 1;
        }
        if (index < 0 || index >= columns.size()) {
            throw new DataException(file + " has no column '" + wanted + "' for " + purpose + "; its " + columns.size()
                    + " columns are "
                    + (columns.size() <= 20 ? columns : new ArrayList<>(columns.subList(0, 20)) + " ...")
                    + ", or give a number from 1 to " + columns.size());
        }
        return index;
    }
}
