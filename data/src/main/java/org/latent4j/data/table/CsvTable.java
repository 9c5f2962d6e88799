package org.latent4j.data.table;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.datavec.api.records.reader.impl.csv.CSVRecordReader;
import org.datavec.api.split.InputStreamInputSplit;
import org.datavec.api.writable.Writable;
import org.latent4j.data.DataException;
import org.latent4j.data.table.TableOptions.Header;

/** One CSV file on its way to a {@link NumberTable}. */
final class CsvTable {
    private static final int MOST_VALUES = Integer.MAX_VALUE - 8;
    /** Narrower than what Double.parseDouble takes, which has 2d and 0x1p3. */
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

    private static final Pattern NAMED_NUMBER = Pattern.compile("[+-]?(nan|inf|infinity)", Pattern.CASE_INSENSITIVE);

    private final Path file;
    private final Problems problems = new Problems();
    private Columns columns;
    private String otherDelimiter; // the better message, should there be problems
    private Map<Integer, Categories> categories;
    /** Text cells of each feature while it has nothing else, else -1; a whole column of text is one problem. */
    private int[] onlyText;

    private String[] firstText;
    private boolean targetIsText;
    private int lines; // read so far
    private final boolean missing;
    private final double largest;
    private double[] features = new double[1024];
    private int used;
    private final List<String> targetNames = new ArrayList<>();
    private double[] targetValues = new double[64];
    private int rows;

    private CsvTable(Path file, TableOptions options, double largest) {
        this.file = file;
        missing = options.missing();
        this.largest = largest;
    }

    /** Numbers of a larger magnitude count as infinite. */
    static NumberTable read(Path file, TableOptions options, double largest) throws IOException {
        return new CsvTable(file, options, largest).readAll(options);
    }

