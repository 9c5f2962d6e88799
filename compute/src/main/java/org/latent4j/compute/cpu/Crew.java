package org.latent4j.compute.cpu;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.latent4j.compute.ComputeException;

/**
 * Threads that share the parts of one call and make no garbage, for kernels in a step. The caller works too, and takes all parts if the others get
 * no core soon enough.
 */
final class Crew {
    private static final int SPINS = 2000;
    /** Beyond the parts of any call. */
    private static final int CLOSED = Integer.MAX_VALUE;

    private static final Map<Integer, Crew> CREWS = new ConcurrentHashMap<>();

    /** Parts may run beside each other, in any order. */
    @FunctionalInterface
    interface Work {
        void part(int part);
    }

    private final Thread[] others;

    /** The number of the call, and in the lower half the next part: so nobody can take a part of another call than the one that was looked at. */
    private final AtomicLong next = new AtomicLong();

    private final AtomicInteger unfinished = new AtomicInteger();
    private volatile Work work;
    private volatile int parts;
    private volatile Thread caller;
    private volatile Throwable failure;

    private Crew(int threads) {
        this.others = new Thread[threads - 1];
        for (int i = 0; i < others.length; i++) {
            others[i] = new Thread(this::serve, "latent4j-crew");
            others[i].setDaemon(true);
            others[i].start();
        }
    }

    /** The crew of so many threads, which stay. */
    static Crew of(int threads) {
        return CREWS.computeIfAbsent(threads, Crew::new);
    }

    /** Of as many threads as a native operation. */
    static Crew ofAllCores() {
        return of(Dnnl.threads());
    }

    int threads() {
        return others.length + 1;
    }

    /** Returns when all parts are done; a single one is the caller's. */
    void run(int count, Work all) {
        if (count == 1) {
            all.part(0);
        } else {
            share(count, all);
        }
    }

    private synchronized void share(int count, Work all) {
        open(CLOSED); // whoever still looks at the last call must not take its place for one in this
        failure = null;
        caller = Thread.currentThread();
        unfinished.set(count);
        parts = count;
        work = all;
        open(0);
        for (int i = 0; i < Math.min(others.length, count - 1); i++) {
            LockSupport.unpark(others[i]);
        }
        takeParts();
        for (int spin = 0; unfinished.get() > 0; spin++) {
            if (spin < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
            }
        }
        work = null;
        if (failure != null) {
            throw new ComputeException("a kernel failed: " + failure, failure);
        }
    }

    /** The next call begins, at a part. */
    private void open(int part) {
        next.set(((next.get() >>> Integer.SIZE) + 1 << Integer.SIZE) + part);
    }

    private void serve() {
        while (true) {
            takeParts();
            LockSupport.park(this);
        }
    }

    private void takeParts() {
        while (true) {
            long seen = next.get();
            Work mine = work;
            int part = (int) seen;
            if (mine == null || part >= parts) {
                return;
            }
            if (next.compareAndSet(seen, seen + 1)) {
                try {
                    mine.part(part);
                } catch (RuntimeException | Error e) {
                    failure = e;
                }
                if (unfinished.decrementAndGet() == 0) {
                    LockSupport.unpark(caller);
                }
            }
        }
    }
}
