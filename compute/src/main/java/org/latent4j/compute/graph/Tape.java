package org.latent4j.compute.graph;

import java.util.ArrayList;
import java.util.List;

/**
 * A program: a list of prepared kernels. Running it allocates nothing.
 *
 * <p>A tape is not thread-safe, and neither are two tapes that share memory.
 */
public final class Tape implements Kernel {

    /**
     * One kernel and what it is for.
     *
     * @param node the operation it belongs to; several kernels may do one operation
     * @param implementation the library's name for how
     */
    public record Step(Node node, String implementation, Kernel kernel) {}

    private final List<Step> steps;
    private final Kernel[] kernels;
    private List<double[]> watched; // null: nobody measures

    public Tape(List<Step> steps) {
        this.steps = List.copyOf(steps);
        this.kernels = steps.stream().map(Step::kernel).toArray(Kernel[]::new);
    }

    public List<Step> steps() {
        return steps;
    }

    @Override
    public void run() {
        if (watched != null) {
            watched.add(timed());
            return;
        }
        for (Kernel kernel : kernels) {
            kernel.run();
        }
    }

    private double[] timed() {
        double[] times = new double[kernels.length];
        for (int i = 0; i < kernels.length; i++) {
            long start = System.nanoTime();
            kernels[i].run();
            times[i] = (System.nanoTime() - start) * 1e-6;
        }
        return times;
    }

    /** From now on each run measures its steps, until {@link #milliseconds}. */
    void watch() {
        watched = new ArrayList<>();
    }

    /** The median time of each step over the runs since {@link #watch}, 0 without a run; ends the watch. */
    double[] milliseconds() {
        List<double[]> runs = watched;
        watched = null;
        double[] medians = new double[kernels.length];
        for (int i = 0; i < kernels.length && !runs.isEmpty(); i++) {
            int step = i;
            double[] times =
                    runs.stream().mapToDouble(run -> run[step]).sorted().toArray();
            medians[i] = times[times.length / 2];
        }
        return medians;
    }
}
