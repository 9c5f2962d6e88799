package org.latent4j.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.latent4j.compute.io.AtomicFiles;
import org.latent4j.data.npy.Npy;
import org.latent4j.data.npy.NpyFile;
import org.latent4j.reduction.pca.BatchedPca;
import org.latent4j.reduction.pca.Pca;
import org.latent4j.reduction.pca.PcaModel;
import org.latent4j.reduction.pca.PcaOptions;
import org.latent4j.reduction.pca.Solver;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Principal components of a tall matrix and of many small ones, against scikit-learn and NumPy on the same data. */
final class PcaSuite implements Suite {
    private static final int ROWS = 16_000;
    private static final int COLUMNS = 1_600;
    /** Directions of falling variance above noise. */
    private static final int PLANTED = 60;

    private static final int COMPARED = 10;
    private static final int MATRICES = 10_000;
    private static final int SIDE = 32;

    @Override
    public String name() {
        return "pca";
    }

    @Override
    public String about() {
        return "principal components of tall, and of many small matrices, against scikit-learn and NumPy, and PyTorch on a card";
    }

    @Override
    public void run(Bench bench, Consumer<Row> rows) throws IOException {
        Path folder = Files.createTempDirectory("latent4j-pca");
        try (Primitives primitives = Devices.primitives(bench.device())) {
            float[] values = tall();
            Path tall = folder.resolve("tall.npy");
            Npy.write(tall, values, ROWS, COLUMNS);
            try (INDArray x = Nd4j.create(values, new long[] {ROWS, COLUMNS}, 'c')) {
                PcaOptions ten = PcaOptions.components(COMPARED);
                PcaOptions all = PcaOptions.defaults();
                PcaOptions randomized = ten.with(Solver.RANDOMIZED);
                for (String library : bench.libraries()) {
                    Case tallCase = new Case(x, tall, library, primitives);
                    rows.accept(row(bench, "auto, all components", tallCase, all, "full", 0));
                    if (bench.peers().isPresent()) { // the fastest way to all components that it has
                        rows.accept(row(bench, "auto, all components", tallCase, all, "covariance_eigh", 0));
                    }
                    rows.accept(row(bench, "auto, 10 components", tallCase, ten, "full", COMPARED));
                    rows.accept(row(bench, "randomized, 10 components", tallCase, randomized, "randomized", COMPARED));
                }
            }
            batched(bench, folder, primitives, rows);
        } finally {
            AtomicFiles.deleteTree(folder);
        }
    }

    /** A matrix, in memory and in a file, and who decomposes it. */
    private record Case(INDArray x, Path file, String library, Primitives primitives) {}

    private static Row row(Bench bench, String name, Case data, PcaOptions options, String task, int k)
            throws IOException {
        PcaModel[] last = new PcaModel[1];
        Measured ours = Measured.of(() -> {
            if (last[0] != null) {
                last[0].components().close();
            }
            last[0] = Pca.fit(data.x(), options, data.primitives());
        });
        String title = String.format(Locale.ROOT, "pca %,d x %,d, %s", ROWS, COLUMNS, name);
        Optional<Peer> peer = peer(bench, data.library(), task, data.file(), k);
        if (peer.isEmpty()) {
            Turns turns = bench.turns(title, ours, 1);
            return turns.row(title + " (" + last[0].solver() + ")", bench, "fp32", null, null, "no peer");
        }
        try (Peer theirs = peer.get()) {
            if (theirs.ready().path("missing").asBoolean()) {
                Turns alone = bench.turns(title, ours, 1);
                String without = theirs.name() + " is not in this version";
                return alone.row(title + " (" + last[0].solver() + ")", bench, "fp32", null, null, without);
            }
            Turns turns = bench.turns(title, ours, theirs, 1);
            JsonNode saved = theirs.ask("save " + data.file().getParent());
            String verified = verify(
                    last[0],
                    data.x(),
                    data.file().getParent(),
                    saved.path("error_per_row").asDouble(),
                    data.primitives());
            return turns.row(title + " (" + last[0].solver() + ")", bench, "fp32", theirs.name(), null, verified);
        }
    }

    private static Optional<Peer> peer(Bench bench, String library, String task, Path file, int k) {
        return bench.peer(
                "pca",
                "--library",
                library,
                "--task",
                task,
                "--data",
                file.toString(),
                "--components",
                String.valueOf(k),
                "--device",
                bench.deviceName());
    }

