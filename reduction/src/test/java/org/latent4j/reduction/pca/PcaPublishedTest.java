package org.latent4j.reduction.pca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.latent4j.compute.Device;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Primitives;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Numbers of scikit-learn 1.2.1 (PCA and _assess_dimension on load_iris and load_wine), which R's prcomp gives as well; iris.csv holds the
 * measurements of Fisher, "The use of multiple measurements in taxonomic problems", 1936.
 */
class PcaPublishedTest {
    private static final Offset<Double> CLOSE = within(1e-9);
    private final Primitives primitives = Devices.primitives(new Device(Device.Kind.ND4J, 0));

    static INDArray iris() throws IOException {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                PcaPublishedTest.class.getResourceAsStream("iris.csv"), StandardCharsets.UTF_8))) {
            return Nd4j.createFromArray(in.lines()
                    .map(line -> Arrays.stream(line.split(","))
                            .mapToDouble(Double::parseDouble)
                            .toArray())
                    .toArray(double[][]::new));
        }
    }

    @ParameterizedTest
    @EnumSource(Solver.class)
    void sixPoints(Solver solver) {
        INDArray x = Nd4j.createFromArray(new double[][] {{-1, -1}, {-2, -1}, {-3, -2}, {1, 1}, {2, 1}, {3, 2}});
        PcaModel model = Pca.fit(x, PcaOptions.components(2).with(solver), primitives);
        assertThat(model.singularValues()).containsExactly(new double[] {6.30061232, 0.54980396}, within(1e-8));
        assertThat(model.explainedVarianceRatio()).containsExactly(new double[] {0.99244289, 0.00755711}, within(1e-8));
        assertThat(model.components().getDouble(0, 0)).isCloseTo(0.83849224, within(1e-8));
        assertThat(model.components().getDouble(0, 1)).isCloseTo(0.54491354, within(1e-8));
        assertThat(model.components().getDouble(1, 0)).isCloseTo(-0.54491354, within(1e-8));
    }

    @ParameterizedTest
    @EnumSource(
            value = Solver.class,
            names = {"AUTO", "FULL", "COVARIANCE", "GRAM", "INCREMENTAL"})
    void iris(Solver solver) throws IOException {
        PcaModel model = Pca.fit(iris(), PcaOptions.defaults().with(solver), primitives);
        assertThat(model.explainedVariance())
                .containsExactly(new double[] {4.228241706035, 0.242670747929, 0.078209500043, 0.023835092973}, CLOSE);
        assertThat(model.explainedVarianceRatio())
                .containsExactly(new double[] {0.92461872, 0.05306648, 0.01710261, 0.00521218}, within(1e-8));
        assertThat(model.singularValues())
                .containsExactly(new double[] {25.099960442184, 6.013147382309, 3.413680639192, 1.884523508223}, CLOSE);
        double[][] directions = {
            {0.361386591785, -0.084522514065, 0.85667060595, 0.358289197152},
            {0.656588771287, 0.730161434785, -0.173372662696, -0.075481019917},
            {-0.582029851306, 0.5979108301, 0.076236075821, 0.54583143202},
            {0.315487192904, -0.319723103666, -0.479838986995, 0.753657425264} // scikit-learn has the other sign
        };
        for (int i = 0; i < 4; i++) {
            assertThat(model.components().getRow(i).toDoubleVector()).containsExactly(directions[i], CLOSE);
        }
        assertThat(model.mean())
                .containsExactly(new double[] {5.843333333333, 3.057333333333, 3.758, 1.199333333333}, CLOSE);
    }

    @Test
    void irisInTwoDimensions() throws IOException {
        INDArray x = iris();
        PcaModel model = Pca.fit(x, PcaOptions.components(2), primitives);
        assertThat(model.noiseVariance()).isCloseTo(0.05102229650818443, CLOSE);
        assertThat(model.precision().getRow(1).toDoubleVector())
                .containsExactly(
                        new double[] {-6.829178894708, 11.208823420708, 3.36143787878, 1.43944224163}, within(1e-8));
        assertThat(model.covariance().getRow(2).toDoubleVector())
                .containsExactly(new double[] {1.271406095987, -0.326724691736, 3.122379571979, 1.284646257776}, CLOSE);
        INDArray scores = model.transform(x, primitives);
        assertThat(scores.getRow(1).toDoubleVector())
                .containsExactly(new double[] {-2.714141687294, -0.177001225065}, CLOSE);
        assertThat(model.inverse(scores, primitives).getRow(0).toDoubleVector())
                .containsExactly(new double[] {5.083038967128, 3.517413931138, 1.403213722425, 0.21353168782}, CLOSE);
        assertThat(model.reconstructionError(x, primitives)).isCloseTo(0.101364295729593, CLOSE);
    }

    @Test
    void irisWhitenedAndStandardized() throws IOException {
        INDArray x = iris();
        PcaModel white = Pca.fit(x, PcaOptions.components(2).whitened(), primitives);
        INDArray scores = white.transform(x, primitives);
        assertThat(scores.getRow(0).toDoubleVector())
                .containsExactly(new double[] {-1.30533786332, 0.64836931578}, CLOSE);
        assertThat(white.inverse(scores, primitives).getRow(0).toDoubleVector())
                .containsExactly(new double[] {5.083038967128, 3.517413931138, 1.403213722425, 0.21353168782}, CLOSE);
        PcaModel standard = Pca.fit(x, PcaOptions.defaults().standardized(), primitives);
        assertThat(standard.explainedVariance())
                .containsExactly(new double[] {2.918497816532, 0.914030471468, 0.146756875571, 0.020714836429}, CLOSE);
        assertThat(standard.components().getRow(0).toDoubleVector())
                .containsExactly(new double[] {0.52106591467, -0.269347442506, 0.580413095796, 0.564856535779}, CLOSE);
    }

    @Test
    void numbersOfDimensions() throws IOException {
        INDArray x = iris();
        assertThat(Pca.fit(x, PcaOptions.defaults().with(ComponentRule.parse("97%")), primitives)
                        .kept())
                .isEqualTo(2);
        assertThat(Pca.fit(x, PcaOptions.defaults().with(ComponentRule.parse("mle")), primitives)
                        .kept())
                .isEqualTo(3);
        assertThat(MinkaMle.logEvidence(
                        new double[] {4.228241706035, 0.242670747929, 0.078209500043, 0.023835092973}, 150))
                .containsExactly(
                        new double[] {Double.NaN, 364.0337315111601, 420.9353768472536, 440.418483626289},
                        within(1e-5));
        double[] wine = {
            9.920178951748e+04, 1.725352664779e+02, 9.438113703471e+00, 4.991178607642e+00, 1.228845228371e+00,
            8.410638694552e-01, 2.789735230661e-01, 1.513812663831e-01, 1.120967647374e-01, 7.170260316211e-02,
            3.757597886619e-02, 2.107236614937e-02, 8.203703141776e-03
        };
        double[] evidence = MinkaMle.logEvidence(wine, 178);
        assertThat(evidence[1]).isCloseTo(-4048.9485453825773, within(1e-4));
        assertThat(evidence[6]).isCloseTo(-653.5725960037195, within(1e-4));
        assertThat(evidence[12]).isCloseTo(-411.54793351833274, within(1e-4));
        assertThat(MinkaMle.dimensions(wine, 178)).isEqualTo(12);
        assertThat(MinkaMle.dimensions(new double[] {3, 2, 1, 1e-31, 3e-32, 0}, 178))
                .isEqualTo(3);
    }

    @Test
    void irisInFloatKeepsItsType() throws IOException {
        PcaModel model = Pca.fit(iris().castTo(DataType.FLOAT), PcaOptions.defaults(), primitives);
        assertThat(model.components().dataType()).isEqualTo(DataType.FLOAT);
        assertThat(model.transform(iris().castTo(DataType.FLOAT), primitives).dataType())
                .isEqualTo(DataType.FLOAT);
        assertThat(model.explainedVariance())
                .containsExactly(
                        new double[] {4.228241706035, 0.242670747929, 0.078209500043, 0.023835092973}, within(1e-6));
    }
}
