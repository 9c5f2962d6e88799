package org.latent4j.cli;

import org.latent4j.data.table.NumberTable;

/**
 * Columns moved to mean 0 and scaled to variance 1.
 *
 * @param means p
 * @param deviations p standard deviations, by n; 1 for columns without any
 */
record ColumnScaling(double[] means, double[] deviations) {

    static ColumnScaling of(NumberTable points) {
        int p = points.columns().size();
        int n = points.rows();
        double[] values = points.values();
        double[] means = new double[p];
        double[] deviations = new double[p];
        for (int f = 0; f < p; f++) {
            for (int i = f; i < values.length; i += p) {
                means[f] += values[i] / n;
            }
            double squares = 0;
            for (int i = f; i < values.length; i += p) {
                squares += (values[i] - means[f]) * (values[i] - means[f]) / n;
            }
            deviations[f] = squares > 0 ? Math.sqrt(squares) : 1;
        }
        return new ColumnScaling(means, deviations);
    }

    NumberTable apply(NumberTable points) {
        int p = means.length;
        double[] scaled = points.values().clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (scaled[i] - means[i % p]) / deviations[i % p];
        }
        return new NumberTable(points.name(), points.columns(), scaled, points.target(), points.categories());
    }
}