    /** Largest sine of an angle between the two spaces of the leading components, and the errors of all that were kept. */
    private static String verify(PcaModel model, INDArray x, Path folder, double theirError, Primitives primitives)
            throws IOException {
        double[][] theirs = rows(folder.resolve("components.npy"), COMPARED);
        double[][] ours = model.components().castTo(DataType.DOUBLE).toDoubleMatrix();
        double sine = 0;
        for (int i = 0; i < COMPARED; i++) {
            double[] rest = ours[i].clone();
            for (double[] direction : theirs) {
                double along = dot(rest, direction);
                Arrays.setAll(rest, j -> rest[j] - along * direction[j]);
            }
            sine = Math.max(sine, Math.sqrt(dot(rest, rest)));
        }
        double kept = Arrays.stream(model.explainedVariance()).sum();
        boolean all = model.kept() == COLUMNS;
        double error = all ? 0 : model.reconstructionError(x, primitives);
        double ratio = all ? Double.NaN : error / theirError;
        if (!(sine < 0.05) || !(all || ratio < 1.1)) {
            throw new BenchException(String.format(
                    Locale.ROOT,
                    "components differ: sine %.3g, error %.6g beside the peer's %.6g",
                    sine,
                    error,
                    theirError));
        }
        return String.format(Locale.ROOT, "sine of the largest angle between the first 10: %.1e", sine)
                + (all
                        ? String.format(
                                Locale.ROOT, "; variance kept / total - 1: %.0e", kept / model.totalVariance() - 1)
                        : String.format(Locale.ROOT, "; squared error / peer's: %.6f", ratio));
    }

    private static void batched(Bench bench, Path folder, Primitives primitives, Consumer<Row> rows)
            throws IOException {
        float[] values = new float[MATRICES * SIDE * SIDE];
        new Philox(1, Philox.Purpose.SYNTHETIC, 7).fillNormal(values, 0, values.length);
        Path file = folder.resolve("small.npy");
        Npy.write(file, values, MATRICES, SIDE, SIDE);
        try (INDArray x = Nd4j.create(values, new long[] {MATRICES, SIDE, SIDE}, 'c')) {
            BatchedPca[] last = new BatchedPca[1];
            Measured ours = Measured.of(() -> {
                if (last[0] != null) {
                    last[0].components().close();
                    last[0].mean().close();
                    last[0].explainedVariance().close();
                }
                last[0] = BatchedPca.fit(x, SIDE, primitives);
            });
            String title = String.format(Locale.ROOT, "batched pca, %,d matrices %d x %d", MATRICES, SIDE, SIDE);
            for (String library : bench.libraries()) {
                for (String task : library.equals("torch") ? List.of("stacked") : List.of("batched", "stacked")) {
                    Optional<Peer> peer = peer(bench, library, task, file, 0);
                    if (peer.isEmpty()) {
                        rows.accept(bench.turns(title, ours, 1).row(title, bench, "fp32", null, null, "no peer"));
                        break;
                    }
                    try (Peer theirs = peer.get()) {
                        Turns turns = bench.turns(title + " against " + task, ours, theirs, 1);
                        theirs.ask("save " + folder);
                        double difference = largestDifference(last[0], rows(folder.resolve("variance.npy"), MATRICES));
                        if (!(difference < 1e-3)) {
                            throw new BenchException("variances differ by " + difference);
                        }
                        String verified =
                                String.format(Locale.ROOT, "largest difference of a variance: %.1e", difference);
                        rows.accept(turns.row(title, bench, "fp32", theirs.name(), null, verified));
                    }
                }
            }
        }
    }

    private static double largestDifference(BatchedPca ours, double[][] theirs) {
        double[][] variance = ours.explainedVariance().castTo(DataType.DOUBLE).toDoubleMatrix();
        double worst = 0;
        for (int i = 0; i < theirs.length; i++) {
            for (int j = 0; j < SIDE; j++) {
                worst = Math.max(worst, Math.abs(variance[i][j] - theirs[i][j]));
            }
        }
        return worst;
    }

    private static double[][] rows(Path file, int count) {
        NpyFile in = NpyFile.open(file);
        double[][] rows = new double[count][in.rowElements()];
        for (int i = 0; i < count; i++) {
            in.readDoubles(i, rows[i], 0);
        }
        return rows;
    }

    /** Planted directions with deviations 10, 9.4, ... falling by 0.94 each, in noise of deviation 0.3. */
    private static float[] tall() {
        float[] directions = new float[PLANTED * COLUMNS];
        new Philox(1, Philox.Purpose.SYNTHETIC, 0).fillNormal(directions, 0, directions.length);
        for (int i = 0; i < directions.length; i++) {
            directions[i] *= (float) (10 * Math.pow(0.94, i / COLUMNS) / Math.sqrt(COLUMNS));
        }
        float[] x = new float[ROWS * COLUMNS];
        IntStream.range(0, ROWS).parallel().forEach(row -> {
            Philox random = new Philox(1, Philox.Purpose.SYNTHETIC, row + 1L);
            float[] scores = new float[PLANTED];
            random.fillNormal(scores, 0, PLANTED);
            int at = row * COLUMNS;
            random.fillNormal(x, at, COLUMNS);
            for (int j = 0; j < COLUMNS; j++) {
                float sum = 0.3f * x[at + j] + 1;
                for (int k = 0; k < PLANTED; k++) {
                    sum += scores[k] * directions[k * COLUMNS + j];
                }
                x[at + j] = sum;
            }
        });
        return x;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
