package org.latent4j.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every kernel in every combination of types for every generation of cards, by NVRTC; needs no card. Runs with -Pcuda-kernels. */
@Tag("cuda-kernels")
class KernelCompilationTest {
    private static final List<Integer> GENERATIONS = List.of(75, 80, 86, 89, 90, 100, 120);

    @BeforeAll
    static void load() {
        NvrtcUnderTest.load();
    }

    @TestFactory
    Stream<DynamicTest> everyKernelForEveryCard() {
        return GENERATIONS.stream().flatMap(sm -> KernelSources.MODULES.stream()
                .map(module -> DynamicTest.dynamicTest(module.module() + " sm_" + sm, () -> {
                    byte[] code = Nvrtc.compile(module.module(), KernelSources.text(module), sm);
                    assertThat(new String(code, 1, 3, StandardCharsets.US_ASCII))
                            .isEqualTo("ELF");
                    String symbols = new String(code, StandardCharsets.ISO_8859_1);
                    KernelSources.functions(module.file())
                            .forEach(name -> assertThat(symbols).contains(".text." + name));
                })));
    }

    @Test
    void aMistakeIsShownWithItsLine() {
        assertThatThrownBy(() -> Nvrtc.compile("broken", "int one;\n__global__ void f() { two = 1; }", 90))
                .isInstanceOf(CudaException.class)
                .hasMessageContaining("broken")
                .hasMessageContaining("(2)")
                .hasMessageContaining("two");
    }
}
