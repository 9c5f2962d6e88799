package org.latent4j.data.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.latent4j.data.DataException;
import org.latent4j.data.PointSet;
import org.latent4j.data.npy.NpyFile;

/**
 * Reads tables of numbers from CSV files (by DataVec's CSVRecordReader) and NPY files.
 *
 * <p>Features are (n, p); the target, if one is named, is numbers or class names. NPY arrays are (n, p), or (n,) for one column;
 * their columns are called "column 1" and so on, as those of a CSV file without header are.
 *
 * <p>Throws {@link DataException}, naming file, line and column, for text in a column of numbers, missing cells, NaN, infinite
 * values, ragged rows, empty files and unknown target columns; all of them at once.
 */
public final class Tables {
    private Tables() {}

    /** Features in float, as networks take them; never missing. */
    public static Table read(Path file, TableOptions options) {
        // Numbers from here on are infinite as floats.
        NumberTable table = readNumbers(file, options, Math.nextDown(0x1.ffffffp127));
        return new Table(new PointSet(table.name(), table.columns(), table.floats()), table.target());
    }

    /** Features in double; NaN where they are missing and the options allow it. */
    public static NumberTable readNumbers(Path file, TableOptions options) {
        return readNumbers(file, options, Double.MAX_VALUE);
    }

    private static NumberTable readNumbers(Path file, TableOptions options, double largest) {
        if (!Files.isRegularFile(file)) {
            throw new DataException(file + " is not there, or is not a file; a CSV or NPY file is expected");
        }
        try {
            if (file.toString().endsWith(".npy")) {
                return readNpy(file, options, largest);
            }
            return CsvTable.read(file, options, largest);
        } catch (IOException e) {
            throw new DataException("can't read " + file + ": " + e.getMessage(), e);
        }
    }

    private static NumberTable readNpy(Path file, TableOptions options, double largest) {
        NpyFile in = NpyFile.open(file);
        if (in.header().shape().size() > 2 || in.header().elements() > Integer.MAX_VALUE - 8) {
            throw new DataException(file + " has shape " + in.header().shape()
                    + "; a table is (n, p) or (n,) with less than 2^31 numbers");
        }
        if (in.header().elements() == 0) {
            throw new DataException(file + " has shape " + in.header().shape() + ": it holds no numbers");
        }
        Columns columns = Columns.of(file, Columns.numbered(in.rowElements()), options);
        int rows = (int) in.rows();
        int target = columns.target();
        Map<Integer, Categories> categories = Categories.of(columns);
        int[] features = columns.features().stream().mapToInt(c -> c).toArray();
        double[] values = new double[rows * features.length];
        double[] targets = new double[target < 0 ? 0 : rows];
        double[] row = new double[in.rowElements()];
        Problems problems = new Problems();
        for (int i = 0; i < rows; i++) {
            in.readDoubles(i, row, 0);
            for (int f = 0; f < features.length; f++) {
                double value = number(row, features[f], i, largest, options.missing(), problems);
                Categories own = categories.get(features[f]);
                values[i * features.length + f] = own == null || Double.isNaN(value) ? value : own.number(name(value));
            }
            if (target >= 0) {
                targets[i] = number(row, target, i, largest, false, problems);
            }
        }
        problems.throwIfAny(file.toString());
        return new NumberTable(
                nameOf(file),
                columns.featureNames(),
                values,
                target < 0
                        ? Optional.empty()
                        : Optional.of(new Table.Values(columns.names().get(target), targets)),
                Categories.sort(columns, categories, values));
    }

    private static String name(double value) {
        return value == (long) value ? Long.toString((long) value) : Double.toString(value);
    }

    private static double number(
            double[] row, int column, int index, double largest, boolean missing, Problems problems) {
        boolean fine = Math.abs(row[column]) <= largest || missing && Double.isNaN(row[column]);
        if (!fine) {
            problems.add(
                    "row " + (index + 1) + ", column " + (column + 1) + ": " + row[column] + " is not a finite number");
        }
        return row[column];
    }

    static String nameOf(Path file) {
        return file.getFileName().toString();
    }
}
