package org.latent4j.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.latent4j.data.DataException;
import org.latent4j.data.Suggest;
import org.latent4j.data.table.NumberTable;
import org.latent4j.data.table.Table;
import org.latent4j.data.table.Tables;
import org.latent4j.ensembles.Samples;
import org.latent4j.ensembles.tree.TreeOptions;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What commands of ensembles are told of tables with a target. */
final class EnsembleOptions {
    /** A target of so few whole numbers is taken for classes. */
    private static final int MOST_CLASSES = 20;

    /** What the target is. */
    enum Task {
        AUTO,
        CLASSES,
        NUMBERS
    }

    @Option(names = "--data", paramLabel = "T", required = true, description = "Table, CSV or NPY of shape (n, p).")
    Path data;

    @Mixin
    TableFormat format = new TableFormat();

    @Option(names = "--target", paramLabel = "COLUMN", description = "The column to predict, by name or number from 1.")
    String target;

    @Option(
            names = "--task",
            paramLabel = "auto|classes|numbers",
            defaultValue = "auto",
            description = "What the target is; auto takes text, and up to " + MOST_CLASSES
                    + " different whole numbers, for classes.")
    String task;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Decides every random number (default ${DEFAULT-VALUE}).")
    long seed;

    /**
     * Reads a table with or without a target.
     *
     * @param missing whether empty cells and NaN are features like others, as trees take them
     */
    NumberTable read(Path file, boolean missing) {
        return read(file, missing, List.of());
    }

    /** @param categorical features whose cells are names, by name or number from 1 */
    NumberTable read(Path file, boolean missing, List<String> categorical) {
        return Tables.readNumbers(
                file, format.options(file, target).withMissing(missing).withCategorical(categorical));
    }

    /** The same table with the numbers of categories as a model has learned them; NaN, which is unknown, for those that it has not seen. */
    static NumberTable renumbered(NumberTable table, List<List<String>> learned) {
        double[] values = table.values().clone();
        int p = table.columns().size();
        for (int f = 0; f < p; f++) {
            List<String> own = table.categories().get(f);
            double[] numbers = new double[own.size()];
            for (int c = 0; c < numbers.length; c++) {
                int number = learned.get(f).indexOf(own.get(c));
                numbers[c] = number < 0 ? Double.NaN : number;
            }
            for (int i = f; numbers.length > 0 && i < values.length; i += p) {
                values[i] = Double.isNaN(values[i]) ? Double.NaN : numbers[(int) values[i]];
            }
        }
        return new NumberTable(table.name(), table.columns(), values, table.target(), learned);
    }

    /** A feature's numbers; those of weights, which are no feature. */
    static double[] column(NumberTable table, String name) {
        int p = table.columns().size();
        int column = table.columns().indexOf(name);
        if (column < 0) {
            throw new DataException("--weights " + name + ": " + table.name() + " has no such column; its columns are "
                    + String.join(", ", table.columns()));
        }
        return IntStream.range(0, table.rows())
                .mapToDouble(i -> table.values()[i * p + column])
                .toArray();
    }

    /** The table without a feature. */
    static NumberTable without(NumberTable table, String name) {
        column(table, name);
        List<Integer> kept = IntStream.range(0, table.columns().size())
                .filter(f -> !table.columns().get(f).equals(name))
                .boxed()
                .toList();
        int p = table.columns().size();
        double[] values = IntStream.range(0, table.rows())
                .boxed()
                .flatMapToDouble(i -> kept.stream().mapToDouble(f -> table.values()[i * p + f]))
                .toArray();
        return new NumberTable(
                table.name(),
                kept.stream().map(table.columns()::get).toList(),
                values,
                table.target(),
                kept.stream().map(table.categories()::get).toList());
    }

