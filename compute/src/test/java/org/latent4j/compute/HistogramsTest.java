package org.latent4j.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.latent4j.compute.cpu.CpuHistograms;
import org.latent4j.compute.cuda.CudaUnderTest;

class HistogramsTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 207, 1023, 1024, 1025, 5003})
    void fastOnesAreTheReference(int n) {
        check(n, CpuHistograms::new);
    }

    /** On a real card, else on an emulated one. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 207, 255, 256, 257, 1025})
    void aCardsAreTheReference(int n) {
        String device = BackendUnderTest.device().equals("cuda") ? "cuda" : "emulated";
        String problem = CudaUnderTest.problem(device);
        assumeTrue(problem.isEmpty(), problem);
        check(n, columns -> CudaUnderTest.histograms(device, columns));
    }

    private static void check(int n, Function<byte[][], Histograms> made) {
        Philox random = new Philox(n, Philox.Purpose.EVALUATION, 0);
        int p = 5;
        int classes = 3;
        byte[][] columns = new byte[p][n];
        for (byte[] column : columns) {
            random.nextBytes(column);
        }
        int[] labels = new int[n];
        Arrays.setAll(labels, i -> random.nextInt(classes));
        double[] weights = random.doubles(n).toArray();
        double[] values = random.doubles(n).toArray();
        int[] rows = new int[n];
        Arrays.setAll(rows, i -> i);
        random.shuffle(rows);
        int cut = n / 3;
        Histograms.Nodes nodes = new Histograms.Nodes(
                rows, new int[] {0, cut, n}, new int[] {cut, n, n}, new int[] {4, 0, 2, 1, 3, 3}, 2);
        Histograms reference = new ReferenceHistograms(columns);
        Histograms fast = made.apply(columns);
        double[] expected = new double[6 * 256 * classes + 1];
        double[] found = new double[expected.length];
        Arrays.fill(expected, 9); // what was there before must not count, and what is behind the end must stay
        Arrays.fill(found, 9);
        reference.classSums(nodes, labels, weights, classes, expected);
        fast.classSums(nodes, labels, weights, classes, found);
        assertThat(found).isEqualTo(expected);
        assertThat(Arrays.stream(expected).sum()).isPositive();
        Arrays.fill(expected, 9);
        Arrays.fill(found, 9);
        reference.valueSums(nodes, values, weights, expected);
        fast.valueSums(nodes, values, weights, found);
        assertThat(found).isEqualTo(expected);
        int[] expectedCounts = new int[6 * 256];
        int[] foundCounts = new int[6 * 256];
        reference.counts(nodes, expectedCounts);
        fast.counts(nodes, foundCounts);
        assertThat(foundCounts).isEqualTo(expectedCounts);
        assertThat(Arrays.stream(expectedCounts).sum()).isEqualTo(2 * n);
    }
}
