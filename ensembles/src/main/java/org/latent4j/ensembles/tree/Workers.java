package org.latent4j.ensembles.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Independent tasks on some threads, the caller's among them, each with scratch memory of its own. What a task does must not depend on the
 * others.
 */
public final class Workers {

    /** A task with its number. */
    public interface Task<S> {
        void run(S scratch, int number);
    }

    private Workers() {}

    /** As many threads as the machine gives. */
    public static int all() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** Runs tasks 0 ... tasks - 1. The failure of the first that fails is thrown when all have ended; no further ones are begun. */
    public static <S> void run(int threads, int tasks, Supplier<S> scratch, Task<S> task) {
        int used = Math.min(threads, tasks);
        AtomicInteger next = new AtomicInteger();
        Runnable work = () -> {
            S own = scratch.get();
            try {
                for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
                    task.run(own, i);
                }
            } catch (RuntimeException | Error failure) {
                next.set(tasks); // the others end early
                throw failure;
            }
        };
        if (used <= 1) {
            work.run();
            return;
        }
        ExecutorService pool = Executors.newFixedThreadPool(used - 1, runnable -> {
            Thread thread = new Thread(runnable, "latent4j-ensembles");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<?>> futures = new ArrayList<>();
            for (int i = 1; i < used; i++) {
                futures.add(pool.submit(work));
            }
            FutureTask<?> own = new FutureTask<>(work, null);
            futures.add(0, own);
            own.run();
            for (Future<?> future : futures) {
                future.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            next.set(tasks);
            pool.shutdown();
        }
    }
}
