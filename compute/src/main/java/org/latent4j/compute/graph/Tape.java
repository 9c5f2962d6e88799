package org.latent4j.compute.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

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

    /** A device's way to run all steps. */
    public interface Whole extends Kernel {
        /** Does what a run does before and after its steps, around a run of them one after the other. */
        void around(Runnable steps);
    }

    private final List<Step> steps;
    private final Kernel[] kernels;
    private final Whole whole;
    private final ToDoubleFunction<Kernel> milliseconds;
    private List<double[]> watched; // null: nobody measures

    /** Runs the steps one after the other, timed by the clock. */
    public Tape(List<Step> steps) {
        this(steps, null, Tape::clock);
    }

    /**
     * Runs as the device likes best.
     *
     * @param whole does what all steps do, or null: then they are run one after the other
     * @param milliseconds times a kernel
     */
    public Tape(List<Step> steps, Whole whole, ToDoubleFunction<Kernel> milliseconds) {
        this.steps = List.copyOf(steps);
        this.kernels = steps.stream().map(Step::kernel).toArray(Kernel[]::new);
        this.whole = whole;
        this.milliseconds = milliseconds;
    }

    private static double clock(Kernel kernel) {
        long start = System.nanoTime();
        kernel.run();
        return (System.nanoTime() - start) * 1e-6;
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
        if (whole != null) {
            whole.run();
            return;
        }
        for (Kernel kernel : kernels) {
            kernel.run();
        }
    }

    private double[] timed() {
        double[] times = new double[kernels.length];
        Runnable measured = () -> {
            for (int i = 0; i < kernels.length; i++) {
                times[i] = milliseconds.applyAsDouble(kernels[i]);
            }
        };
        if (whole == null) {
            measured.run();
        } else {
            whole.around(measured);
        }
        return times;
    }

    /** From now on each run measures its steps, until {@link #medians}. */
    void watch() {
        watched = new ArrayList<>();
    }

    /** The median milliseconds of each step over the runs since {@link #watch}, 0 without a run; ends the watch. */
    double[] medians() {
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
