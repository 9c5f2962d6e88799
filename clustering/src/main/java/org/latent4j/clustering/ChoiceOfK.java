package org.latent4j.clustering;

import java.util.ArrayList;
import java.util.List;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.latent4j.data.Progress;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * k-means for every k of a range, and what three rules say of them.
 *
 * <p>Elbow: the k farthest below the straight line between the ends of the curve of inertia. Silhouette: the largest mean. Gap statistic:
 * the smallest k whose gap is not below that of k + 1 by more than its error. Throws {@link DataException} for a range that is not within
 * 1 ... n.
 *
 * <p>Sources: Rousseeuw (1987); Tibshirani, Walther, Hastie, "Estimating the number of clusters in a data set via the gap statistic", J. R.
 * Statist. Soc. B 63 (2001) 411, with references uniform over the features' ranges.
 *
 * @param models of each k, ascending
 * @param silhouettes mean of each k; NaN for k = 1
 * @param gaps E*(log W_k) - log W_k; NaN where W_k = 0; empty where no references were asked for
 * @param gapErrors the standard error of each gap, with the references' own
 */
public record ChoiceOfK(List<KMeansModel> models, double[] silhouettes, double[] gaps, double[] gapErrors) {
    private static final int SILHOUETTE_SAMPLE = 2000;

    /**
     * @param references random sets for the gap statistic, 10 is common; 0: leave it out
     */
    public static ChoiceOfK of(
            INDArray points,
            int from,
            int to,
            KMeansOptions options,
            int references,
            Primitives primitives,
            Progress progress) {
        Points checked = Points.of(points);
        if (from < 1 || to < from || to > checked.n()) {
            throw new DataException("numbers of clusters to try must be within 1 ... " + checked.n()
                    + ", the number of points, but are " + from + " ... " + to);
        }
        int tried = to - from + 1;
        List<KMeansModel> models = new ArrayList<>();
        double[] silhouettes = new double[tried];
        for (int i = 0; i < tried; i++) {
            progress.report("numbers of clusters", i, (long) tried * (1 + references));
            KMeansModel model = KMeans.fit(points, options.withK(from + i), primitives);
            models.add(model);
            silhouettes[i] = model.distinctCentres() < 2
                    ? Double.NaN
                    : Silhouette.of(points, model.labels(), SILHOUETTE_SAMPLE, options.seed(), primitives)
                            .mean();
        }
        double[] gaps = new double[references > 0 ? tried : 0];
        double[] errors = new double[gaps.length];
        if (references > 0) {
            double[][] logs = new double[tried][references];
            for (int r = 0; r < references; r++) {
                INDArray reference = uniform(checked, options.seed(), r);
                for (int i = 0; i < tried; i++) {
                    progress.report(
                            "numbers of clusters", tried + (long) r * tried + i, (long) tried * (1 + references));
                    logs[i][r] = Math.log(KMeans.fit(reference, options.withK(from + i), primitives)
                            .inertia());
                }
            }
            for (int i = 0; i < tried; i++) {
                gap(logs[i], Math.log(models.get(i).inertia()), gaps, errors, i);
            }
        }
        return new ChoiceOfK(models, silhouettes, gaps, errors);
    }

    private static void gap(double[] logs, double own, double[] gaps, double[] errors, int at) {
        double mean = 0;
        for (double log : logs) {
            mean += log / logs.length;
        }
        double squares = 0;
        for (double log : logs) {
            squares += (log - mean) * (log - mean) / logs.length;
        }
        double gap = mean - own;
        gaps[at] = Double.isFinite(gap) ? gap : Double.NaN;
        errors[at] = Math.sqrt(squares) * Math.sqrt(1 + 1.0 / logs.length);
    }

    private static INDArray uniform(Points points, long seed, int reference) {
        int p = points.features();
        Columns columns = points.columns();
        Philox random = new Philox(seed, Philox.Purpose.EVALUATION, 1 + reference);
        double[] values = new double[points.n() * p];
        for (int f = 0; f < p; f++) {
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (double value : columns.column(f)) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
            for (int i = 0; i < points.n(); i++) {
                values[i * p + f] = low + random.nextDouble() * (high - low);
            }
        }
        return Points.array(values, points.n(), p, points.type());
    }

    /** The smallest k that was tried. */
    public int from() {
        return models.get(0).k();
    }

    public double[] inertias() {
        return models.stream().mapToDouble(KMeansModel::inertia).toArray();
    }

    public int byElbow() {
        double[] inertia = inertias();
        int last = inertia.length - 1;
        int best = 0;
        double most = 0;
        for (int i = 1; i < last; i++) {
            double line = inertia[0] + (inertia[last] - inertia[0]) * i / last;
            if (line - inertia[i] > most) {
                most = line - inertia[i];
                best = i;
            }
        }
        return from() + best;
    }

    public int bySilhouette() {
        int best = 0;
        for (int i = 1; i < silhouettes.length; i++) {
            best = silhouettes[i] > silhouettes[best] || Double.isNaN(silhouettes[best]) ? i : best;
        }
        return from() + best;
    }

    /** Throws {@link IllegalStateException} where no gap was computed. */
    public int byGap() {
        if (gaps.length == 0) {
            throw new IllegalStateException("no references were drawn for the gap statistic");
        }
        for (int i = 0; i + 1 < gaps.length; i++) {
            if (gaps[i] >= gaps[i + 1] - gapErrors[i + 1]) {
                return from() + i;
            }
        }
        return from() + gaps.length - 1;
    }
}
