package org.latent4j.reduction.pca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.latent4j.compute.Device;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.latent4j.data.npy.Npy;
import org.latent4j.data.npy.NpyFile;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class PcaSolversTest {
    private static final List<Solver> EXACT = List.of(Solver.FULL, Solver.COVARIANCE, Solver.GRAM, Solver.INCREMENTAL);
    private final Primitives primitives = Devices.primitives(new Device(Device.Kind.CPU, 0));

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"207,13", "13,207", "40,40", "7,3", "3,7", "100,2"})
    void everySolverRecoversAPlantedSpectrum(int n, int p) {
        int r = Math.min(6, Math.min(n - 1, p));
        double[] singular = new double[r];
        Arrays.setAll(singular, i -> 50 * Math.pow(0.6, i));
        Planted planted = Planted.of(n, p, singular, 3, 7);
        for (Solver solver : Solver.values()) {
            PcaModel model = Pca.fit(planted.x(), PcaOptions.components(r).with(solver), primitives);
            assertThat(model.singularValues()).as("%s", solver).containsExactly(singular, within(1e-9));
            assertThat(planted.sineToPlanted(model.components()))
                    .as("%s", solver)
                    .isLessThan(1e-9);
            assertThat(model.reconstructionError(planted.x(), primitives)).isLessThan(1e-15);
        }
    }

    @Test
    void leadingComponentsOfFlatSpectraAreFoundByTheRandomizedSolver() {
        double[] singular = new double[120];
        Arrays.setAll(singular, i -> 10 / Math.sqrt(i + 1.0));
        Planted planted = Planted.of(301, 150, singular, 0, 3);
        PcaModel model = Pca.fit(planted.x(), PcaOptions.components(5).with(Solver.RANDOMIZED), primitives);
        assertThat(model.singularValues()).containsExactly(Arrays.copyOf(singular, 5), within(1e-3));
        assertThat(planted.sineToPlanted(model.components())).isLessThan(0.02);
    }

    @Test
    void dataOfLowRankHaveOrthonormalComponentsNevertheless() {
        Planted planted = Planted.of(60, 50, new double[] {9, 4}, 1, 5);
        for (Solver solver : Solver.values()) {
            PcaModel model = Pca.fit(planted.x(), PcaOptions.components(20).with(solver), primitives);
            double[] singular = model.singularValues();
            assertThat(singular[0]).as("%s", solver).isCloseTo(9, within(1e-9));
            assertThat(singular[1]).isCloseTo(4, within(1e-9));
            assertThat(singular[2]).isLessThan(1e-6);
            INDArray products = model.components().mmul(model.components().transpose());
            assertThat(products.sub(Nd4j.eye(20).castTo(DataType.DOUBLE))
                            .amaxNumber()
                            .doubleValue())
                    .as("%s", solver)
                    .isLessThan(1e-9);
        }
    }

    @Test
    void offsetsOfColumnsCostNothing() {
        Philox random = new Philox(1, Philox.Purpose.SYNTHETIC, 0);
        int n = 300;
        double[][] x = new double[n][5];
        for (double[] row : x) {
            Arrays.setAll(row, j -> Math.rint(random.nextGaussian() * 100 * (j + 1)) * 8); // steps of 8: floats at 1e8
        }
        double[][] shifted = Arrays.stream(x)
                .map(row -> Arrays.stream(row).map(v -> v + 1e8).toArray())
                .toArray(double[][]::new);
        for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
            for (Solver solver : Solver.values()) {
                PcaOptions options = PcaOptions.components(5).with(solver);
                PcaModel plain = Pca.fit(Nd4j.createFromArray(x).castTo(type), options, primitives);
                PcaModel far = Pca.fit(Nd4j.createFromArray(shifted).castTo(type), options, primitives);
                for (int k = 0; k < 5; k++) {
                    assertThat(far.explainedVariance()[k] / plain.explainedVariance()[k] - 1)
                            .as("%s %s", type, solver)
                            .isCloseTo(0, within(1e-9));
                }
                INDArray scores = far.transform(Nd4j.createFromArray(shifted).castTo(type), primitives);
                INDArray expected = plain.transform(Nd4j.createFromArray(x).castTo(type), primitives);
                assertThat(scores.sub(expected).amaxNumber().doubleValue())
                        .isLessThan(type == DataType.FLOAT ? 0.02 : 1e-5);
            }
        }
    }

    @Test
    void batchesOfAnySizeGiveWhatAllRowsGive() {
        INDArray x = mixed(211, 9, DataType.DOUBLE);
        PcaModel once = Pca.fit(x, PcaOptions.defaults().with(Solver.FULL), primitives);
        for (int size : new int[] {1, 2, 7, 100, 211}) {
            try (IncrementalPca incremental = new IncrementalPca(9, DataType.DOUBLE, primitives)) {
                for (int from = 0; from < 211; from += size) {
                    incremental.add(x.get(NDArrayIndex.interval(from, Math.min(211, from + size)), NDArrayIndex.all()));
                }
                PcaModel model = incremental.model(PcaOptions.defaults());
                for (int k = 0; k < 9; k++) {
                    assertThat(model.explainedVariance()[k] / once.explainedVariance()[k])
                            .isCloseTo(1, within(1e-12));
                }
                assertThat(model.components()
                                .sub(once.components())
                                .amaxNumber()
                                .doubleValue())
                        .isLessThan(1e-11);
            }
        }
    }

    @Test
    void filesAreReadInBlocks() throws IOException {
        INDArray x = mixed(500, 7, DataType.FLOAT);
        Path file = folder.resolve("x.npy");
        Npy.write(file, x.data().asFloat(), 500, 7);
        for (Solver solver : Solver.values()) {
            PcaOptions options = PcaOptions.components(3).with(solver);
            PcaModel ofFile = Pca.fit(RowSource.of(NpyFile.open(file)), options, primitives);
            PcaModel ofArray = Pca.fit(x, options, primitives);
            assertThat(ofFile.explainedVariance()).containsExactly(ofArray.explainedVariance());
            assertThat(ofFile.components()).isEqualTo(ofArray.components());
        }
    }

    @Test
    void viewsAndOrdersDoNotMatter() {
        INDArray x = mixed(60, 8, DataType.DOUBLE);
        PcaModel expected = Pca.fit(
                x.get(NDArrayIndex.interval(10, 50), NDArrayIndex.interval(2, 6))
                        .dup('c'),
                PcaOptions.defaults(),
                primitives);
        INDArray view = x.get(NDArrayIndex.interval(10, 50), NDArrayIndex.interval(2, 6));
        for (INDArray same : List.of(
                view,
                view.dup('f'),
                x.transpose().dup('c').transpose().get(NDArrayIndex.interval(10, 50), NDArrayIndex.interval(2, 6)))) {
            assertThat(Pca.fit(same, PcaOptions.defaults(), primitives).explainedVariance())
                    .containsExactly(expected.explainedVariance());
        }
        assertThat(x).isEqualTo(mixed(60, 8, DataType.DOUBLE)); // the argument is left as it is
    }

    @Test
    void oneColumnAndTwoRows() {
        for (Solver solver : Solver.values()) {
            PcaModel one = Pca.fit(
                    Nd4j.createFromArray(new double[][] {{1}, {2}, {6}}),
                    PcaOptions.components(1).with(solver),
                    primitives);
            assertThat(one.explainedVariance()).containsExactly(new double[] {7}, within(1e-12));
            assertThat(one.components().getDouble(0, 0)).isCloseTo(1, within(1e-12));
            PcaModel two = Pca.fit(
                    Nd4j.createFromArray(new double[][] {{0, 0, 0}, {2, -4, 4}}),
                    PcaOptions.components(1).with(solver),
                    primitives);
            assertThat(two.explainedVariance()).containsExactly(new double[] {18}, within(1e-12));
            assertThat(two.components().getRow(0).toDoubleVector())
                    .containsExactly(new double[] {-1 / 3.0, 2 / 3.0, -2 / 3.0}, within(1e-12));
        }
    }

    @Test
    void constantColumnsStayZeroWhenStandardized() {
        INDArray x = mixed(50, 4, DataType.DOUBLE);
        x.getColumn(2).assign(0.1);
        for (Solver solver : EXACT) {
            PcaModel model = Pca.fit(x, PcaOptions.defaults().with(solver).standardized(), primitives);
            assertThat(model.constantColumns()).containsExactly(2);
            assertThat(model.totalVariance()).isEqualTo(3);
            assertThat(model.explainedVariance()[3]).isCloseTo(0, within(1e-12));
            assertThat(model.transform(x, primitives).getColumn(3).amaxNumber().doubleValue())
                    .isLessThan(1e-9);
        }
    }

    @Test
    void parallelAnalysisFindsPlantedFactors() {
        Philox random = new Philox(2, Philox.Purpose.SYNTHETIC, 0);
        double[][] x = new double[400][12];
        for (double[] row : x) {
            double a = random.nextGaussian();
            double b = random.nextGaussian();
            Arrays.setAll(row, j -> (j < 6 ? a : b) + random.nextGaussian());
        }
        PcaOptions options = PcaOptions.defaults()
                .with(ComponentRule.ParallelAnalysis.defaults())
                .standardized();
        assertThat(Pca.fit(Nd4j.createFromArray(x), options, primitives).kept()).isEqualTo(2);
        double[][] noise = new double[300][10];
        for (double[] row : noise) {
            Arrays.setAll(row, j -> random.nextGaussian());
        }
        assertThatThrownBy(() -> Pca.fit(
                        Nd4j.createFromArray(noise),
                        PcaOptions.defaults().with(new ComponentRule.ParallelAnalysis(40, 1)),
                        primitives))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no component above chance");
    }

    @Test
    void autoSaysWhatItChose() {
        assertThat(SolverChoice.of(150, 4, true, PcaOptions.defaults()).solver())
                .isEqualTo(Solver.FULL);
        assertThat(SolverChoice.of(16_000, 1_600, true, PcaOptions.defaults()).solver())
                .isEqualTo(Solver.COVARIANCE);
        assertThat(SolverChoice.of(300, 50_000, true, PcaOptions.defaults()).solver())
                .isEqualTo(Solver.GRAM);
        assertThat(SolverChoice.of(10_492, 55_296, true, PcaOptions.components(151))
                        .solver())
                .isEqualTo(Solver.RANDOMIZED);
        assertThat(Pca.fit(mixed(20, 3, DataType.FLOAT), PcaOptions.defaults(), primitives)
                        .reason())
                .contains("small");
    }

    @ParameterizedTest
    @EnumSource(Solver.class)
    void seedsRepeatAndResultsHaveTheSameBits(Solver solver) {
        INDArray x = mixed(400, 30, DataType.FLOAT);
        PcaModel first = Pca.fit(x, PcaOptions.components(3).with(solver), primitives);
        PcaModel second = Pca.fit(x, PcaOptions.components(3).with(solver), primitives);
        assertThat(first.explainedVariance()).containsExactly(second.explainedVariance());
        assertThat(first.components()).isEqualTo(second.components());
    }

    @Test
    void badInputIsNamed() {
        INDArray x = mixed(10, 4, DataType.DOUBLE);
        refused(x, PcaOptions.components(5), "5 components of 10 rows and 4 columns", "at most 4");
        refused(x, PcaOptions.defaults().with(Solver.RANDOMIZED), "needs a number of components");
        refused(Nd4j.ones(DataType.DOUBLE, 1, 4), PcaOptions.defaults(), "at least 2 rows");
        refused(Nd4j.ones(DataType.DOUBLE, 3, 4), PcaOptions.defaults(), "no variance", "3 rows");
        refused(
                mixed(3, 5, DataType.DOUBLE),
                PcaOptions.defaults().with(new ComponentRule.Mle()),
                "at least as many rows as columns");
        x.putScalar(2, 1, Double.NaN);
        x.putScalar(7, 3, Double.POSITIVE_INFINITY);
        for (Solver solver : EXACT) {
            refused(
                    x,
                    PcaOptions.defaults().with(solver),
                    "2 numbers are not finite",
                    "row 3, column x2: NaN",
                    "row 8, column x4: Infinity");
        }
        for (String text : List.of("0", "-3", "1.5", "0.0", "120%", "some", "")) {
            assertThatThrownBy(() -> ComponentRule.parse(text)).isInstanceOf(DataException.class);
        }
        assertThatThrownBy(() -> Pca.fit(mixed(9, 4, DataType.DOUBLE), PcaOptions.defaults(), primitives)
                        .transform(mixed(9, 5, DataType.DOUBLE), primitives))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("4 columns, but 5 came");
    }

    private void refused(INDArray x, PcaOptions options, String... words) {
        assertThatThrownBy(() -> Pca.fit(x, options, primitives))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll(words);
    }

    /** Correlated columns of different variances and means. */
    static INDArray mixed(int n, int p, DataType type) {
        Philox random = new Philox(11, Philox.Purpose.SYNTHETIC, 0);
        double[][] x = new double[n][p];
        for (double[] row : x) {
            double common = random.nextGaussian();
            Arrays.setAll(row, j -> 5 * j + (j + 1) * (random.nextGaussian() + 0.5 * common));
        }
        return Nd4j.createFromArray(x).castTo(type).dup('c');
    }
}
