package org.latent4j.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every kernel in every combination of types for every generation of cards, by NVRTC and by nvcc; needs no card. Runs with -Pcuda-kernels. */
@Tag("cuda-kernels")
class KernelCompilationTest {
    private static final List<Integer> GENERATIONS = List.of(75, 80, 86, 89, 90, 100, 120);

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> everyKernelForEveryCard() {
        NvrtcUnderTest.load();
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

    /** The toolkit's own compiler, an independent answer: all generations of a module at once. */
    @TestFactory
    Stream<DynamicTest> everyKernelByTheToolkitsCompiler() {
        Path nvcc = Stream.of(System.getenv("CUDA_HOME"), System.getenv("CUDA_PATH"), "/usr/local/cuda")
                .filter(Objects::nonNull)
                .map(home -> Path.of(home, "bin", "nvcc"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        assumeTrue(nvcc != null, "there is no nvcc: set CUDA_HOME");
        return KernelSources.MODULES.stream()
                .map(module -> DynamicTest.dynamicTest(module.module() + " nvcc", () -> {
                    String name = module.module().replaceAll("\\W", "_");
                    Path source = Files.writeString(folder.resolve(name + ".cu"), KernelSources.text(module));
                    Path made = folder.resolve(name + ".fatbin");
                    List<String> command = new ArrayList<>(List.of(nvcc.toString(), "-std=c++17", "-fatbin"));
                    GENERATIONS.forEach(sm -> command.add("-gencode=arch=compute_" + sm + ",code=sm_" + sm));
                    command.addAll(List.of("-o", made.toString(), source.toString()));
                    Process process = new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .start();
                    String log = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                    assertThat(process.waitFor()).as(log).isZero();
                    assertThat(log).doesNotContain("warning");
                    assertThat(made).isNotEmptyFile();
                }));
    }

    @Test
    void aMistakeIsShownWithItsLine() {
        NvrtcUnderTest.load();
        assertThatThrownBy(() -> Nvrtc.compile("broken", "int one;\n__global__ void f() { two = 1; }", 90))
                .isInstanceOf(CudaException.class)
                .hasMessageContaining("broken")
                .hasMessageContaining("(2)")
                .hasMessageContaining("two");
    }
}
