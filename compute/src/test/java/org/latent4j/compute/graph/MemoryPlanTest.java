package org.latent4j.compute.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.latent4j.compute.BackendUnderTest;
import org.latent4j.compute.graph.CompileOptions.Wanted;

/** Liveness by brute force: no node writes over what a later node still reads. */
class MemoryPlanTest {

    @Test
    void nothingIsOverwrittenBeforeItsLastReader() {
        int shared = 0;
        for (long seed = 0; seed < 60; seed++) {
            RandomGraphs.Sample sample = RandomGraphs.make(seed);
            Graph graph = Compiler.compile(
                            new Parameters(sample.graph()),
                            BackendUnderTest.get(),
                            CompileOptions.training(sample.batch(), Wanted.PARAMETERS, Wanted.INPUTS)
                                    .withPrecision(seed % 2 == 0 ? Precision.F32 : Precision.BF16)
                                    .withInputShape("in", sample.input()))
                    .graph();
            MemoryPlan plan = new MemoryPlan(graph);
            List<Value> written = new ArrayList<>();
            for (int i = 0; i < graph.nodes().size(); i++) {
                for (Value output : graph.nodes().get(i).outputs()) {
                    if (output.role() == Role.ACTIVATION) {
                        assertThat(plan.offset(output) % MemoryPlan.ALIGNMENT).isZero();
                        assertThat(plan.offset(output) + output.bytes()).isLessThanOrEqualTo(plan.arenaBytes());
                        for (Value other : written) {
                            if (overlap(plan, other, output)) {
                                shared++;
                                assertThat(isReadAfter(graph, i, other))
                                        .as("seed " + seed + ": " + output + " over " + other)
                                        .isFalse();
                            }
                        }
                        written.add(output);
                    }
                }
            }
            assertThat(plan.arenaBytes()).isLessThanOrEqualTo(plan.unsharedBytes());
        }
        assertThat(shared).isGreaterThan(100);
    }

    private static boolean overlap(MemoryPlan plan, Value a, Value b) {
        return plan.offset(a) < plan.offset(b) + b.bytes() && plan.offset(b) < plan.offset(a) + a.bytes();
    }

    private static boolean isReadAfter(Graph graph, int index, Value value) {
        return graph.nodes().subList(index + 1, graph.nodes().size()).stream()
                .anyMatch(node -> node.inputs().contains(value));
    }
}
