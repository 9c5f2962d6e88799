package org.latent4j.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.latent4j.data.DataException;
import org.latent4j.data.Suggest;
import org.latent4j.data.table.NumberTable;
import org.latent4j.data.table.Table;

/** Columns of a table as numbers. */
record BootstrapColumns(NumberTable table, Path file) {

    /** Rows of two groups. */
    record Groups(String firstName, int[] first, String secondName, int[] second) {}

    List<String> names() {
        return table.columns();
    }

    String name(String asked) {
        return names().get(index(asked));
    }

    private int index(String asked) {
        int index = names().indexOf(asked);
        if (index < 0 && asked.matches("[0-9]{1,6}")) {
            index = Integer.parseInt(asked) - 1;
        }
        if (index < 0 || index >= names().size()) {
            throw new DataException(file + ": " + Suggest.unknown("column", asked, names()));
        }
        return index;
    }

    double[] of(String asked) {
        int p = names().size();
        int column = index(asked);
        double[] values = table.values();
        return IntStream.range(0, table.rows())
                .mapToDouble(i -> values[i * p + column])
                .toArray();
    }

    Groups groups() {
        Table.Target target = table.target().orElseThrow();
        List<String> names = target instanceof Table.Classes classes
                ? Arrays.stream(classes.labels()).mapToObj(classes.names()::get).toList()
                : Arrays.stream(((Table.Values) target).values())
                        .mapToObj(EnsembleOptions::name)
                        .toList();
        List<String> groups = names.stream().distinct().sorted().toList();
        if (groups.size() != 2) {
            throw new DataException("--by needs a column of two groups, but '" + target.column() + "' has "
                    + groups.size()
                    + (groups.size() > 2 ? ": " + groups.subList(0, Math.min(5, groups.size())) + " ..." : ""));
        }
        return new Groups(groups.get(0), rows(names, groups.get(0)), groups.get(1), rows(names, groups.get(1)));
    }

    private static int[] rows(List<String> names, String group) {
        return IntStream.range(0, names.size())
                .filter(i -> names.get(i).equals(group))
                .toArray();
    }
}
