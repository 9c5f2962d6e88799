package org.latent4j.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.latent4j.data.DataException;
import org.latent4j.data.DataSource;
import org.latent4j.data.Dataset;
import org.latent4j.data.ImageSet;
import org.latent4j.data.PointDistribution;
import org.latent4j.data.PointSet;
import org.latent4j.data.Progress;
import org.latent4j.data.npy.NpyFile;
import org.latent4j.data.synthetic.Synthetic;
import org.latent4j.data.table.NumberTable;
import org.latent4j.data.table.Table;
import org.latent4j.data.table.Tables;
import org.latent4j.reduction.pca.RowSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Rows of numbers for the reduction commands: tables in double, NPY files mapped, images and synthetic sets as floats.
 *
 * @param array all rows in memory; empty for a mapped file
 */
record RowInput(String name, RowSource rows, Optional<INDArray> array, Optional<Table.Target> target) {

    static RowInput open(DataOptions options, Progress progress) {
        if (options.source == null) {
            throw new DataException("--data is needed: a CSV or NPY table, a folder of images, or a synthetic set");
        }
        Path path = Synthetic.isNamedBy(options.source) ? null : Path.of(options.source);
        boolean isTable = path != null && Files.isRegularFile(path) && DataSource.isTable(path);
        return isTable ? table(path, options) : other(options, progress);
    }

    private static RowInput table(Path path, DataOptions options) {
        String name = path.getFileName().toString();
        if (name.toLowerCase(Locale.ROOT).endsWith(".npy") && options.target == null && options.format.ignore == null) {
            return new RowInput(name, RowSource.of(NpyFile.open(path)), Optional.empty(), Optional.empty());
        }
        NumberTable table = Tables.readNumbers(path, options.tableOptions());
        INDArray x = Nd4j.create(
                table.values(), new long[] {table.rows(), table.columns().size()}, 'c');
        return new RowInput(name, RowSource.of(x, table.columns()), Optional.of(x), table.target());
    }

    private static RowInput other(DataOptions options, Progress progress) {
        DataSource source = options.over(DataSource.of(null));
        Path here = Path.of("").toAbsolutePath();
        Path parent = source.path()
                .map(p -> p.toAbsolutePath().normalize().getParent())
                .orElse(here);
        Dataset data = source.open(parent.resolve(".data"), progress).data();
        if (data instanceof PointDistribution) {
            throw new DataException("--data " + options.source + " gives points without end; say how many: "
                    + options.source + (options.source.contains(":") ? "," : ":") + "n=1000");
        }
        if (data instanceof ImageSet images) {
            try (images) {
                return ofImages(images);
            }
        }
        PointSet points = (PointSet) data;
        INDArray x = Nd4j.create(
                points.values(), new long[] {points.size(), points.columns().size()}, 'c');
        return new RowInput(points.name(), RowSource.of(x, points.columns()), Optional.of(x), Optional.empty());
    }

    private static RowInput ofImages(ImageSet images) {
        int p = images.shape().elements();
        long numbers = (long) images.size() * p;
        if (numbers > Integer.MAX_VALUE - 8) {
            throw new DataException(images.name() + ": " + images.size() + " images of " + p
                    + " numbers are more than 2^31; give fewer or a smaller --size");
        }
        float[] values = new float[(int) numbers];
        int[] labels = new int[images.size()];
        for (int i = 0; i < images.size(); i++) {
            images.readScaled(i, values, i * p);
            labels[i] = images.label(i);
        }
        INDArray x = Nd4j.create(values, new long[] {images.size(), p}, 'c');
        Optional<Table.Target> target = images.classes().isEmpty()
                ? Optional.empty()
                : Optional.of(new Table.Classes("class", labels, List.copyOf(images.classes())));
        return new RowInput(images.name(), RowSource.of(x), Optional.of(x), target);
    }

    /** All rows in memory, FLOAT or DOUBLE. */
    INDArray inMemory() {
        if (array.isPresent()) {
            return array.get();
        }
        long numbers = rows.rows() * rows.columns();
        if (numbers > Integer.MAX_VALUE - 8) {
            throw new DataException(name + " holds " + numbers + " numbers; this needs less than 2^31 in memory");
        }
        double[] values = new double[(int) numbers];
        rows.read(0, Math.toIntExact(rows.rows()), values);
        try (INDArray exact = Nd4j.create(values, new long[] {rows.rows(), rows.columns()}, 'c')) {
            return exact.castTo(rows.type()).dup('c');
        }
    }
}
