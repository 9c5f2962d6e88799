package org.latent4j.ensembles.tree;

/** Score sum c_k^2 / w. */
final class GiniImpurity extends Impurity {

    GiniImpurity(int classes) {
        super(classes);
    }

    @Override
    double open(NodeRows node, double[] total) {
        return side(total);
    }

    @Override
    double impurity(NodeRows node, double[] total, double score) {
        double weight = 0;
        for (double w : total) {
            weight += w;
        }
        return Math.max(0, 1 - score / weight);
    }

    @Override
    double score(double[] left, double[] right) {
        if (channels == 2) {
            double l = left[0] + left[1];
            double r = right[0] + right[1];
            // One division instead of two: they are what a scan spends its time on.
            return ((left[0] * left[0] + left[1] * left[1]) * r + (right[0] * right[0] + right[1] * right[1]) * l)
                    / (l * r);
        }
        return side(left) + side(right);
    }

    private static double side(double[] sums) {
        double weight = 0;
        double squares = 0;
        for (double w : sums) {
            weight += w;
            squares += w * w;
        }
        return squares / weight;
    }
}
