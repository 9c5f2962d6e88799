package org.latent4j.compute.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.latent4j.compute.ComputeException;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * Threads that share the tasks of one call. Each task's native calls run on its own thread alone, so that a result depends on how work is
 * cut into tasks, never on the number of threads, and libraries' own threads don't fight with these for the cores.
 */
final class Team implements AutoCloseable {

    /** Work that may run beside other tasks; what belongs to {@code worker} is used by one task at a time. */
    @FunctionalInterface
    interface Task {
        void run(int task, int worker);
    }

    /** Operations that take longer than to call another thread. */
    private static final long LEAST_SHARED = 1 << 19;

    private static final int SHARES_OF_WORKER = 2;
    private static final long MOST_IN_SHARE = 1 << 24;

    private final int workers;
    private final ExecutorService executor;

    Team(int workers) {
        Nd4j.getExecutioner(); // loads ND4J here, where it may fail, and not in a worker
        this.workers = workers;
        this.executor = Executors.newFixedThreadPool(workers, Team::thread);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(
                () -> {
                    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1); // of this thread's calls
                    work.run();
                },
                "latent4j-primitives");
        thread.setDaemon(true);
        return thread;
    }

    int workers() {
        return workers;
    }

    /** Runs tasks 0 ... tasks - 1; returns when all are done. */
    void run(int tasks, Task task) {
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> running = new ArrayList<>();
        for (int worker = 0; worker < Math.min(workers, tasks); worker++) {
            int me = worker;
            running.add(executor.submit(() -> {
                for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
                    task.run(i, me);
                }
            }));
        }
        RuntimeException failure = null;
        for (Future<?> future : running) {
            try {
                future.get();
            } catch (ExecutionException e) {
                next.set(tasks); // the others stop
                failure = failure == null ? failure(e.getCause()) : failure;
            } catch (InterruptedException e) {
                next.set(tasks);
                Thread.currentThread().interrupt();
                failure = new ComputeException("interrupted", e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** A share of tasks. */
    @FunctionalInterface
    interface Share {
        /** Tasks {@code from} ... {@code end - 1}. */
        void run(int from, int end);
    }

    /**
     * Runs tasks 0 ... tasks - 1 that call no native code, on the caller's thread too, so that little work need not wait for others to wake up.
     *
     * @param operations that all of them take, about
     */
    void share(int tasks, long operations, Share work) {
        if (operations < LEAST_SHARED || tasks < 2) {
            work.run(0, tasks);
            return;
        }
        Crew crew = Crew.of(workers);
        int shares = (int) Math.min(tasks, Math.max(workers * SHARES_OF_WORKER, operations / MOST_IN_SHARE));
        try {
            crew.run(
                    shares,
                    share -> work.run(
                            (int) ((long) tasks * share / shares), (int) ((long) tasks * (share + 1) / shares)));
        } catch (ComputeException e) {
            throw e.getCause() == null ? e : failure(e.getCause()); // as if the caller had done it all
        }
    }

    private static RuntimeException failure(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return (RuntimeException) cause;
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
