package org.latent4j.data.image;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.latent4j.data.DataException;

/** Works on 0 .. count - 1 in batches on all cores; the results come back to the calling thread in order, few waiting at a time. */
final class OrderedWork {

    @FunctionalInterface
    interface Batch<T> {
        T run(int from, int to) throws Exception;
    }

    @FunctionalInterface
    interface Results<T> {
        void take(T result, int done) throws Exception;
    }

    private OrderedWork() {}

    static <T> void run(int count, int batchSize, Batch<T> batch, Results<T> results) {
        int threads = Runtime.getRuntime().availableProcessors();
        ExecutorService pool = Executors.newFixedThreadPool(threads, work -> {
            Thread thread = new Thread(work, "image-decoding");
            thread.setDaemon(true);
            return thread;
        });
        try {
            Queue<Future<T>> waiting = new ArrayDeque<>();
            int done = 0;
            for (int next = 0; next < count || !waiting.isEmpty(); ) {
                if (next < count && waiting.size() < 2 * threads) {
                    int from = next;
                    int to = Math.min(count - from, batchSize) + from;
                    waiting.add(pool.submit(() -> batch.run(from, to)));
                    next = to;
                } else {
                    done = Math.min(count - done, batchSize) + done;
                    results.take(waiting.remove().get(), done);
                }
            }
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DataException("reading the images was interrupted", e);
        } catch (Exception e) {
            throw rethrown(e);
        } finally {
            pool.shutdownNow();
        }
    }

    private static RuntimeException rethrown(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException known
                ? known
                : new DataException("reading the images failed: " + e.getMessage(), e);
    }
}