    private NumberTable readAll(TableOptions options) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                CSVRecordReader reader = new CSVRecordReader(0, options.delimiter())) {
            reader.initialize(new InputStreamInputSplit(in));
            while (reader.hasNext()) {
                List<String> cells = next(reader);
                boolean blank = cells.stream().allMatch(String::isEmpty) && cells.size() <= 1;
                if (!blank && columns == null) {
                    begin(cells, options);
                } else if (!blank) {
                    addRow(cells);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DataException("reading " + file + " was interrupted", e);
        }
        addColumnsOfText();
        if (otherDelimiter != null && !problems.isEmpty()) {
            throw new DataException(otherDelimiter);
        }
        problems.throwIfAny(file.toString());
        if (rows == 0) {
            throw new DataException(file + (columns == null ? " is empty" : " holds column names, but no rows")
                    + "; a CSV file with at least one row of numbers is expected");
        }
        double[] values = Arrays.copyOf(features, used);
        List<List<String>> names = Categories.sort(columns, categories, values);
        return new NumberTable(Tables.nameOf(file), columns.featureNames(), values, target(), names);
    }

    private void addColumnsOfText() {
        for (int c = 0; rows > 0 && c < onlyText.length; c++) {
            String name = columns.names().get(c);
            if (firstText[c] == null) {
                continue;
            }
            if (onlyText[c] == 1) {
                problems.add(firstText[c]);
            } else if (onlyText[c] > 1) {
                problems.add("column '" + name + "' holds text in all " + rows + " rows; " + firstText[c]
                        + ": leave it out by --ignore '" + name + "', or make it the --target"
                        + (missing ? ", or a feature of categories by --categorical '" + name + "'" : ""));
            }
        }
    }

    private List<String> next(CSVRecordReader reader) {
        lines++;
        List<String> cells = new ArrayList<>();
        try {
            for (Writable cell : reader.next()) {
                cells.add(cell.toString().strip());
            }
        } catch (RuntimeException e) {
            throw new DataException(
                    file + ", line " + lines + ": not readable as CSV: "
                            + (e.getCause() == null ? e : e.getCause()).getMessage(),
                    e);
        }
        if (lines == 1
                && !cells.isEmpty()
                && cells.get(0).startsWith("\uFEFF")) { // byte order mark, as Excel writes it
            cells.set(0, cells.get(0).substring(1).strip());
        }
        return cells;
    }

    /** The first line that is not blank: names of the columns, or data. */
    private void begin(List<String> cells, TableOptions options) {
        boolean header = options.header() == Header.YES
                || options.header() == Header.AUTO && cells.stream().noneMatch(CsvTable::looksNumeric);
        List<String> names = new ArrayList<>(Columns.numbered(cells.size()));
        for (int i = 0; header && i < cells.size(); i++) {
            if (!cells.get(i).isEmpty()) {
                names.set(i, cells.get(i));
            }
        }
        otherDelimiter = cells.size() == 1 ? otherDelimiter(cells.get(0), options.delimiter()) : null;
        try {
            columns = Columns.of(file, List.copyOf(names), options);
        } catch (DataException e) {
            throw otherDelimiter == null ? e : new DataException(otherDelimiter, e);
        }
        categories = Categories.of(columns);
        onlyText = new int[cells.size()];
        firstText = new String[cells.size()];
        if (!header) {
            addRow(cells);
        }
    }

    /** What to say if the file can't be read, and its one column looks like several; null if it doesn't. */
    private String otherDelimiter(String line, char delimiter) {
        for (char other : new char[] {';', '\t', '|', ','}) {
            if (other != delimiter && line.indexOf(other) >= 0) {
                return file + " has no " + named(delimiter) + " in line " + lines + ", but " + named(other)
                        + "; use --delimiter " + named(other);
            }
        }
        return null;
    }

    private static String named(char delimiter) {
        return delimiter == '\t' ? "tab" : "'" + delimiter + "'";
    }

    private void addRow(List<String> cells) {
        int expected = columns.names().size();
        if (cells.size() != expected) {
            problems.add("line " + lines + ": " + cells.size() + (cells.size() == 1 ? " cell" : " cells")
                    + " instead of " + expected);
            return;
        }
        int width = columns.features().size();
        if (used + width > features.length) {
            if (used > MOST_VALUES - width) {
                throw new DataException(file + " holds more than 2^31 numbers; split it");
            }
            long larger = Math.max(features.length * 2L, used + (long) width);
            features = Arrays.copyOf(features, (int) Math.min(MOST_VALUES, larger));
        }
        for (int c : columns.features()) {
            features[used++] = feature(cells.get(c), c);
        }
        if (columns.target() >= 0) {
            addTarget(cells.get(columns.target()));
        }
        rows++;
    }

    private double feature(String cell, int column) {
        if (missing && (cell.isEmpty() || isNotANumber(cell))) {
            onlyText[column] += onlyText[column] == rows ? 1 : 0; // tells nothing against text
            return Double.NaN;
        }
        if (categories.containsKey(column)) {
            if (cell.isEmpty()) {
                problems.add(where(column) + " is missing");
            }
            return categories.get(column).number(cell);
        }
        boolean text = !cell.isEmpty() && !looksNumeric(cell);
        if (text && onlyText[column] == rows) {
            onlyText[column]++;
            firstText[column] = firstText[column] == null ? where(column) + notANumber(cell) : firstText[column];
            return 0;
        }
        if (onlyText[column] > 0 && firstText[column] != null) {
            problems.add(firstText[column], onlyText[column]);
        }
        onlyText[column] = -1;
        return number(cell, column);
    }

    /** The first row decides whether the target is numbers or names. */
    private void addTarget(String cell) {
        if (rows == 0) {
            targetIsText = !cell.isEmpty() && !looksNumeric(cell);
        }
        int target = columns.target();
        if (targetIsText) {
            if (cell.isEmpty()) {
                problems.add(where(target) + " is missing");
            } else if (looksNumeric(cell)) {
                problems.add(where(target) + ": " + cell + " is a number, but the target's first row is a class name");
            }
            targetNames.add(cell);
            return;
        }
        if (rows == targetValues.length) {
            targetValues = Arrays.copyOf(targetValues, rows * 2);
        }
        targetValues[rows] = number(cell, target);
    }

    private double number(String cell, int column) {
        if (cell.isEmpty()) {
            problems.add(where(column) + " is missing");
            return 0;
        }
        if (!looksNumeric(cell)) {
            problems.add(where(column) + notANumber(cell));
            return 0;
        }
        double value = isNamedNumber(cell) ? Double.NaN : Double.parseDouble(cell);
        if (!(Math.abs(value) <= largest)) {
            problems.add(where(column) + ": " + cell + " is not a finite number");
        }
        return value;
    }

    private String where(int column) {
        return "line " + lines + ", column '" + columns.names().get(column) + "'";
    }

    private static String notANumber(String cell) {
        return ": '" + (cell.length() > 40 ? cell.substring(0, 40) + "..." : cell) + "' is not a number";
    }

    private static boolean looksNumeric(String cell) {
        return NUMBER.matcher(cell).matches() || isNamedNumber(cell);
    }

    private static boolean isNotANumber(String cell) {
        return cell.equalsIgnoreCase("nan");
    }

    private static boolean isNamedNumber(String cell) {
        return NAMED_NUMBER.matcher(cell).matches();
    }

    private Optional<Table.Target> target() {
        if (columns.target() < 0) {
            return Optional.empty();
        }
        String column = columns.names().get(columns.target());
        if (!targetIsText) {
            return Optional.of(new Table.Values(column, Arrays.copyOf(targetValues, rows)));
        }
        List<String> names = List.copyOf(new TreeSet<>(targetNames));
        int[] labels = targetNames.stream()
                .mapToInt(name -> Collections.binarySearch(names, name))
                .toArray();
        return Optional.of(new Table.Classes(column, labels, names));
    }
}
