package org.latent4j.ensembles.tree;

/** Score (sum w y)^2 / sum w. */
final class VarianceImpurity extends Impurity {

    VarianceImpurity() {
        super(2);
    }

    @Override
    double open(NodeRows node, double[] total) {
        return total[1] * total[1] / total[0];
    }

    @Override
    double impurity(NodeRows node, double[] total, double score) {
        double mean = total[1] / total[0];
        double squares = 0;
        for (int i = 0; i < node.size; i++) {
            double difference = node.value[i] - mean;
            squares += node.weight[i] * difference * difference;
        }
        return squares / total[0];
    }

    @Override
    double score(double[] left, double[] right) {
        return (left[1] * left[1] * right[0] + right[1] * right[1] * left[0]) / (left[0] * right[0]);
    }
}
