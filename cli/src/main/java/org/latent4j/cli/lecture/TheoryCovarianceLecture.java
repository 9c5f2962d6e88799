package org.latent4j.cli.lecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.latent4j.data.picture.Charts;
import org.latent4j.reduction.pca.ComponentRule;
import org.latent4j.reduction.pca.CovarianceCharts;
import org.latent4j.reduction.pca.CovarianceModel;
import org.latent4j.reduction.pca.CovariancePca;
import org.latent4j.reduction.pca.DataPoints;
import org.latent4j.reduction.pca.NinePoint;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A covariance of theory errors of 2,819 data points: few directions carry it all.
 *
 * <p>The numbers of points of the five processes are those of Abdul Khalek et al., Eur. Phys. J. C 79 (2019) 931; how predictions change with
 * the scales is a smooth model drawn at random.
 */
final class TheoryCovarianceLecture implements Lecture {
    private static final String[] PROCESSES = {"DIS NC", "DIS CC", "Drell-Yan", "jets", "top"};
    private static final int[] POINTS = {1593, 552, 484, 164, 26};
    /** Typical change in per cent by doubling the scales. */
    private static final double[] SIZES = {1.5, 1.5, 2, 5, 4};
    /** Of the terms in (f, r): r, f, f f, r r, f r, f r r, f f r, f f r r: as many as there are scales, or the rank would be lower. */
    private static final double[] TERMS = {1, 0.7, 0.3, 0.35, 0.2, 0.08, 0.06, 0.05};

    private static final int[][] SCALES = {{1, 0}, {1, 1}, {1, -1}, {-1, 0}, {-1, 1}, {-1, -1}, {0, 1}, {0, -1}};
    private static final int WAVES = 3;

    @Override
    public String name() {
        return "theory-covariance";
    }

    @Override
    public String title() {
        return "PCA of a covariance: theory errors of 2,819 data points";
    }

    @Override
    public Exhibit compute(LectureRoom room) {
        DataPoints points = points();
        try (Primitives primitives = Devices.primitives(room.device());
                INDArray changes = Nd4j.createFromArray(changes(room.seed()));
                INDArray shifts = NinePoint.vectors(changes, points)) {
            CovarianceModel model = CovariancePca.ofShifts(shifts, points, new ComponentRule.All(), primitives);
            String text = String.format(
                    Locale.ROOT,
                    "Each of 2,819 predictions of five processes changes when the scales of its calculation are doubled or halved. The 9-point"
                            + " prescription makes a covariance of these changes: the factorisation scale moves all processes together, the"
                            + " renormalisation scale each by itself. The matrix is 2,819 x 2,819, but its rank is %d = 5 x 5 + 3, and %d"
                            + " components carry 90 %%, %d carry 99 %% and %d carry 99.9 %% of its trace. Drawn over the data points, the"
                            + " directions show which processes move together. (How predictions change is a smooth model here, in per cent of"
                            + " the prediction; `latent4j reduce pca --covariance` takes real matrices.)",
                    model.rank(),
                    model.carrying(0.9),
                    model.carrying(0.99),
                    model.carrying(0.999));
            return new Exhibit(
                    text,
                    List.of(
                            new Exhibit.Figure(
                                    "theory-covariance-spectrum.png",
                                    "The eigenvalues that are not 0, as shares of the trace.",
                                    Charts.draw(CovarianceCharts.spectrum(
                                            model, model.rank(), "Eigenvalues of the theory covariance"))),
                            new Exhibit.Figure(
                                    "theory-covariance-directions.png",
                                    "What each data point shifts by for one standard deviation along the leading directions.",
                                    CovarianceCharts.directions(model, 4, "shift, %"))),
                    List.of(table(model)));
        }
    }

    private static DataPoints points() {
        List<String> names = new ArrayList<>();
        List<String> groups = new ArrayList<>();
        for (int g = 0; g < PROCESSES.length; g++) {
            for (int i = 0; i < POINTS[g]; i++) {
                names.add(PROCESSES[g] + " " + (i + 1));
                groups.add(PROCESSES[g]);
            }
        }
        return new DataPoints(names, groups);
    }

    /** Changes (p, 8), in per cent: a polynomial in the scales whose coefficients are waves over the points of a process. */
    private static double[][] changes(long seed) {
        List<double[]> rows = new ArrayList<>();
        for (int g = 0; g < PROCESSES.length; g++) {
            Philox random = new Philox(seed, Philox.Purpose.SYNTHETIC, g);
            double[][] waves = new double[TERMS.length][2 * WAVES + 1];
            for (double[] one : waves) {
                for (int i = 0; i < one.length; i++) {
                    one[i] = random.nextGaussian();
                }
            }
            for (int i = 0; i < POINTS[g]; i++) {
                double[] c = new double[TERMS.length];
                for (int t = 0; t < c.length; t++) {
                    c[t] = SIZES[g] * TERMS[t] * wave(waves[t], (i + 0.5) / POINTS[g]);
                }
                double[] row = new double[SCALES.length];
                for (int s = 0; s < row.length; s++) {
                    int f = SCALES[s][0];
                    int r = SCALES[s][1];
                    row[s] = c[0] * r
                            + c[1] * f
                            + c[2] * f * f
                            + c[3] * r * r
                            + c[4] * f * r
                            + c[5] * f * r * r
                            + c[6] * f * f * r
                            + c[7] * f * f * r * r;
                }
                rows.add(row);
            }
        }
        return rows.toArray(double[][]::new);
    }

    private static double wave(double[] coefficients, double x) {
        double sum = coefficients[0];
        for (int i = 1; i <= WAVES; i++) {
            sum += (coefficients[2 * i - 1] * Math.sin(i * Math.PI * x)
                            + coefficients[2 * i] * Math.cos(i * Math.PI * x))
                    / i;
        }
        return sum / 2;
    }

    private static Exhibit.NumberTable table(CovarianceModel model) {
        List<String> columns = new ArrayList<>(List.of("component", "share of the trace", "together"));
        columns.addAll(model.points().distinctGroups());
        List<List<String>> rows = new ArrayList<>();
        double together = 0;
        for (int k = 0; k < 8; k++) {
            double share = model.variances()[k] / model.totalVariance();
            together += share;
            List<String> row = new ArrayList<>(List.of(String.valueOf(k + 1), percent(share), percent(together)));
            for (double group : model.groupShares(k)) {
                row.add(percent(group));
            }
            rows.add(row);
        }
        return new Exhibit.NumberTable("Leading components, and how much of each lies in which process", columns, rows);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }
}
