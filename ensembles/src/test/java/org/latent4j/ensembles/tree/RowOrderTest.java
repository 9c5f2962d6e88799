package org.latent4j.ensembles.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.latent4j.compute.Philox;

class RowOrderTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 9, 13, 127, 128, 129, 207, 1001})
    void rowsAreInTheOrderOfTheirCodesAndThenOfTheNode(int n) {
        for (int range : new int[] {1, 3, 256}) {
            byte[] column = codes(2 * n, range, n);
            NodeRows node = node(n, 2, new double[2 * n]);
            RowOrder order = new RowOrder();
            order.sort(column, node);
            int[] expected = IntStream.range(0, n)
                    .boxed()
                    .sorted((i, j) -> Integer.compare(column[2 * i] & 0xFF, column[2 * j] & 0xFF))
                    .mapToInt(Integer::intValue)
                    .toArray();
            assertThat(Arrays.stream(order.keys, 0, n).map(RowOrder::position).toArray())
                    .isEqualTo(expected);
            assertThat(order.valued)
                    .isEqualTo(IntStream.range(0, n)
                            .filter(i -> column[2 * i] != (byte) Quantised.MISSING)
                            .count());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8, 9, 127, 128, 129, 207, 1001})
    void finerCodesAreInOrder(int n) {
        for (int range : new int[] {1, 200, 300, Quantised.FINE_MISSING + 1}) {
            Philox random = new Philox(4, Philox.Purpose.EVALUATION, n);
            short[] column = new short[2 * n];
            for (int i = 0; i < 2 * n; i++) {
                column[i] = (short) (random.nextInt(9) == 0 ? Quantised.FINE_MISSING : random.nextInt(range));
            }
            RowOrder order = new RowOrder();
            order.sort(column, node(n, 2, new double[2 * n]));
            int[] expected = IntStream.range(0, n)
                    .boxed()
                    .sorted(Comparator.comparingInt(i -> column[2 * i]))
                    .mapToInt(Integer::intValue)
                    .toArray();
            assertThat(Arrays.stream(order.keys, 0, n).map(RowOrder::position).toArray())
                    .isEqualTo(expected);
            assertThat(Arrays.stream(order.keys, 0, n).map(RowOrder::code).toArray())
                    .isEqualTo(Arrays.stream(expected).map(i -> column[2 * i]).toArray());
            assertThat(order.valued)
                    .isEqualTo(IntStream.range(0, n)
                            .filter(i -> column[2 * i] != Quantised.FINE_MISSING)
                            .count());
        }
    }

    /** Three ways to the best cut of a node, and the definition: every cut with its two impurities. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7, 13, 60, 207, 1001})
    void rowsAndBinsGiveTheBestCut(int n) {
        for (int range : new int[] {2, 5, 255, 256}) {
            byte[] column = codes(n, range, 7L * n + range);
            for (int classes : new int[] {0, 2, 5}) {
                Impurity impurity = classes == 0 ? new VarianceImpurity() : new GiniImpurity(classes);
                Philox random = new Philox(5, Philox.Purpose.EVALUATION, n);
                double[] targets = new double[n];
                Arrays.setAll(targets, i -> classes == 0 ? random.nextGaussian() : random.nextInt(classes));
                NodeRows node = node(n, 1, targets, classes);
                double[] total = new double[impurity.channels];
                for (int i = 0; i < n; i++) {
                    add(total, node, i);
                }
                for (int minLeaf : new int[] {1, 3}) {
                    Cut expected = slowly(column, node, impurity, minLeaf);
                    RowOrder order = new RowOrder();
                    order.sort(column, node);
                    Cut byRows = new Cut();
                    byRows.clear();
                    boolean found = impurity.scanRows(order, node, total, minLeaf, byRows);
                    assertThat(found).isEqualTo(expected.score > Double.NEGATIVE_INFINITY);
                    if (found) {
                        assertThat(byRows.score).isCloseTo(expected.score, within(1e-9 * Math.max(1, expected.score)));
                    }
                    Groups groups = new Groups(impurity.channels, true);
                    groups.count(column, node);
                    Cut byGroups = new Cut();
                    byGroups.clear();
                    assertThat(impurity.scan(groups, node, total, minLeaf, byGroups))
                            .isEqualTo(found);
                    if (found) {
                        assertThat(byGroups.score).isCloseTo(byRows.score, within(1e-9 * Math.max(1, byRows.score)));
                    }
                    if (found && minLeaf == 1 && impurity.scansBins() && order.valued == n) {
                        Groups filled = new Groups(impurity.channels, false);
                        filled.fill(column, node);
                        Cut byBins = new Cut();
                        byBins.clear();
                        int first = RowOrder.code(order.keys[0]);
                        int last = RowOrder.code(order.keys[n - 1]);
                        assertThat(impurity.scanBins(filled.bins, 0, first, last, total, byBins))
                                .isTrue();
                        assertThat(byBins.score).isCloseTo(byRows.score, within(1e-9 * Math.max(1, byRows.score)));
                    }
                }
            }
        }
    }

    private static Cut slowly(byte[] column, NodeRows node, Impurity impurity, int minLeaf) {
        Cut best = new Cut();
        best.clear();
        for (int code = 0; code < Quantised.MISSING; code++) {
            for (boolean missingLeft : new boolean[] {true, false}) {
                double[] left = new double[impurity.channels];
                double[] right = new double[impurity.channels];
                int rows = 0;
                for (int i = 0; i < node.size; i++) {
                    int own = column[i] & 0xFF;
                    boolean goesLeft = own == Quantised.MISSING ? missingLeft : own <= code;
                    add(goesLeft ? left : right, node, i);
                    rows += goesLeft ? 1 : 0;
                }
                if (rows >= minLeaf && node.size - rows >= minLeaf) {
                    best.score = Math.max(best.score, impurity.score(left, right));
                }
            }
        }
        return best;
    }

    private static void add(double[] sums, NodeRows node, int i) {
        if (node.label != null) {
            sums[node.label[i]] += node.weight[i];
        } else {
            sums[0] += node.weight[i];
            sums[1] += node.weight[i] * node.value[i];
        }
    }

    private static byte[] codes(int n, int range, long stream) {
        Philox random = new Philox(4, Philox.Purpose.EVALUATION, stream);
        byte[] codes = new byte[n];
        for (int i = 0; i < n; i++) {
            codes[i] = (byte) random.nextInt(range);
        }
        return codes;
    }

    private static NodeRows node(int n, int step, double[] values) {
        return node(n, step, values, 0);
    }

    /** Every so many rows, of weights 1, 2, 3. */
    private static NodeRows node(int n, int step, double[] targets, int classes) {
        NodeRows node = new NodeRows(n, classes > 0);
        Arrays.setAll(node.rows, i -> i * step);
        double[] weights = new double[n * step];
        Arrays.setAll(weights, i -> 1 + i % 3);
        int[] labels = Arrays.stream(targets).mapToInt(t -> (int) t).toArray();
        node.open(0, n, weights, labels, targets);
        return node;
    }
}
