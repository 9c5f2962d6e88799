package org.latent4j.compute.graph;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Where the time of a compiled network goes: a row for each operation, in the order in which they run.
 *
 * <p>Times are in milliseconds, medians over several runs; rates count what an operation's definition asks for, not what a kernel does, so
 * that two ways to do the same compare fairly.
 *
 * @param ceilings floating point operations per second of a large matrix product on this machine, for each type
 * @param copyRate bytes per second that a large copy reads and writes on it
 */
public record Profile(List<Row> rows, Map<DType, Double> ceilings, double copyRate) {

    /**
     * One operation.
     *
     * @param implementation the library's names of its kernels
     * @param milliseconds 0 where nothing was timed
     */
    public record Row(Node node, String implementation, double milliseconds) {

        public double gigaflopsPerSecond() {
            return milliseconds == 0 ? 0 : node.flops() / milliseconds * 1e-6;
        }

        public double gigabytesPerSecond() {
            return milliseconds == 0 ? 0 : node.bytes() / milliseconds * 1e-6;
        }
    }

    /** Rows of a tape; {@code milliseconds} has a time for each of its steps. */
    static List<Row> rows(Tape tape, double[] milliseconds) {
        List<Row> rows = new ArrayList<>();
        int i = 0;
        while (i < tape.steps().size()) {
            Node node = tape.steps().get(i).node();
            Set<String> implementations = new LinkedHashSet<>();
            double time = 0;
            for (; i < tape.steps().size() && tape.steps().get(i).node() == node; i++) {
                implementations.add(tape.steps().get(i).implementation());
                time += milliseconds[i];
            }
            rows.add(new Row(node, String.join(" + ", implementations), time));
        }
        return rows;
    }

    public double milliseconds() {
        return rows.stream().mapToDouble(Row::milliseconds).sum();
    }

    /**
     * Share of the machine's ceiling that a row reached: of its rate of computing or of copying, whichever the row is nearer to. More than 1 is possible
     * where numbers are still in a cache, or where a kernel does with fewer operations than the definition asks for.
     *
     * <p>Source: Williams et al., "Roofline: an insightful visual performance model for multicore architectures", 2009.
     */
    public double share(Row row) {
        double copied = row.gigabytesPerSecond() * 1e9 / copyRate;
        return row.node().flops() == 0
                ? copied
                : Math.max(
                        copied,
                        row.gigaflopsPerSecond()
                                * 1e9
                                / ceilings.get(row.node().input(0).type()));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%-18s %-16s %-18s %9s %8s %8s %6s  %s%n",
                "operation",
                "layer",
                "result",
                "ms",
                "GFLOP/s",
                "GB/s",
                "share",
                "kernels"));
        for (Row row : rows) {
            Value result = row.node().output(0);
            boolean computes = row.node().flops() > 0;
            text.append(String.format(
                    Locale.ROOT,
                    "%-18s %-16s %-18s %9.3f %8s %8.1f %6s  %s%n",
                    row.node().op().title(),
                    result.name(),
                    result.shape() + " " + result.type(),
                    row.milliseconds(),
                    computes ? String.format(Locale.ROOT, "%.0f", row.gigaflopsPerSecond()) : "",
                    row.gigabytesPerSecond(),
                    Math.round(100 * share(row)) + " %",
                    row.implementation()));
        }
        return text.append(String.format(Locale.ROOT, "%.3f ms in all%n", milliseconds()))
                .toString();
    }
}
