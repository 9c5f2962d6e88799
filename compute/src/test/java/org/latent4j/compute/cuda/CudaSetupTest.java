package org.latent4j.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latent4j.compute.ComputeException;
import org.latent4j.compute.Devices;

class CudaSetupTest {
    @TempDir
    private Path root;

    @Test
    void withoutADriverEachLibraryIsNamedWithItsRemedy() throws IOException {
        Path folder = Files.createDirectories(root.resolve("usr/local/cuda/lib64"));
        Files.createFile(folder.resolve("libnvrtc.so.13"));
        CudaSetup setup = new CudaSetup(new LibraryFinder(Map.of(), root, root));
        assertThat(setup.problem()).contains("no NVIDIA driver");
        assertThat(setup.cards()).isEmpty();
        assertThat(setup.lines())
                .hasSize(CudaLibrary.values().length)
                .anyMatch(line -> line.name().equals("NVRTC")
                        && line.good()
                        && line.detail().contains("not tried"))
                .anyMatch(line -> line.name().equals("cuDNN")
                        && !line.good()
                        && line.remedy().contains("nvidia-cudnn-cu13"));
        assertThatThrownBy(() -> setup.requireCard(0))
                .isInstanceOf(ComputeException.class)
                .hasMessageContaining("no NVIDIA driver")
                .hasMessageContaining("latent4j doctor");
    }

    @Test
    void aDriverThatCantBeLoadedIsReported() throws IOException {
        Path folder = Files.createDirectories(root.resolve("usr/lib/x86_64-linux-gnu"));
        Files.writeString(folder.resolve("libcuda.so.1"), "no library at all");
        CudaSetup setup = new CudaSetup(new LibraryFinder(Map.of(), root, root));
        assertThat(setup.problem()).contains("can't be loaded");
        assertThat(setup.lines().get(0).good()).isFalse();
        assertThat(setup.lines().get(0).detail()).contains("libcuda.so.1");
    }

    /** Runs in a Java machine of its own: what it does without a driver. */
    static final class Chooser {
        private Chooser() {}

        public static void main(String[] arguments) {
            System.out.println(Devices.choose("auto", java.util.List::of).device());
            try {
                Devices.choose("cuda", java.util.List::of);
            } catch (ComputeException refused) {
                System.out.println(refused.getMessage());
            }
        }
    }

    @Test
    void withoutADriverNoClassOfCudaIsLoaded() throws IOException, InterruptedException {
        assumeFalse(
                LibraryFinder.ofSystem().folder(CudaLibrary.DRIVER).isPresent(), "this machine has an NVIDIA driver");
        Path out = root.resolve("out.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:class+load",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Chooser.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String log = Files.readString(out);
        assertThat(log).contains("org.latent4j.compute.cuda.CudaSetup").doesNotContain("org.bytedeco.");
        assertThat(log.lines().filter(line -> !line.startsWith("[")))
                .hasSize(2)
                .first()
                .isEqualTo("cpu");
        assertThat(log.lines().filter(line -> line.startsWith("device cuda can't be used")))
                .singleElement()
                .asString()
                .contains("no NVIDIA driver", "--device auto");
    }
}
