package org.latent4j.compute.graph;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.latent4j.compute.ComputeException;

/**
 * A network compiled for one batch size: tapes for the forward and the backward pass, and the tensors at their borders.
 *
 * <p>Write the inputs, run {@link #forward}, read the outputs; write the gradients of a loss with respect to the outputs, run
 * {@link #backward}, and read the gradients with respect to the inputs. Gradients with respect to parameters land in DL4J's flat gradient,
 * as sums over the batch. Shapes are DL4J's, (N, F) and (N, C, H, W).
 *
 * <p>Throws {@link ComputeException} for a border that the network does not have. Not thread-safe.
 */
public final class Compiled {
    private final Graph graph;
    private final Map<String, Tensor> borders;
    private final MemoryPlan plan;
    private final Backend backend;
    private final Backend.Tapes tapes;
    private final Noise noise;

    Compiled(
            Graph graph,
            Map<String, Tensor> borders,
            MemoryPlan plan,
            Backend backend,
            Backend.Tapes tapes,
            Noise noise) {
        this.graph = graph;
        this.plan = plan;
        this.backend = backend;
        this.borders = borders;
        this.tapes = tapes;
        this.noise = noise;
    }

    /** An input or output. */
    public Tensor tensor(String name) {
        Tensor tensor = borders.get(name);
        if (tensor == null) {
            throw new ComputeException("there is no '" + name + "'; there are " + borders.keySet());
        }
        return tensor;
    }

    /** The gradient with respect to an input (read it) or an output (write it). */
    public Tensor gradient(String name) {
        return tensor(CompileOptions.gradientOf(name));
    }

    /** What an output should be; write it. */
    public Tensor labels(String output) {
        return tensor(CompileOptions.labelsOf(output));
    }

    /** The loss of an output at the last backward pass, summed over the batch, without regularisation. */
    public double loss(String output) {
        return tensor(CompileOptions.lossOf(output)).read()[0];
    }

    /** Which random numbers the next forward passes draw: the same for the same seed and pass. */
    public void noise(long seed, long pass) {
        noise.set(seed, pass);
    }

    /** Whether there is a gradient with respect to an input or output. */
    public boolean hasGradient(String name) {
        return has(CompileOptions.gradientOf(name));
    }

    /** Whether there is such a border. */
    public boolean has(String name) {
        return borders.containsKey(name);
    }

    public void forward() {
        tapes.forward().run();
    }

    public void backward() {
        tapes.backward().run();
    }

    /** Measures each operation of the passes that follow, which compute what they always do, until {@link #profile()}. */
    public void watch() {
        tapes.forward().watch();
        tapes.backward().watch();
    }

    /** Runs both passes several times and tells where the time goes. */
    public Profile profile(int runs) {
        watch();
        for (int run = 0; run < runs; run++) {
            forward();
            backward();
        }
        return profile();
    }

    /** Where the time of the passes went since {@link #watch}: medians over the passes, 0 for a pass that was not run. */
    public Profile profile() {
        List<Profile.Row> rows =
                new ArrayList<>(Profile.rows(tapes.forward(), tapes.forward().medians()));
        rows.addAll(Profile.rows(tapes.backward(), tapes.backward().medians()));
        Map<DType, Double> ceilings = new EnumMap<>(DType.class);
        rows.stream()
                .filter(row -> row.node().flops() > 0)
                .forEach(row -> ceilings.computeIfAbsent(row.node().input(0).type(), backend::ceiling));
        return new Profile(rows, ceilings, backend.copyRate());
    }

    /** Floating point operations that the definitions of both passes ask for. */
    public double flops() {
        return graph.nodes().stream().mapToDouble(Node::flops).sum();
    }

    /** Bytes that the operations of both passes must read or write at least once each. */
    public long bytes() {
        return graph.nodes().stream().mapToLong(Node::bytes).sum();
    }

    /** The program in words: operations with their kernels, and memory. */
    public String explain() {
        StringBuilder text = new StringBuilder();
        for (Tape tape : List.of(tapes.forward(), tapes.backward())) {
            text.append(tape == tapes.forward() ? "forward\n" : "backward\n");
            Profile.rows(tape, new double[tape.steps().size()])
                    .forEach(row -> text.append(String.format(
                            Locale.ROOT,
                            "  %-18s %-34s %7.3f GFLOP %8.3f MB  %s%n",
                            row.node().op().title(),
                            row.node().output(0),
                            row.node().flops() * 1e-9,
                            row.node().bytes() * 1e-6,
                            row.implementation())));
        }
        return text.append(memory()).toString();
    }

    /** Bytes in words. */
    public String memory() {
        return String.format(
                Locale.ROOT,
                "memory: %.1f MB between the borders (%.1f MB if nothing were shared), %.1f MB kept by convolutions and the like, %.1f MB at"
                        + " the borders%n",
                plan.arenaBytes() * 1e-6,
                plan.unsharedBytes() * 1e-6,
                tapes.keptBytes() * 1e-6,
                borders.values().stream()
                                .mapToLong(t -> t.shape().elements() * Float.BYTES)
                                .sum()
                        * 1e-6);
    }

    public Graph graph() {
        return graph;
    }
}
