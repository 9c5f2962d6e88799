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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Points that a clustering command is given, what is known of them, and where it runs. */
class PointOptions {
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

    @Option(
            names = "--device",
            paramLabel = "D",
            defaultValue = "auto",
            description = "auto, nd4j, cpu, cuda or cuda:INDEX (default ${DEFAULT-VALUE}).")
    String device;

    /** What the last table held in the column of {@link #target}. */
    private Optional<Table.Target> truth = Optional.empty();

    /** Says which device runs, and why. */
    final Primitives primitives(PrintWriter err) {
        Devices.Choice choice = Devices.choose(device, List::of);
        err.println("device " + choice.device() + ": " + choice.reason());
        return Devices.primitives(choice.device());
    }

    /**
     * Opens the points and says what they are.
     *
     * @param results where results go
     */
    final NumberTable points(PrintWriter err, Path results) {
        NumberTable points = table(results);
        err.println("data " + points.name() + ": " + points.rows() + " "
                + new SampleShape.Point(points.columns().size()));
        return points;
    }

    /** Null for what is no file of a table. */
    final Path tableFile() {
        Path path = Synthetic.isNamedBy(source) ? null : Path.of(source);
        return path != null && Files.isRegularFile(path) && DataSource.isTable(path) ? path : null;
    }

    final NumberTable table(Path results) {
        Path path = tableFile();
        if (path != null) {
            NumberTable table = Tables.readNumbers(path, format.options(path, target));
            truth = table.target();
            return table;
        }
        Dataset data = open(results);
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

    private Dataset open(Path results) {
        return new DataSource(source, null, null, null, null, format.header, format.delimiter, target, format.ignore)
                .open(results, Progress.NONE)
                .data();
    }

    /** With true classes: how well the labels agree with them, said and put into the summary. */
    final void compare(int[] labels, Map<String, Object> summary, PrintWriter out) {
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
}
