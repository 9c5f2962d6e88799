package org.latent4j.reduction.pca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latent4j.compute.Device;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CovariancePcaTest {
    private static final ComponentRule ALL = new ComponentRule.All();
    private final Primitives primitives = Devices.primitives(new Device(Device.Kind.CPU, 0));

    @TempDir
    Path folder;

    @Test
    void twoByTwo() {
        INDArray covariance = Nd4j.createFromArray(new double[][] {{2, 1}, {1, 2}});
        CovarianceModel model = CovariancePca.fit(covariance, DataPoints.numbered(2), ALL, primitives);
        assertThat(model.variances()).containsExactly(new double[] {3, 1}, within(1e-12));
        assertThat(model.shift(0)).containsExactly(new double[] {Math.sqrt(1.5), Math.sqrt(1.5)}, within(1e-12));
        assertThat(model.shift(1)).containsExactly(new double[] {Math.sqrt(.5), -Math.sqrt(.5)}, within(1e-12));
        assertThat(model.rank()).isEqualTo(2);
        assertThat(model.carrying(0.75)).isEqualTo(1);
        assertThat(model.carrying(0.76)).isEqualTo(2);
    }

    @Test
    void samplesAndTheirCovarianceHaveTheSameComponents() {
        INDArray x = PcaSolversTest.mixed(80, 6, DataType.DOUBLE);
        PcaModel samples = Pca.fit(x, PcaOptions.components(6), primitives);
        CovarianceModel model = CovariancePca.fit(samples.covariance(), DataPoints.numbered(6), ALL, primitives);
        assertThat(model.variances()).containsExactly(samples.explainedVariance(), within(1e-10));
        assertThat(model.directions().sub(samples.components()).amaxNumber().doubleValue())
                .isLessThan(1e-9);
    }

    /** The prescription's own double sums, entry by entry, and the rank 5 g + 3. */
    @Test
    void ninePointPrescriptionOfFiveProcessesHasRank28() {
        int p = 90;
        Philox random = new Philox(4, Philox.Purpose.SYNTHETIC, 0);
        double[][] d = new double[p][8];
        List<String> groups = new ArrayList<>();
        for (int i = 0; i < p; i++) {
            Arrays.setAll(d[i], j -> random.nextGaussian());
            groups.add("process " + (i * 5 / p));
        }
        DataPoints points = new DataPoints(groups, groups);
        INDArray shifts = NinePoint.vectors(Nd4j.createFromArray(d), points);
        double[][] covariance = shifts.mmul(shifts.transpose()).toDoubleMatrix();
        for (int i = 0; i < p; i++) {
            for (int j = 0; j < p; j++) {
                assertThat(covariance[i][j])
                        .isCloseTo(prescribed(d[i], d[j], groups.get(i).equals(groups.get(j))), within(1e-12));
            }
        }
        CovarianceModel ofMatrix = CovariancePca.fit(Nd4j.createFromArray(covariance), points, ALL, primitives);
        CovarianceModel ofShifts = CovariancePca.ofShifts(shifts, points, ALL, primitives);
        assertThat(ofMatrix.rank()).isEqualTo(28);
        assertThat(ofShifts.rank()).isEqualTo(28);
        for (int k = 0; k < 28; k++) {
            assertThat(ofShifts.variances()[k]).isCloseTo(ofMatrix.variances()[k], within(1e-9));
            assertThat(ofShifts.shift(k)).containsExactly(ofMatrix.shift(k), within(1e-7));
            assertThat(Arrays.stream(ofMatrix.groupShares(k)).sum()).isCloseTo(1, within(1e-12));
        }
    }

    /** Columns +0 ++ +- -0 -+ -- 0+ 0-. */
    private static double prescribed(double[] a, double[] b, boolean sameProcess) {
        if (sameProcess) {
            return Planted.dot(a, b) / 4;
        }
        double up = (a[0] + a[1] + a[2]) * (b[0] + b[1] + b[2]);
        double down = (a[3] + a[4] + a[5]) * (b[3] + b[4] + b[5]);
        double central = (a[6] + a[7]) * (b[6] + b[7]);
        return (2 * up + 2 * down + 3 * central) / 24;
    }

    @Test
    void badMatricesAreRefusedWithSizes() {
        refused(
                new double[][] {{2, 1}, {0.5, 2}},
                "not symmetric",
                "points 2 (x2) and 1 (x1) differ by 0.500",
                "0.25 of the largest");
        refused(new double[][] {{1, 2}, {2, 1}}, "not positive semi-definite", "-1.00", "3.00");
        refused(new double[][] {{1, Double.NaN}, {2, 1}}, "row 1 (x1), column 2 is NaN");
        refused(new double[][] {{0, 0}, {0, 0}}, "0 everywhere");
        refused(new double[][] {{1, 0, 0}, {0, 1, 0}}, "must be (p, p)", "[2, 3]");
        assertThatThrownBy(() ->
                        CovariancePca.fit(Nd4j.eye(3).castTo(DataType.DOUBLE), DataPoints.numbered(2), ALL, primitives))
                .hasMessageContaining("2 names of data points for 3 rows");
        assertThatThrownBy(() -> CovariancePca.fit(
                        Nd4j.eye(3).castTo(DataType.DOUBLE),
                        DataPoints.numbered(3),
                        new ComponentRule.Mle(),
                        primitives))
                .hasMessageContaining("need samples");
        assertThatThrownBy(() -> CovariancePca.fit(
                        Nd4j.eye(3).castTo(DataType.DOUBLE),
                        DataPoints.numbered(3),
                        new ComponentRule.Number(4),
                        primitives))
                .hasMessageContaining("4 components");
    }

    private void refused(double[][] matrix, String... words) {
        assertThatThrownBy(() -> CovariancePca.fit(
                        Nd4j.createFromArray(matrix), DataPoints.numbered(matrix.length), ALL, primitives))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll(words);
    }

    @Test
    void namesAreReadFromAFile() throws IOException {
        Path file = folder.resolve("names.csv");
        Files.writeString(file, "name, group\nNMC x=0.1, Q=5,DIS\nATLAS,jets\n\n");
        DataPoints points = DataPoints.read(file, 2);
        assertThat(points.names()).containsExactly("NMC x=0.1, Q=5", "ATLAS");
        assertThat(points.distinctGroups()).containsExactly("DIS", "jets");
        assertThatThrownBy(() -> DataPoints.read(file, 3)).hasMessageContaining("names 2 data points");
        Files.writeString(file, "only a name\n");
        assertThatThrownBy(() -> DataPoints.read(file, 1)).hasMessageContaining("line 1");
    }
}
