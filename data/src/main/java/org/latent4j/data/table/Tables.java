package org.latent4j.data.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
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

    /** Features in float, as networks take them. */
    public static Table read(Path file, TableOptions options) {
        // Numbers from here on are infinite as floats.
        NumberTable table = readNumbers(file, options, Math.nextDown(0x1.ffffffp127));
        float[] features = new float[table.values().length];
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) table.values()[i];
        }
        return new Table(new PointSet(table.name(), table.columns(), features), table.target());
    }

    /** Features in double. */
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
        int columns = in.rowElements();
        int rows = (int) in.rows();
        List<String> names = numbered(columns);
        int target = targetColumn(file, names, options.target());
        double[] features = new double[rows * (target < 0 ? columns : columns - 1)];
        double[] targets = new double[target < 0 ? 0 : rows];
        double[] row = new double[columns];
        Problems problems = new Problems();
        for (int i = 0, to = 0; i < rows; i++) {
            in.readDoubles(i, row, 0);
            for (int c = 0; c < columns; c++) {
                if (!(Math.abs(row[c]) <= largest)) {
                    problems.add("row " + (i + 1) + ", " + names.get(c) + ": " + row[c] + " is not a finite number");
                }
                if (c == target) {
                    targets[i] = row[c];
                } else {
                    features[to++] = row[c];
                }
            }
        }
        problems.throwIfAny(file.toString());
        return new NumberTable(
                nameOf(file),
                without(names, target),
                features,
                target < 0 ? Optional.empty() : Optional.of(new Table.Values(names.get(target), targets)));
    }

    static String nameOf(Path file) {
        return file.getFileName().toString();
    }

    static List<String> numbered(int columns) {
        return IntStream.rangeClosed(1, columns).mapToObj(i -> "column " + i).toList();
    }

    static List<String> without(List<String> columns, int target) {
        List<String> features = new ArrayList<>(columns);
        if (target >= 0) {
            features.remove(target);
        }
        return features;
    }

    /** Index of the target column, or -1 when none is asked for. */
    static int targetColumn(Path file, List<String> columns, Optional<String> target) {
        if (target.isEmpty()) {
            return -1;
        }
        String wanted = target.get().strip();
        int index = columns.indexOf(wanted);
        if (index >= 0 && index != columns.lastIndexOf(wanted)) {
            throw new DataException(
                    file + " has several columns named '" + wanted + "'; give the target's number from 1");
        }
        if (index < 0 && wanted.matches("\\d{1,9}")) {
            index = Integer.parseInt(wanted) - 1;
        }
        if (index < 0 || index >= columns.size()) {
            throw new DataException(file + " has no column '" + wanted + "' for the target; its " + columns.size()
                    + " columns are " + (columns.size() <= 20 ? columns : columns.subList(0, 20) + " ...")
                    + ", or give a number from 1 to " + columns.size());
        }
        if (columns.size() == 1) {
            throw new DataException(file + " has one column, which is the target: no features are left");
        }
        return index;
    }
}
