package org.latent4j.ensembles.tree;

/** Score sum c_k log2 c_k - w log2 w. */
final class EntropyImpurity extends Impurity {
    private static final double LOG_2 = Math.log(2);

    EntropyImpurity(int classes) {
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
        return Math.max(0, -score / weight);
    }

    @Override
    double score(double[] left, double[] right) {
        return side(left) + side(right);
    }

    /** Both sides pure. */
    @Override
    double most(double weight) {
        return 0;
    }

    private static double side(double[] sums) {
        double weight = 0;
        double score = 0;
        for (double w : sums) {
            weight += w;
            score += timesLog(w);
        }
        return score - timesLog(weight);
    }

    private static double timesLog(double x) {
        return x > 0 ? x * (Math.log(x) / LOG_2) : 0;
    }
}
