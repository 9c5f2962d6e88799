package org.latent4j.cli;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;

/**
 * Turns Ctrl-C and SIGTERM into a request: the work that asks {@link #received} ends in good order, and then the process exits with 3.
 *
 * <p>A shutdown hook holds the JVM up until {@link #close}. Nobody may call System.exit between the signal and close: the JVM would wait
 * for itself; so the hook ends the process when the work is closed.
 */
final class StopSignal implements AutoCloseable {
    private static final int STOPPED = 3;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook;
    private volatile boolean received;

    StopSignal(PrintWriter err) {
        hook = new Thread(
                () -> {
                    received = true;
                    err.println("\nstopping after this step, then saving a checkpoint ...");
                    err.flush();
                    try {
                        closed.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    err.flush();
                    Runtime.getRuntime().halt(STOPPED);
                },
                "stop-signal");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    boolean received() {
        return received;
    }

    @Override
    public void close() {
        if (!received) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The signal came this very moment: the hook waits for the latch.
            }
        }
        closed.countDown();
    }
}
