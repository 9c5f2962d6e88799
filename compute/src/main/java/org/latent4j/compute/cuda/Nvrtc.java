package org.latent4j.compute.cuda;

import static org.bytedeco.cuda.global.nvrtc.*;

import java.nio.charset.StandardCharsets;
import org.bytedeco.cuda.nvrtc._nvrtcProgram;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * The compiler of kernels, CUDA C++ to machine code of one kind of card. Needs no card.
 *
 * <p>Throws {@link CudaException} with the compiler's messages.
 *
 * <p>Source: NVRTC, version 13.
 */
final class Nvrtc {
    private Nvrtc() {}

    private static void check(int status, String call) {
        if (status != NVRTC_SUCCESS) {
            throw new CudaException(
                    call + " failed: " + nvrtcGetErrorString(status).getString());
        }
    }

    /** 13010 is 13.1. */
    static int version() {
        int[] major = new int[1];
        int[] minor = new int[1];
        check(nvrtcVersion(major, minor), "nvrtcVersion");
        return 1000 * major[0] + 10 * minor[0];
    }

    /** Machine code for cards of one compute capability. */
    static byte[] compile(String name, String source, int sm) {
        _nvrtcProgram program = new _nvrtcProgram();
        String[] all = {"--gpu-architecture=sm_" + sm, "--std=c++17"};
        try (BytePointer text = new BytePointer(source, StandardCharsets.UTF_8);
                BytePointer title = new BytePointer(name, StandardCharsets.UTF_8);
                PointerPointer<BytePointer> arguments = new PointerPointer<>(all)) {
            check(
                    nvrtcCreateProgram(
                            program, text, title, 0, (PointerPointer<Pointer>) null, (PointerPointer<Pointer>) null),
                    "nvrtcCreateProgram");
            int status = nvrtcCompileProgram(program, all.length, arguments);
            if (status != NVRTC_SUCCESS) {
                throw new CudaException("kernels " + name + " don't compile for sm_" + sm + " ("
                        + nvrtcGetErrorString(status).getString() + "):\n" + log(program));
            }
            return machineCode(program);
        } finally {
            if (!program.isNull()) {
                nvrtcDestroyProgram(program);
            }
        }
    }

    private static byte[] machineCode(_nvrtcProgram program) {
        try (SizeTPointer size = new SizeTPointer(1)) {
            check(nvrtcGetCUBINSize(program, size), "nvrtcGetCUBINSize");
            byte[] code = new byte[Math.toIntExact(size.get())];
            check(nvrtcGetCUBIN(program, code), "nvrtcGetCUBIN");
            return code;
        }
    }

    private static String log(_nvrtcProgram program) {
        try (SizeTPointer size = new SizeTPointer(1)) {
            check(nvrtcGetProgramLogSize(program, size), "nvrtcGetProgramLogSize");
            byte[] log = new byte[Math.toIntExact(size.get())];
            check(nvrtcGetProgramLog(program, log), "nvrtcGetProgramLog");
            return new String(log, StandardCharsets.UTF_8).trim();
        }
    }
}
