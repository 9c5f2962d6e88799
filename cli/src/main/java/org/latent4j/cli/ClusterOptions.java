package org.latent4j.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.latent4j.clustering.Agreement;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.latent4j.data.DataSource;
import org.latent4j.data.Dataset;
import org.latent4j.data.PointDistribution;
import org.latent4j.data.PointSet;
import org.latent4j.data.Progress;
import org.latent4j.data.SampleShape;
import org.latent4j.data.synthetic.Synthetic;
import org.latent4j.data.table.NumberTable;
import org.latent4j.data.table.Table;
import org.latent4j.data.table.Tables;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What all clustering commands are told: the points, where they run, and where results go. */
final class ClusterOptions {
    @Option(
            names = "--data",
            paramLabel = "T",
            required = true,
            description = {
                "Table of points, CSV or NPY, or a synthetic set with a number of points:",
                "blobs:k=5,n=1000, moons:n=500, gaussian-grid:n=2000 ..."
            })
    String source;

    @Mixin
    TableFormat format = new TableFormat();

    @Option(
            names = "--target",
            paramLabel = "COLUMN",
            description = "A column with the true classes, by name or number from 1: left out, and compared with the "
                    + "labels found.")
    String target;

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

    @Option(
            names = "--device",
            paramLabel = "D",
            defaultValue = "auto",
            description = "auto, nd4j, cpu, cuda or cuda:INDEX (default ${DEFAULT-VALUE}).")
    String device;

    /** What the last table held in the column of {@link #target}. */
    private Optional<Table.Target> truth = Optional.empty();

    /** Says which device runs, and why. */
    Primitives primitives(PrintWriter err) {
        Devices.Choice choice = Devices.choose(device, List::of);
        err.println("device " + choice.device() + ": " + choice.reason());
        return Devices.primitives(choice.device());
    }

    /** Opens the points and says what they are. */
    NumberTable points(PrintWriter err) {
        NumberTable points = table();
        err.println("data " + points.name() + ": " + points.rows() + " "
                + new SampleShape.Point(points.columns().size()));
        return standardize ? standardized(points) : points;
    }

    /** Opens a table of distances and says how large it is. */
    NumberTable distances(PrintWriter err) {
        if (standardize) {
            throw new DataException(
                    "--standardize scales features, but --distances says that the table holds distances; "
                            + "give one of them");
        }
        NumberTable table = table();
        int columns = table.columns().size();
        err.println("distances " + table.name() + ": " + table.rows() + (table.rows() == 1 ? " row" : " rows") + " of "
                + columns + (columns == 1 ? " number" : " numbers"));
        return table;
    }

    private NumberTable table() {
        Path path = Synthetic.isNamedBy(source) ? null : Path.of(source);
        if (path != null && Files.isRegularFile(path) && DataSource.isTable(path)) {
            NumberTable table = Tables.readNumbers(path, format.options(path, target));
            truth = table.target();
            return table;
        }
        Dataset data = open();
        if (data instanceof PointDistribution) {
            throw new DataException("--data " + source + " gives points without end; say how many: " + source
                    + (source.contains(":") ? "," : ":") + "n=1000");
        }
        if (!(data instanceof PointSet points)) {
            throw new DataException("--data " + source
                    + " holds images; clustering takes tables of numbers, CSV or NPY of shape (n, p)");
        }
        double[] values = IntStream.range(0, points.values().length)
                .mapToDouble(i -> points.values()[i])
                .toArray();
        List<List<String>> numbers = Collections.nCopies(points.columns().size(), List.of());
        return new NumberTable(points.name(), points.columns(), values, Optional.empty(), numbers);
    }

    private Dataset open() {
        return new DataSource(source, null, null, null, null, format.header, format.delimiter, target, format.ignore)
                .open(out, Progress.NONE)
                .data();
    }

    /** With true classes: how well the labels agree with them, said and put into the summary. */
    void compare(int[] labels, Map<String, Object> summary, PrintWriter out) {
        if (truth.isEmpty()) {
            return;
        }
        String column = truth.get().column();
        Agreement agreement = Agreement.of(classes(truth.get()), labels);
        out.printf(
                Locale.ROOT,
                "agreement with %s: adjusted Rand index %.3f, adjusted mutual information %.3f, V-measure %.3f%n",
                column,
                agreement.adjustedRand(),
                agreement.adjustedMutualInformation(),
                agreement.vMeasure());
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("target", column);
        figures.put("adjustedRand", agreement.adjustedRand());
        figures.put("adjustedMutualInformation", agreement.adjustedMutualInformation());
        figures.put("homogeneity", agreement.homogeneity());
        figures.put("completeness", agreement.completeness());
        figures.put("vMeasure", agreement.vMeasure());
        summary.put("agreement", figures);
    }

    /** Equal values are one class. */
    private static int[] classes(Table.Target truth) {
        if (truth instanceof Table.Classes classes) {
            return classes.labels();
        }
        double[] values = ((Table.Values) truth).values();
        double[] distinct = Arrays.stream(values).distinct().sorted().toArray();
        return Arrays.stream(values)
                .mapToInt(value -> Arrays.binarySearch(distinct, value))
                .toArray();
    }

    private static NumberTable standardized(NumberTable points) {
        int p = points.columns().size();
        int n = points.rows();
        double[] scaled = points.values().clone();
        for (int f = 0; f < p; f++) {
            double mean = 0;
            for (int i = f; i < scaled.length; i += p) {
                mean += scaled[i] / n;
            }
            double squares = 0;
            for (int i = f; i < scaled.length; i += p) {
                squares += (scaled[i] - mean) * (scaled[i] - mean) / n;
            }
            double deviation = squares > 0 ? Math.sqrt(squares) : 1;
            for (int i = f; i < scaled.length; i += p) {
                scaled[i] = (scaled[i] - mean) / deviation;
            }
        }
        return new NumberTable(points.name(), points.columns(), scaled, points.target(), points.categories());
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
