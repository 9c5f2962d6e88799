package org.latent4j.compute.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.cuda.presets.nvrtc;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Assumptions;

/** NVRTC of the test class path (profile cuda-kernels), or of the system. */
final class NvrtcUnderTest {
    private NvrtcUnderTest() {}

    private static boolean loaded;

    /** The bindings want a driver to be there; NVRTC does not call it, so that an empty one will do. */
    private static void driver() {
        try {
            System.loadLibrary("cuda");
        } catch (UnsatisfiedLinkError absent) {
            try {
                Path folder = Files.createTempDirectory("driver");
                Path empty = folder.resolve("libcuda.so.1");
                Process process = new ProcessBuilder(
                                "gcc",
                                "-shared",
                                "-Wl,-soname,libcuda.so.1",
                                "-o",
                                empty.toString(),
                                "-xc",
                                "/dev/null")
                        .inheritIO()
                        .start();
                Assumptions.assumeTrue(process.waitFor() == 0, "there is no driver, and gcc can't make an empty one");
                System.load(empty.toString());
            } catch (IOException | InterruptedException broken) {
                throw new IllegalStateException(broken);
            }
        }
    }

    static void load() {
        if (loaded) {
            return;
        }
        loaded = true;
        driver();
        String[] files = {"libcudart.so.13", "libnvrtc-builtins.so.13.1", "libnvrtc.so.13"};
        if (nvrtc.class.getResource("/org/bytedeco/cuda/linux-x86_64/" + files[2]) != null) {
            try {
                for (String file : files) {
                    System.load(Loader.cacheResource(nvrtc.class, "/org/bytedeco/cuda/linux-x86_64/" + file)
                            .getPath());
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            return;
        }
        LibraryFinder finder = LibraryFinder.ofSystem();
        Assumptions.assumeTrue(
                finder.folder(CudaLibrary.NVRTC).isPresent(),
                "there is no NVRTC; run with -Pcuda-kernels, which gets it");
        for (String file : CudaLibrary.NVRTC.files()) {
            Path path = finder.folder(CudaLibrary.NVRTC).orElseThrow().resolve(file);
            System.load(path.toString());
        }
    }
}
