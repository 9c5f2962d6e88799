package org.latent4j.compute.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.latent4j.compute.graph.Kernel;
import org.nd4j.nativeblas.NativeOpsHolder;

class DnnlTest {
    private static final int THREADS = 3;

    private int before;

    @BeforeEach
    void severalThreads() {
        before = Dnnl.threads();
        useThreads(THREADS);
    }

    @AfterEach
    void asBefore() {
        useThreads(before);
    }

    private static void useThreads(int threads) {
        NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
    }

    private static int threadsOf(double flops, double bytes) {
        AtomicInteger seen = new AtomicInteger();
        Dnnl.prepare(flops, bytes, () -> seen.set(Dnnl.threads()));
        assertThat(Dnnl.threads()).isEqualTo(THREADS);
        return seen.get();
    }

    @Test
    void littleWorkStaysWithItsCaller() {
        assertThat(threadsOf(1000, 1000)).isEqualTo(1);
        assertThat(threadsOf(0, 1e6)).isEqualTo(THREADS);
        assertThat(threadsOf(1e7, 1000)).isEqualTo(THREADS);
        assertThatThrownBy(() -> Dnnl.prepare(1, 1, () -> {
                    throw new IllegalStateException("unsupported");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(Dnnl.threads()).isEqualTo(THREADS);
    }

    @Test
    void runsOfLittleWorkLeaveTheThreadsOfOthersAlone() {
        long count = 1001;
        Array from = FlatKernels.scratch(count).piece(0, count);
        Array to = FlatKernels.scratch(count).piece(0, count);
        FloatMemory numbers = new FloatMemory(from);
        for (long i = 0; i < count; i++) {
            numbers.put(i, i);
        }
        AtomicReference<Kernel> copy = new AtomicReference<>();
        Dnnl.prepare(0, 8 * count, () -> copy.set(CpuPlan.reorder(from, to, false, new Workspace())));
        copy.get().run();
        assertThat(Dnnl.threads()).isEqualTo(THREADS);
        FloatMemory copied = new FloatMemory(to);
        for (long i = 0; i < count; i++) {
            assertThat(copied.get(i)).isEqualTo(i);
        }
    }

    /** What a process may ask first: whether bf16 pays, and then how many threads there are. */
    static final class AskedFirst {
        public static void main(String[] none) {
            System.out.println("bf16 " + Dnnl.hasBf16() + ", threads " + Dnnl.threads());
        }
    }

    @Test
    void needsNobodyToHaveLoadedNd4j() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        AskedFirst.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).contains("bf16 " + Dnnl.hasBf16() + ", threads " + before);
    }
}
