package org.latent4j.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.latent4j.clustering.GaussianMixtureModel;
import org.latent4j.clustering.GaussianMixtureOptions;
import org.latent4j.clustering.GaussianMixtureOptions.Covariance;
import org.latent4j.compute.Matrix;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.latent4j.data.Suggest;
import org.latent4j.data.npy.NpyFile;
import org.latent4j.data.table.NumberTable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What other points need of a folder that a clustering command has written.
 *
 * @param columns names of the features; empty where they had none
 * @param scaling of the features before anything else
 * @param centres (k, p) DOUBLE; null for a mixture
 * @param mixture null for centres
 */
record ClusterModel(
        Path folder,
        List<String> columns,
        Optional<ColumnScaling> scaling,
        INDArray centres,
        GaussianMixtureModel mixture) {

    /** What {@code model} in a summary may be: centres in centres.npy, or a mixture; another command may have left such files there before. */
    static final String CENTRES = "centres";

    static final String MIXTURE = "mixture";

    /** Throws {@link DataException} for folders that no clustering command has written whose clusters other points can be given to. */
    static ClusterModel read(Path folder) throws IOException {
        Path file = folder.resolve("summary.json");
        if (!Files.isRegularFile(file)) {
            throw new DataException(folder + " holds no clustering (no summary.json); give the folder that cluster "
                    + "kmeans, minibatch or gmm has written");
        }
        JsonMapper json = new JsonMapper();
        JsonNode summary = json.readTree(file.toFile());
        String kind = summary.path("model").asText();
        boolean isMixture = kind.equals(MIXTURE);
        if (!isMixture && !kind.equals(CENTRES)) {
            throw new DataException(folder + " holds neither centres nor a mixture: cluster kmeans, minibatch, "
                    + "gmm, and hybrid with --consolidate write what other points can be given to");
        }
        List<String> columns = new ArrayList<>();
        summary.path("columns").forEach(name -> columns.add(name.asText()));
        return new ClusterModel(
                folder,
                columns,
                summary.has("scaling")
                        ? Optional.of(json.treeToValue(summary.path("scaling"), ColumnScaling.class))
                        : Optional.empty(),
                isMixture ? null : ClusterOptions.centres(folder.resolve("centres.npy")),
                isMixture ? mixture(folder, summary) : null);
    }

    private static GaussianMixtureModel mixture(Path folder, JsonNode summary) {
        double[][] means = ClusterOptions.centres(folder.resolve("means.npy")).toDoubleMatrix();
        int k = means.length;
        int p = means[0].length;
        Covariance covariance = Suggest.choice(
                Covariance.class, "covariance", summary.path("covariance").asText());
        boolean whole = covariance == Covariance.FULL || covariance == Covariance.TIED;
        double[] row = new double[p * p];
        double[][][] variances = new double[k][whole ? p : 1][p];
        NpyFile covariances = NpyFile.open(folder.resolve("covariances.npy"));
        double[] weights = new double[k];
        for (int c = 0; c < k; c++) {
            weights[c] = summary.path("weights").path(c).asDouble();
            covariances.readDoubles(c, row, 0);
            for (int i = 0; i < p; i++) {
                for (int j = 0; j < p && whole; j++) {
                    variances[c][i][j] = row[i * p + j];
                }
                if (!whole) {
                    variances[c][0][i] = row[i * p + i];
                }
            }
        }
        return new GaussianMixtureModel(
                weights,
                means,
                variances,
                summary.path("logLikelihood").asDouble(),
                new double[0],
                summary.path("converged").asBoolean(),
                summary.path("points").asInt(),
                GaussianMixtureOptions.of(k).withCovariance(covariance));
    }

    int k() {
        return mixture == null ? (int) centres.size(0) : mixture.k();
    }

    private int features() {
        return mixture == null ? (int) centres.size(1) : mixture.means()[0].length;
    }

    /** Points as the model takes them. Throws {@link DataException} where columns are missing, too many, or others. */
    NumberTable prepared(NumberTable points) {
        int p = points.columns().size();
        if (p != features()) {
            throw new DataException(points.name() + " has " + p + " features, but the clusters of " + folder + " have "
                    + features() + (columns.isEmpty() ? "" : ": " + String.join(", ", columns))
                    + "; give the same columns (--ignore leaves others out)");
        }
        if (!columns.isEmpty() && !columns.equals(points.columns())) {
            throw new DataException(points.name() + " has the columns " + String.join(", ", points.columns())
                    + ", but the clusters of " + folder + " were found in " + String.join(", ", columns)
                    + "; give the same columns in the same order");
        }
        return scaling.map(scale -> scale.apply(points)).orElse(points);
    }

    /**
     * Where points went.
     *
     * @param labels n
     * @param probabilities (n, k) of a mixture's components; null for centres
     * @param score what it is called in a summary: inertia, or the log-likelihood of all points
     */
    record Assigned(int[] labels, INDArray probabilities, String score, double value) {}

    /** @param points (n, p) prepared, DOUBLE as the centres are: rounded ones may be nearer to others */
    Assigned assign(INDArray points, Primitives primitives) {
        if (mixture != null) {
            return new Assigned(
                    mixture.predict(points),
                    mixture.probabilities(points),
                    "logLikelihood",
                    mixture.logLikelihood(points));
        }
        int[] labels = new int[(int) points.size(0)];
        double[] squared = new double[labels.length];
        try (Matrix matrix = primitives.matrix(points)) {
            primitives.nearest(matrix, centres, labels, squared);
        }
        return new Assigned(labels, null, "inertia", DoubleStream.of(squared).sum());
    }

    /** (k, p): centres, or a mixture's means. */
    INDArray middles() {
        return mixture == null ? centres : Nd4j.createFromArray(mixture.means());
    }
}