    /** The points of a table. */
    static INDArray points(NumberTable table) {
        for (int f = 0; f < table.columns().size(); f++) {
            int count = table.categories().get(f).size();
            if (count > TreeOptions.MOST_BINS) {
                throw new DataException(
                        table.name() + ": column '" + table.columns().get(f) + "' has " + count
                                + " categories, but a tree takes at most " + TreeOptions.MOST_BINS
                                + "; leave it out by --ignore, or merge rare ones");
            }
        }
        float[] values = new float[table.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) table.values()[i];
            if (Float.isInfinite(values[i])) {
                throw new DataException(table.name() + ": " + table.values()[i] + " in row "
                        + (i / table.columns().size() + 1) + " is larger than a float holds; use another unit");
            }
        }
        return Nd4j.create(values, new long[] {table.rows(), table.columns().size()}, 'c');
    }

    /** The samples of a table with a target; says what the target was taken for. */
    Samples samples(NumberTable table, PrintWriter err) {
        Table.Target given = table.target()
                .orElseThrow(() -> new DataException("--target is missing: name the column to predict; the columns of "
                        + data + " are " + String.join(", ", table.columns())));
        table.floats(); // refuses columns of which floats, in which it is learned, keep nothing
        Task asked = Suggest.choice(Task.class, "--task", task);
        Table.Target taken = given;
        if (given instanceof Table.Values values) {
            boolean few = Arrays.stream(values.values()).allMatch(v -> v == Math.rint(v))
                    && Arrays.stream(values.values()).distinct().count() <= MOST_CLASSES;
            taken = asked == Task.CLASSES || asked == Task.AUTO && few ? classes(values) : values;
        } else if (asked == Task.NUMBERS) {
            throw new DataException("--task numbers: the target '" + given.column() + "' holds text");
        }
        Samples samples = new Samples(points(table), taken, null);
        err.println("data " + data + ": " + samples.size() + " points of " + samples.features() + " features; target '"
                + taken.column() + "': "
                + (taken instanceof Table.Classes classes ? classes.names().size() + " classes" : "numbers"));
        return samples;
    }

    private static Table.Classes classes(Table.Values values) {
        double[] distinct = Arrays.stream(values.values())
                .map(v -> v + 0.0)
                .distinct()
                .sorted()
                .toArray();
        int[] labels = Arrays.stream(values.values())
                .mapToInt(v -> Arrays.binarySearch(distinct, v + 0.0))
                .toArray();
        List<String> names = IntStream.range(0, distinct.length)
                .mapToObj(i -> name(distinct[i]))
                .toList();
        return new Table.Classes(values.column(), labels, names);
    }

    static String name(double value) {
        return value == (long) value ? Long.toString((long) value) : Double.toString(value);
    }

    /** The samples of another table, whose labels are those of a model's class names; none for numbers. */
    static Samples samples(NumberTable table, List<String> classNames) {
        Table.Target given = table.target().orElseThrow();
        if (classNames.isEmpty()) {
            if (!(given instanceof Table.Values)) {
                throw new DataException(
                        "the target '" + given.column() + "' holds text, but the model predicts numbers");
            }
            return new Samples(points(table), given, null);
        }
        List<String> own = given instanceof Table.Classes classes
                ? Arrays.stream(classes.labels()).mapToObj(classes.names()::get).toList()
                : Arrays.stream(((Table.Values) given).values())
                        .mapToObj(EnsembleOptions::name)
                        .toList();
        List<String> unknown = own.stream()
                .filter(name -> !classNames.contains(name))
                .distinct()
                .toList();
        if (!unknown.isEmpty()) {
            throw new DataException("the target '" + given.column() + "' holds " + unknown
                    + ", which are none of the model's classes " + classNames);
        }
        int[] labels = own.stream().mapToInt(classNames::indexOf).toArray();
        return new Samples(points(table), new Table.Classes(given.column(), labels, classNames), null);
    }

    /** Fails unless a table has the columns that a model learned from. */
    static void checkColumns(String model, List<String> learned, List<String> given) {
        if (learned.size() != given.size()) {
            List<String> more = new ArrayList<>(given);
            more.removeAll(learned);
            List<String> fewer = new ArrayList<>(learned);
            fewer.removeAll(given);
            throw new DataException("the " + model + " learned from " + learned.size() + " features, but the table has "
                    + given.size()
                    + (fewer.isEmpty() ? "" : "; missing: " + fewer)
                    + (more.isEmpty() ? "" : "; not known: " + more + " (name the target column by --target)"));
        }
        if (!learned.equals(given) && given.stream().noneMatch(name -> name.startsWith("column "))) {
            throw new DataException("the table's columns are " + given + ", but the " + model + " learned from "
                    + learned + "; give them in that order");
        }
    }
}
