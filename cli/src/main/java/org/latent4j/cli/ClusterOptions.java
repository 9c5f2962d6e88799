package org.latent4j.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.latent4j.data.DataException;
import org.latent4j.data.table.NumberTable;
import org.latent4j.data.table.Table;
import org.latent4j.data.table.TableOptions;
import org.latent4j.data.table.Tables;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine.Option;

/** What all commands that find clusters are told: the points, where they run, and where results go. */
final class ClusterOptions extends PointOptions {
    @Option(names = "--standardize", description = "Scale every column to mean 0 and variance 1 first.")
    boolean standardize;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "clusters",
            description = "Results go here (default ${DEFAULT-VALUE}).")
    Path out;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Decides every random number (default ${DEFAULT-VALUE}).")
    long seed;

    private ColumnScaling scaling; // of the points, or null

    /** The weights of the points, which are in a column of their table; it is no feature from then on. */
    double[] takeWeights(String column) {
        Path path = tableFile();
        if (path == null) {
            throw new DataException("--weights " + column + " names a column of a table, CSV or NPY, but --data "
                    + source + " is none");
        }
        TableOptions options = format.options(path, column);
        List<String> others = new ArrayList<>(options.ignored());
        if (target != null) {
            others.add(target); // may hold names
        }
        Table.Target found;
        try {
            found = Tables.readNumbers(path, options.withIgnored(others))
                    .target()
                    .orElseThrow();
        } catch (DataException e) {
            throw new DataException("--weights " + column + ": " + e.getMessage(), e);
        }
        if (!(found instanceof Table.Values weights)) {
            throw new DataException(
                    "--weights " + column + " holds names in " + path + "; numbers of at least 0 are expected");
        }
        format.ignore = format.ignore == null ? column : format.ignore + "," + column;
        return weights.values();
    }

    /** Centres (k, p) of a file, DOUBLE. */
    static INDArray centres(Path file) {
        NumberTable table = Tables.readNumbers(file, TableOptions.parse(file.toString(), null, null, null, null));
        return Nd4j.create(
                table.values(), new long[] {table.rows(), table.columns().size()}, 'c');
    }

    /** Opens the points, scales them if that is wanted, and says what they are. */
    NumberTable points(PrintWriter err) {
        NumberTable points = points(err, out);
        scaling = standardize ? ColumnScaling.of(points) : null;
        return standardize ? scaling.apply(points) : points;
    }

    /** What every summary begins with: all that {@code cluster assign} must know of the points. */
    Map<String, Object> summary(NumberTable data) {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("data", source);
        summary.put("points", data.rows());
        summary.put("features", data.columns().size());
        summary.put("columns", data.columns());
        summary.put("standardized", standardize);
        if (scaling != null) {
            summary.put("scaling", scaling);
        }
        return summary;
    }

    /** Opens a table of distances and says how large it is. */
    NumberTable distances(PrintWriter err) {
        if (standardize) {
            throw new DataException(
                    "--standardize scales features, but --distances says that the table holds distances; "
                            + "give one of them");
        }
        NumberTable table = table(out);
        int columns = table.columns().size();
        err.println("distances " + table.name() + ": " + table.rows() + (table.rows() == 1 ? " row" : " rows") + " of "
                + columns + (columns == 1 ? " number" : " numbers"));
        return table;
    }

    /** The points (n, p) in double; in float, half as large, if all of them are numbers that a float holds. */
    static INDArray array(NumberTable points) {
        double[] values = points.values();
        long[] shape = {points.rows(), points.columns().size()};
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
            if (floats[i] != values[i]) {
                return Nd4j.create(values, shape, 'c');
            }
        }
        return Nd4j.create(floats, shape, 'c');
    }

    /** The ends of A..B, numbers of clusters to try. */
    static int[] range(String text) {
        String[] ends = text.split("\\.\\.", -1);
        try {
            int from = Integer.parseInt(ends[0].strip());
            int to = Integer.parseInt(ends[ends.length - 1].strip());
            if (ends.length == 2 && from >= 1 && to >= from) {
                return new int[] {from, to};
            }
        } catch (NumberFormatException e) {
            // The message is the same as for a range in the wrong order.
        }
        throw new DataException("--choose must be a range of numbers of clusters such as 1..10, but is " + text);
    }
}
