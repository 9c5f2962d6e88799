package org.latent4j.compute.cpu;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Value;
import org.latent4j.compute.graph.Window;

/** The ways to do a convolution and its two adjoints; the fastest is taken. */
final class ConvWays {
    private static final String DIRECT = "direct";
    private static final String COLUMNS = "columns";
    private static final String PHASES = "phases";
    private static final String SHIFTS = "shifts";
    private static final String PLACES = "places";
    private static final String WINOGRAD = "winograd";
    private static final String WINOGRAD_4 = "winograd4";

    private ConvWays() {}

    static void forward(CpuPlan plan, Op.Conv op, Node node) {
        choose(
                plan,
                node,
                op.window(),
                node.input(0),
                node.input(1),
                () -> ConvKernels.forward(plan, op, node),
                () -> ColumnKernels.forward(plan, op, node),
                () -> PhaseKernels.forward(plan, op, node),
                () -> ShiftKernels.forward(plan, op, node),
                () -> PlaceKernels.forward(plan, op, node),
                block -> WinogradKernels.forward(plan, block, op, node));
    }

    static void data(CpuPlan plan, Op.ConvData op, Node node) {
        choose(
                plan,
                node,
                op.window(),
                node.output(0),
                node.input(1),
                () -> ConvKernels.data(plan, op, node),
                () -> ColumnKernels.data(plan, op, node),
                () -> PhaseKernels.data(plan, op, node),
                () -> ShiftKernels.data(plan, op, node),
                () -> PlaceKernels.data(plan, op, node),
                block -> WinogradKernels.data(plan, block, op, node));
    }

    static void weights(CpuPlan plan, Op.ConvWeights op, Node node) {
        choose(
                plan,
                node,
                op.window(),
                node.input(0),
                node.output(0),
                () -> ConvKernels.weights(plan, op, node),
                () -> ColumnKernels.weights(plan, op, node),
                () -> PhaseKernels.weights(plan, op, node),
                () -> ShiftKernels.weights(plan, op, node),
                () -> PlaceKernels.weights(plan, op, node),
                block -> WinogradKernels.weights(plan, block, op, node));
    }

    private static void choose(
            CpuPlan plan,
            Node node,
            Window window,
            Value image,
            Value weights,
            Runnable direct,
            Runnable columns,
            Runnable phases,
            Runnable shifts,
            Runnable places,
            IntConsumer winograd) {
        Map<String, Runnable> ways = new LinkedHashMap<>();
        ways.put(DIRECT, direct);
        boolean whole = weights.shape().rank() == 4; // what follows is not for groups
        if (whole && ColumnKernels.suits(image, window)) {
            ways.put(COLUMNS, columns);
        }
        if (whole && PhaseKernels.suits(window)) {
            ways.put(PHASES, phases);
        }
        if (whole && ShiftKernels.suits(window)) {
            ways.put(SHIFTS, shifts);
        }
        if (whole && PlaceKernels.suits(image, weights, window)) {
            ways.put(PLACES, places);
        }
        if (whole && WinogradKernels.suits(2, node, image, weights, window)) {
            ways.put(WINOGRAD, () -> winograd.accept(2));
        }
        if (whole && WinogradKernels.suits(4, node, image, weights, window)) {
            ways.put(WINOGRAD_4, () -> winograd.accept(4));
        }
        plan.fastest(node.op().title() + " " + window + " " + shapes(node), kept(plan, node), ways);
    }

    /** A way that finds a part of its work done is faster than it is alone, and so is one that does a part of another's. */
    private static String kept(CpuPlan plan, Node node) {
        String kept = node.inputs().stream()
                .map(plan::keptOf)
                .filter(of -> !of.isEmpty())
                .collect(Collectors.joining("; "));
        String later = node.inputs().stream().anyMatch(plan::isConvolvedLater) ? " read later" : "";
        return (kept.isEmpty() ? "" : " with " + kept) + later;
    }

    private static String shapes(Node node) {
        StringBuilder text = new StringBuilder();
        node.inputs()
                .forEach(
                        value -> text.append(value.shape()).append(value.type()).append(' '));
        return text.append(node.output(0).shape()).append(node.output(0).type()).toString();
    }
}
