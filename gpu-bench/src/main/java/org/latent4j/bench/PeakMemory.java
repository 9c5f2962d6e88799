package org.latent4j.bench;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bytedeco.javacpp.Pointer;

/** The most memory that work holds at once, in Java's heap and beyond: seen by collecting garbage again and again while it runs. */
final class PeakMemory {
    private PeakMemory() {}

    /** For people, in a run of its own, as collecting takes time; short peaks may be missed. */
    static String of(Runnable work) {
        work.run(); // what stays afterwards belongs to no single run
        long before = held();
        AtomicBoolean done = new AtomicBoolean();
        long[] most = {before};
        Thread watch = new Thread(
                () -> {
                    while (!done.get()) {
                        most[0] = Math.max(most[0], held());
                    }
                },
                "memory");
        watch.start();
        try {
            work.run();
        } finally {
            done.set(true);
            join(watch);
        }
        return String.format(Locale.ROOT, "holds %.0f MB at most", (most[0] - before) / 1e6);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted while memory was measured");
        }
    }

    private static long held() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory() + Pointer.totalBytes();
    }
}
