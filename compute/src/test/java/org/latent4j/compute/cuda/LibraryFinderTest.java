package org.latent4j.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trees of folders as toolkits, distributions and Python environments make them. */
class LibraryFinderTest {
    @TempDir
    private Path root;

    private void put(String folder, CudaLibrary... libraries) throws IOException {
        Files.createDirectories(root.resolve(folder));
        for (CudaLibrary library : libraries) {
            for (String file : library.files()) {
                Files.createFile(root.resolve(folder).resolve(file));
            }
        }
    }

    private LibraryFinder finder(String... environment) {
        Map<String, String> variables = environment.length == 0
                ? Map.of()
                : environment.length == 2
                        ? Map.of(environment[0], environment[1])
                        : Map.of(environment[0], environment[1], environment[2], environment[3]);
        return new LibraryFinder(variables, root, root.resolve("home/user"));
    }

    private String at(String folder) {
        return root.resolve(folder).toString();
    }

    @Test
    void nothingIsFoundWhereNothingIs() {
        assertThat(finder().all()).isEmpty();
        assertThat(finder("LATENT4J_CUDA_PATH", "/no/such/folder").all()).isEmpty();
    }

    @Test
    void aToolkitBesideTheDistributionsDriver() throws IOException {
        put("usr/lib/x86_64-linux-gnu", CudaLibrary.DRIVER, CudaLibrary.CUDNN);
        put("usr/local/cuda-13.0/targets/x86_64-linux/lib", CudaLibrary.RUNTIME, CudaLibrary.CUBLAS);
        assertThat(finder().all())
                .containsEntry(CudaLibrary.DRIVER, root.resolve("usr/lib/x86_64-linux-gnu"))
                .containsEntry(CudaLibrary.CUDNN, root.resolve("usr/lib/x86_64-linux-gnu"))
                .containsEntry(CudaLibrary.CUBLAS, root.resolve("usr/local/cuda-13.0/targets/x86_64-linux/lib"))
                .doesNotContainKey(CudaLibrary.NVRTC);
    }

    @Test
    void theNewestToolkitComesFirstAndOlderMajorVersionsDontCount() throws IOException {
        put("usr/local/cuda-13.0/lib64", CudaLibrary.NVRTC);
        put("usr/local/cuda-13.1/lib64", CudaLibrary.NVRTC);
        Files.createDirectories(root.resolve("usr/local/cuda-12.9/lib64"));
        Files.createFile(root.resolve("usr/local/cuda-12.9/lib64/libcublas.so.12"));
        assertThat(finder().folder(CudaLibrary.NVRTC)).contains(root.resolve("usr/local/cuda-13.1/lib64"));
        assertThat(finder().folder(CudaLibrary.CUBLAS)).isEmpty();
    }

    @Test
    void wheelsOfThePythonOnThePath() throws IOException {
        put("opt/venv/bin");
        Files.createFile(root.resolve("opt/venv/bin/python3"));
        put("opt/venv/lib/python3.12/site-packages/nvidia/cu13/lib", CudaLibrary.CUBLAS, CudaLibrary.CUSOLVER);
        put("opt/venv/lib/python3.12/site-packages/nvidia/cudnn/lib", CudaLibrary.CUDNN);
        LibraryFinder finder = finder("PATH", "/usr/bin:" + at("opt/venv/bin"));
        assertThat(finder.folder(CudaLibrary.CUBLAS))
                .contains(root.resolve("opt/venv/lib/python3.12/site-packages/nvidia/cu13/lib"));
        assertThat(finder.folder(CudaLibrary.CUDNN))
                .contains(root.resolve("opt/venv/lib/python3.12/site-packages/nvidia/cudnn/lib"));
        assertThat(finder("VIRTUAL_ENV", at("opt/venv")).folder(CudaLibrary.CUSOLVER))
                .isPresent();
        assertThat(finder("LATENT4J_CUDA_PATH", at("opt/venv/lib/python3.12/site-packages"))
                        .folder(CudaLibrary.CUDNN))
                .isPresent();
        assertThat(finder().folder(CudaLibrary.CUDNN)).isEmpty();
    }

    @Test
    void wheelsOfTheUserAndOfTheSystemsPython() throws IOException {
        put("home/user/.local/lib/python3.11/site-packages/nvidia/cudnn/lib", CudaLibrary.CUDNN);
        put("usr/local/lib/python3.11/dist-packages/nvidia/cu13/lib", CudaLibrary.CUBLAS);
        assertThat(finder().all()).containsOnlyKeys(CudaLibrary.CUDNN, CudaLibrary.CUBLAS);
    }

    @Test
    void theUsersPathComesBeforeTheLoadersAndTheLoadersBeforeAll() throws IOException {
        put("mine", CudaLibrary.NVRTC);
        put("loader", CudaLibrary.NVRTC);
        put("usr/local/cuda/lib64", CudaLibrary.NVRTC);
        assertThat(finder("LATENT4J_CUDA_PATH", at("mine"), "LD_LIBRARY_PATH", at("loader"))
                        .folder(CudaLibrary.NVRTC))
                .contains(root.resolve("mine"));
        assertThat(finder("LD_LIBRARY_PATH", at("loader")).folder(CudaLibrary.NVRTC))
                .contains(root.resolve("loader"));
        assertThat(finder().folder(CudaLibrary.NVRTC)).contains(root.resolve("usr/local/cuda/lib64"));
    }

    @Test
    void aLibraryIsTakenFromOneFolderOnly() throws IOException {
        put("half");
        Files.createFile(root.resolve("half/libcublas.so.13"));
        put("whole", CudaLibrary.CUBLAS);
        assertThat(finder("LD_LIBRARY_PATH", at("half") + ":" + at("whole")).folder(CudaLibrary.CUBLAS))
                .contains(root.resolve("whole"));
    }

    @Test
    void theVersionIsTheNameBehindTheLink() throws IOException {
        put("lib");
        Path real = Files.createFile(root.resolve("lib/libcudart.so.13.0.88"));
        Files.createSymbolicLink(root.resolve("lib/libcudart.so.13"), real.getFileName());
        assertThat(LibraryFinder.version(root.resolve("lib"), CudaLibrary.RUNTIME))
                .isEqualTo("13.0.88");
        put("wheel", CudaLibrary.CUBLAS);
        assertThat(LibraryFinder.version(root.resolve("wheel"), CudaLibrary.CUBLAS))
                .isEqualTo("13");
    }
}
