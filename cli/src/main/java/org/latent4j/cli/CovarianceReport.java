package org.latent4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.latent4j.compute.Primitives;
import org.latent4j.data.picture.Charts;
import org.latent4j.reduction.pca.ComponentRule;
import org.latent4j.reduction.pca.CovarianceCharts;
import org.latent4j.reduction.pca.CovarianceModel;
import org.latent4j.reduction.pca.CovariancePca;
import org.latent4j.reduction.pca.DataPoints;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What {@code reduce pca --covariance} and {@code --shifts} compute and write. */
record CovarianceReport(RowInput input, boolean shifts, Path names, ComponentRule rule, Primitives primitives) {
    private static final double[] SHARES = {0.9, 0.99, 0.999};
    private static final int DIRECTIONS_DRAWN = 4;
    private static final int MOST_SHOWN = 100;

    void write(ReductionResults results, PrintWriter err) throws IOException {
        int p = Math.toIntExact(input.rows().rows());
        DataPoints points = names == null ? DataPoints.numbered(p) : DataPoints.read(names, p);
        INDArray matrix = input.inMemory();
        CovarianceModel model = shifts
                ? CovariancePca.ofShifts(matrix, points, rule, primitives)
                : CovariancePca.fit(matrix, points, rule, primitives);
        Map<String, Integer> carrying = new LinkedHashMap<>();
        for (double share : SHARES) {
            carrying.put(Charts.tickLabel(100 * share) + "%", model.carrying(share));
        }
        err.println(String.format(
                Locale.ROOT,
                "rank %d of %d; components that carry shares of the trace: %s",
                model.rank(),
                p,
                carrying));
        results.json("covariance.json", figures(model, carrying));
        results.vector("eigenvalues", model.variances());
        results.array("directions", model.directions());
        results.picture(
                "spectrum.png",
                Charts.draw(CovarianceCharts.spectrum(model, MOST_SHOWN, "Eigenvalues of the covariance")));
        results.picture("directions.png", CovarianceCharts.directions(model, DIRECTIONS_DRAWN, "shift (1 sigma)"));
    }

    private Map<String, Object> figures(CovarianceModel model, Map<String, Integer> carrying) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("data", input.name());
        figures.put("points", model.points().size());
        figures.put("groups", model.points().distinctGroups());
        figures.put("rank", model.rank());
        figures.put("trace", model.totalVariance());
        figures.put("asymmetry", model.asymmetry());
        figures.put("componentsFor", carrying);
        List<Map<String, Object>> leading = new ArrayList<>();
        for (int k = 0; k < Math.min(DIRECTIONS_DRAWN, model.kept()); k++) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("eigenvalue", model.variances()[k]);
            one.put("share", model.variances()[k] / model.totalVariance());
            one.put("groupShares", model.groupShares(k));
            leading.add(one);
        }
        figures.put("leading", leading);
        return figures;
    }
}
