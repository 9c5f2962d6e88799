package org.latent4j.compute.cuda;

import java.nio.file.Path;
import org.bytedeco.cuda.presets.nvrtc;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Assumptions;

/** NVRTC of the test class path (profile cuda-kernels), or of the system. */
final class NvrtcUnderTest {
    private NvrtcUnderTest() {}

    static void load() {
        String[] files = {"libnvrtc-builtins.so.13.1", "libnvrtc.so.13"};
        if (nvrtc.class.getResource("/org/bytedeco/cuda/linux-x86_64/" + files[1]) != null) {
            try {
                for (String file : files) {
                    System.load(Loader.cacheResource(nvrtc.class, "/org/bytedeco/cuda/linux-x86_64/" + file)
                            .getPath());
                }
            } catch (java.io.IOException e) {
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
