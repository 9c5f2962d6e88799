package org.latent4j.compute.cuda;

import java.util.List;

/** The shared libraries of the system that the backend runs on, in the order in which they are loaded. */
public enum CudaLibrary {
    DRIVER(
            "NVIDIA driver",
            List.of("libcuda.so.1"),
            "install the NVIDIA driver 580 or newer: https://www.nvidia.com/drivers"),
    RUNTIME("CUDA runtime", List.of("libcudart.so.13"), pip("nvidia-cuda-runtime")),
    NVRTC("NVRTC", List.of("libnvrtc.so.13"), pip("nvidia-cuda-nvrtc")),
    CUBLAS("cuBLAS", List.of("libcublasLt.so.13", "libcublas.so.13"), pip("nvidia-cublas")),
    NVJITLINK("nvJitLink", List.of("libnvJitLink.so.13"), pip("nvidia-nvjitlink")),
    CUSPARSE("cuSPARSE", List.of("libcusparse.so.12"), pip("nvidia-cusparse")),
    CUSOLVER("cuSOLVER", List.of("libcusolver.so.12", "libcusolverMg.so.12"), pip("nvidia-cusolver")),
    CUDNN(
            "cuDNN",
            List.of(
                    "libcudnn.so.9",
                    "libcudnn_graph.so.9",
                    "libcudnn_ops.so.9",
                    "libcudnn_cnn.so.9",
                    "libcudnn_adv.so.9"),
            pip("nvidia-cudnn-cu13"));

    private final String title;
    private final List<String> files;
    private final String remedy;

    CudaLibrary(String title, List<String> files, String remedy) {
        this.title = title;
        this.files = files;
        this.remedy = remedy;
    }

    private static String pip(String name) {
        return "python3 -m pip install '" + name + "' in an environment on PATH, or the CUDA toolkit 13"
                + ", or set LATENT4J_CUDA_PATH to the folder that has it";
    }

    /** Name for people. */
    public String title() {
        return title;
    }

    /** File names; all lie in one folder, and are loaded in this order. */
    public List<String> files() {
        return files;
    }

    /** How to get it. */
    public String remedy() {
        return remedy;
    }
}
