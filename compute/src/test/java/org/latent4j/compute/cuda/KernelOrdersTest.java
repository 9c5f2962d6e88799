package org.latent4j.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** Every kernel by itself on the emulated card: the same bits in whatever order threads and blocks run, and no races. */
class KernelOrdersTest {
    /** Ascending, descending, and shuffles. */
    private static final int ORDERS = 5;

    private static final String BARRIER = "__syncthreads();";

    @BeforeEach
    void open() {
        String problem = EmulatedKernels.problem();
        assumeTrue(problem.isEmpty(), problem);
    }

    @TestFactory
    Stream<DynamicTest> everyKernelGivesTheSameBitsInEveryOrder() {
        return KernelCases.all().stream()
                .map(one -> DynamicTest.dynamicTest(
                        one.toString(),
                        () -> one.check(EmulatedGpu.get(), EmulatedKernels.get().watched(one.name()), ORDERS)));
    }

    @Test
    void everyKernelIsAmongThem() {
        Map<String, List<String>> tested = KernelCases.all().stream()
                .map(KernelCase::name)
                .collect(Collectors.groupingBy(
                        KernelName::file, TreeMap::new, Collectors.mapping(KernelName::function, Collectors.toList())));
        assertThat(tested.keySet())
                .containsExactlyInAnyOrderElementsOf(KernelSources.MODULES.stream()
                        .map(KernelName::file)
                        .distinct()
                        .toList());
        tested.forEach((file, functions) -> assertThat(functions).containsAll(KernelSources.functions(file)));
    }

    /** Without any one barrier some kernel has a race: none is there for nothing, and this check sees it. */
    @Tag("cuda-kernels")
    @TestFactory
    Stream<DynamicTest> everyBarrierIsNeeded() {
        Map<String, List<KernelCase>> modules = KernelCases.all().stream()
                .collect(Collectors.groupingBy(one -> one.name().module(), TreeMap::new, Collectors.toList()));
        Map<String, List<Executable>> attempts = new TreeMap<>();
        modules.values().forEach(cases -> {
            KernelName module = cases.get(0).name();
            String source = KernelSources.text(module);
            int own = source.indexOf("#line 2");
            for (int at = source.indexOf(BARRIER); at >= 0; at = source.indexOf(BARRIER, at + 1)) {
                if (at < own && !source.substring(own).contains("block_")) {
                    continue; // of sums that the file doesn't have
                }
                String file = at < own ? "common.cuh" : module.file() + ".cu";
                long line = source.substring(at < own ? 0 : own, at).lines().count();
                String without = source.substring(0, at) + source.substring(at + BARRIER.length());
                attempts.computeIfAbsent(file + " " + line, key -> new ArrayList<>())
                        .add(() -> watch(cases, without));
            }
        });
        return attempts.entrySet().stream()
                .map(barrier -> DynamicTest.dynamicTest(barrier.getKey(), () -> assertThat(barrier.getValue())
                        .anySatisfy(attempt -> assertThatThrownBy(attempt::execute)
                                .isInstanceOf(AssertionError.class)
                                .hasMessageContaining("shared memory"))));
    }

    private static void watch(List<KernelCase> cases, String source) {
        for (KernelCase one : cases) {
            one.check(EmulatedGpu.get(), EmulatedKernels.get().watched(one.name(), source), 1);
        }
    }
}
