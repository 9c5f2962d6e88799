package org.latent4j.reduction.pca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.latent4j.compute.Device;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Primitives;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dimensionalityreduction.PCA;

/** What ND4J's own PCA gets wrong on iris, so that nobody is tempted to build on it, and what we give instead. */
class Dl4jPcaRegressionTest {
    private static final double[] VARIANCES = {4.228241706035, 0.242670747929, 0.078209500043, 0.023835092973};
    private final Primitives primitives = Devices.primitives(new Device(Device.Kind.ND4J, 0));

    @Test
    void factorsOfNd4jAreTransposedAndItsInputOverwritten() throws IOException {
        INDArray x = PcaPublishedTest.iris();
        INDArray given = x.dup('c');
        INDArray factor = PCA.pca_factor(given, 2, false);
        assertThat(given).isNotEqualTo(x);
        PcaModel model = Pca.fit(x, PcaOptions.components(2), primitives);
        assertThat(x).isEqualTo(PcaPublishedTest.iris());
        double[] truth = model.components().getRow(0).toDoubleVector();
        double[] theirs = factor.getColumn(0).toDoubleVector(); // documented as the first direction
        assertThat(Math.abs(Planted.dot(truth, theirs))).isLessThan(0.9);
    }

    @Test
    void shareOfVarianceFollowsVariances() throws IOException {
        INDArray x = PcaPublishedTest.iris();
        // 92.5 % are in the first component. ND4J sums singular values, not their squares, and asks for more.
        PcaModel ours = Pca.fit(x, PcaOptions.defaults().with(new ComponentRule.Share(0.92)), primitives);
        assertThat(ours.kept()).isEqualTo(1);
        assertThat(ours.spectrum()).containsExactly(VARIANCES, within(1e-9));
        INDArray theirs = PCA.pca_factor(x.dup('c'), 0.92, false);
        assertThat(theirs.columns()).isNotEqualTo(1);
    }
}
