package org.latent4j.clustering;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.latent4j.data.DataException;

/**
 * How well two partitions of the same points agree; renaming clusters changes nothing.
 *
 * <p>Throws {@link DataException} for labels of unequal number or none.
 *
 * <p>Sources: Hubert, Arabie, "Comparing partitions", J. Classification 2 (1985) 193; Vinh, Epps, Bailey, "Information theoretic measures for
 * clusterings comparison", JMLR 11 (2010) 2837, normalised by the mean of both entropies; Rosenberg, Hirschberg, "V-measure", EMNLP 2007.
 *
 * @param adjustedRand 1 for equal partitions, 0 on average for unrelated ones
 * @param adjustedMutualInformation likewise
 * @param homogeneity 1 when each found cluster holds one true class only
 * @param completeness 1 when each true class lies in one found cluster
 * @param vMeasure the harmonic mean of homogeneity and completeness
 */
public record Agreement(
        double adjustedRand,
        double adjustedMutualInformation,
        double homogeneity,
        double completeness,
        double vMeasure) {

    public static Agreement of(int[] truth, int[] found) {
        if (truth.length != found.length || truth.length == 0) {
            throw new DataException("two partitions of the same points are compared, but there are " + truth.length
                    + " true and " + found.length + " found labels");
        }
        Contingency table = Contingency.of(truth, found);
        double information = table.mutualInformation();
        double entropyTrue = Contingency.entropy(table.rows, table.n);
        double entropyFound = Contingency.entropy(table.columns, table.n);
        double homogeneity = entropyTrue == 0 ? 1 : information / entropyTrue;
        double completeness = entropyFound == 0 ? 1 : information / entropyFound;
        double sum = homogeneity + completeness;
        return new Agreement(
                table.adjustedRand(),
                adjusted(table, information, (entropyTrue + entropyFound) / 2),
                homogeneity,
                completeness,
                sum == 0 ? 0 : 2 * homogeneity * completeness / sum);
    }

    private static double adjusted(Contingency table, double information, double most) {
        boolean bothWhole = table.rows.length == 1 && table.columns.length == 1;
        boolean bothSingle = table.rows.length == table.n && table.columns.length == table.n;
        if (bothWhole || bothSingle) {
            return 1;
        }
        double expected = table.expectedMutualInformation();
        double range = most - expected;
        // The range may vanish by rounding; its sign is kept, as the quotient tends to 1 or 0.
        double divisor = range < 0 ? Math.min(range, -Math.ulp(1.0)) : Math.max(range, Math.ulp(1.0));
        return (information - expected) / divisor;
    }

    /** Counts of points by both labels. */
    private static final class Contingency {
        final long n;
        final long[] rows;
        final long[] columns;
        final Map<Long, Long> cells; // row * number of columns + column -> count, where it is not 0

        private Contingency(long n, long[] rows, long[] columns, Map<Long, Long> cells) {
            this.n = n;
            this.rows = rows;
            this.columns = columns;
            this.cells = cells;
        }

        static Contingency of(int[] truth, int[] found) {
            int[] a = consecutive(truth);
            int[] b = consecutive(found);
            long[] rows = counts(a);
            long[] columns = counts(b);
            Map<Long, Long> cells = new HashMap<>();
            for (int i = 0; i < a.length; i++) {
                cells.merge((long) a[i] * columns.length + b[i], 1L, Long::sum);
            }
            return new Contingency(a.length, rows, columns, cells);
        }

        private static int[] consecutive(int[] labels) {
            Map<Integer, Integer> known = new HashMap<>();
            int[] renamed = new int[labels.length];
            for (int i = 0; i < labels.length; i++) {
                Integer next = known.size();
                renamed[i] = Objects.requireNonNullElse(known.putIfAbsent(labels[i], next), next);
            }
            return renamed;
        }

        private static long[] counts(int[] labels) {
            int most = 0;
            for (int label : labels) {
                most = Math.max(most, label);
            }
            long[] counts = new long[most + 1];
            for (int label : labels) {
                counts[label]++;
            }
            return counts;
        }

        private static double pairs(long count) {
            return count * (count - 1.0) / 2;
        }

        double adjustedRand() {
            double together = 0;
            for (long cell : cells.values()) {
                together += pairs(cell);
            }
            double inRows = 0;
            for (long row : rows) {
                inRows += pairs(row);
            }
            double inColumns = 0;
            for (long column : columns) {
                inColumns += pairs(column);
            }
            double expected = n < 2 ? 0 : inRows * inColumns / pairs(n);
            double most = (inRows + inColumns) / 2;
            return most == expected ? 1 : (together - expected) / (most - expected);
        }

        static double entropy(long[] counts, long n) {
            double entropy = 0;
            for (long count : counts) {
                double share = (double) count / n;
                entropy -= share * Math.log(share);
            }
            return counts.length == 1 ? 0 : entropy;
        }

        double mutualInformation() {
            double information = 0;
            for (Map.Entry<Long, Long> cell : new TreeMap<>(cells).entrySet()) {
                long row = rows[(int) (cell.getKey() / columns.length)];
                long column = columns[(int) (cell.getKey() % columns.length)];
                double count = cell.getValue();
                information += count / n * Math.log(count * n / ((double) row * column));
            }
            return Math.max(0, information);
        }

        /** Of partitions with these sizes drawn at random: the mean over the hypergeometric law of every cell. */
        double expectedMutualInformation() {
            double[] logFactorial = new double[(int) n + 1];
            for (int i = 2; i <= n; i++) {
                logFactorial[i] = logFactorial[i - 1] + Math.log(i);
            }
            Map<Long, Long> rowSizes = sizes(rows);
            Map<Long, Long> columnSizes = sizes(columns);
            double expected = 0;
            for (Map.Entry<Long, Long> row : rowSizes.entrySet()) {
                for (Map.Entry<Long, Long> column : columnSizes.entrySet()) {
                    expected += row.getValue()
                            * column.getValue()
                            * expected(row.getKey().intValue(), column.getKey().intValue(), logFactorial);
                }
            }
            return expected;
        }

        private double expected(int a, int b, double[] logFactorial) {
            int total = (int) n;
            double sum = 0;
            for (int both = Math.max(1, a + b - total); both <= Math.min(a, b); both++) {
                double logProbability = logFactorial[a]
                        + logFactorial[b]
                        + logFactorial[total - a]
                        + logFactorial[total - b]
                        - logFactorial[total]
                        - logFactorial[both]
                        - logFactorial[a - both]
                        - logFactorial[b - both]
                        - logFactorial[total - a - b + both];
                sum += (double) both
                        / total
                        * Math.log((double) total * both / ((double) a * b))
                        * Math.exp(logProbability);
            }
            return sum;
        }

        private static Map<Long, Long> sizes(long[] counts) {
            Map<Long, Long> sizes = new TreeMap<>();
            for (long count : counts) {
                sizes.merge(count, 1L, Long::sum);
            }
            return sizes;
        }
    }
}
