package org.latent4j.data;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.latent4j.data.image.ImageOptions;
import org.latent4j.data.image.ImageReport;
import org.latent4j.data.image.ImageStore;
import org.latent4j.data.image.Images;
import org.latent4j.data.ising.IsingOptions;
import org.latent4j.data.ising.IsingSampler;
import org.latent4j.data.ising.IsingSamples;
import org.latent4j.data.npy.NpyFile;
import org.latent4j.data.synthetic.Synthetic;
import org.latent4j.data.table.Table;
import org.latent4j.data.table.TableOptions;
import org.latent4j.data.table.Tables;

/**
 * Where samples come from, as it is asked for on the command line and kept in a run's configuration: a synthetic set by name, a folder or
 * zip of images, IDX files, an NPY file (two axes: a table; three or four: images), or a CSV file.
 *
 * <p>Null fields are not asked for and decided by the data. {@link #open} throws {@link DataException} when nothing is there, when it can't
 * be read, or when an option does not belong to that kind of data.
 *
 * @param source name or path
 * @param size images: {@code 32} or {@code WIDTHxHEIGHT}
 * @param channels images: 1, 3 or 4
 * @param background images: what shows through transparent pixels
 * @param strict images: bad files fail instead of being skipped; null means no
 * @param header tables: {@code auto}, {@code yes} or {@code no}
 * @param delimiter tables: what separates cells
 * @param target tables: the column to predict or to compare with, which is no feature
 * @param ignore tables: columns to leave out, with commas between them
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DataSource(
        String source,
        String size,
        Integer channels,
        String background,
        Boolean strict,
        String header,
        String delimiter,
        String target,
        String ignore) {

    /** All options left to the data. */
    public static DataSource of(String source) {
        return new DataSource(source, null, null, null, null, null, null, null, null);
    }

    /**
     * Opened data.
     *
     * @param synthetic what was asked for, if it is a synthetic set
     * @param notes what a person should know: sizes found, files skipped
     */
    public record Opened(Dataset data, Optional<Synthetic> synthetic, List<String> notes) {}

    /** Opens the data; images are kept decoded in a store below {@code storeParent}. */
    public Opened open(Path storeParent, Progress progress) {
        if (Synthetic.isNamedBy(source)) {
            return openSynthetic(storeParent, progress);
        }
        Path path = Path.of(source);
        if (!Files.exists(path)) {
            throw notThere();
        }
        return isTable(path) ? openTable(path) : openImages(path, storeParent, progress);
    }

    /** The path of a source that is no synthetic set. */
    @JsonIgnore
    public Optional<Path> path() {
        return Synthetic.isNamedBy(source) ? Optional.empty() : Optional.of(Path.of(source));
    }

    private DataException notThere() {
        String name = source.split(":", 2)[0];
        boolean likeName = !name.contains("/") && !name.contains("\\") && !name.contains(".");
        return new DataException("--data " + source + ": there is no such file or folder"
                + (likeName
                        ? ", and " + Suggest.unknown("synthetic set", name, Synthetic.names())
                        : "; give a folder or zip of images, an IDX, NPY or CSV file, or a synthetic set: "
                                + String.join(", ", Synthetic.names())));
    }

    private Opened openSynthetic(Path storeParent, Progress progress) {
        refuse(
                "a synthetic set",
                "--size",
                size,
                "--channels",
                channels,
                "--background",
                background,
                "--strict",
                strict);
        refuseTableOptions("a synthetic set");
        Synthetic synthetic = Synthetic.parse(source);
        if (synthetic instanceof Synthetic.Points points) {
            return new Opened(points.data(), Optional.of(synthetic), List.of());
        }
        IsingOptions options = ((Synthetic.Ising) synthetic).options();
        int side = options.size();
        ImageSet images = ImageStore.reuseOrWrite(
                storeParent,
                options.toString(),
                source,
                new SampleShape.Image(1, side, side),
                options.count(),
                List.of(),
                sink -> {
                    IsingSamples samples = IsingSampler.sample(options, progress);
                    byte[] pixels = new byte[side * side];
                    for (int i = 0; i < samples.count(); i++) {
                        samples.readImage(i, pixels, 0);
                        sink.put(i, pixels, 0, -1);
                    }
                });
        return new Opened(images, Optional.of(synthetic), List.of());
    }

    /** Whether a file is a table: CSV, or NPY with at most two axes. */
    public static boolean isTable(Path path) {
        String name =
                path.getFileName() == null ? "" : path.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".npy") && Files.isRegularFile(path)) {
            return NpyFile.open(path).header().shape().size() <= 2;
        }
        return name.endsWith(".csv") || name.endsWith(".tsv") || name.endsWith(".txt");
    }

    private Opened openTable(Path path) {
        refuse("a table", "--size", size, "--channels", channels, "--background", background, "--strict", strict);
        TableOptions options = TableOptions.parse(path.toString(), header, delimiter, target, ignore);
        Table table = Tables.read(path, options);
        return new Opened(table.features(), Optional.empty(), List.of());
    }

    private Opened openImages(Path path, Path storeParent, Progress progress) {
        refuseTableOptions("images");
        ImageOptions options = ImageOptions.defaults().withStrict(Boolean.TRUE.equals(strict));
        if (size != null) {
            options = options.withSize(ImageOptions.Size.parse(size));
        }
        if (channels != null) {
            options = options.withChannels(channels);
        }
        if (background != null) {
            options = options.withBackground(ImageOptions.parseColour(background));
        }
        Images.Opened opened = Images.open(path, options, storeParent, progress);
        return new Opened(opened.images(), Optional.empty(), notes(opened.report()));
    }

    private static List<String> notes(ImageReport report) {
        List<String> notes = new ArrayList<>();
        notes.add(String.format(
                Locale.ROOT,
                "%,d images %s in %.1f s",
                report.decoded(),
                report.reused() ? "taken from an earlier store" : "decoded",
                report.seconds()));
        if (report.distinctSizes() > 1) {
            notes.add(report.distinctSizes() + " sizes from " + report.smallest() + " to " + report.largest() + "; "
                    + report.sizing());
        }
        if (report.kinds().size() > 1) {
            notes.add("mixed channels: " + report.kinds());
        }
        if (!report.skipped().isEmpty()) {
            notes.add(report.skipped().size() + " of " + report.found() + " files skipped: "
                    + ImageReport.list(report.skipped(), 5));
        }
        return notes;
    }

    private void refuseTableOptions(String kind) {
        refuse(kind, "--header", header, "--delimiter", delimiter, "--target", target, "--ignore", ignore);
    }

    /** Options that are given but don't belong to this kind of data would be ignored silently. */
    private void refuse(String kind, Object... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (namesAndValues[i + 1] != null && !Boolean.FALSE.equals(namesAndValues[i + 1])) {
                throw new DataException(
                        namesAndValues[i] + " does not apply to " + kind + " (" + source + "): leave it out");
            }
        }
    }
}
