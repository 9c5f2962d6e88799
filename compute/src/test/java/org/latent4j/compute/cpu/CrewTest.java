package org.latent4j.compute.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.latent4j.compute.ComputeException;

class CrewTest {
    private final Crew crew = Crew.of(4); // also where there are fewer cores

    @Test
    void eachPartIsDoneOnceInEachCall() {
        for (int call = 0; call < 20_000; call++) {
            AtomicIntegerArray done = new AtomicIntegerArray(1 + call % 17);
            crew.run(done.length(), done::incrementAndGet);
            for (int part = 0; part < done.length(); part++) {
                assertThat(done.get(part)).as("part %d in call %d", part, call).isOne();
            }
        }
    }

    @Test
    void whatPartsWriteIsSeenAfterTheCall() {
        double[] numbers = new double[1000];
        for (int call = 1; call <= 2000; call++) {
            double value = call;
            crew.run(10, part -> Arrays.fill(numbers, 100 * part, 100 * part + 100, value));
            assertThat(Arrays.stream(numbers).sum()).isEqualTo(1000.0 * call);
        }
    }

    @Test
    void threadsHelp() {
        Thread[] seen = new Thread[4];
        for (int call = 0; call < 100 && Arrays.stream(seen).distinct().count() < 2; call++) {
            crew.run(seen.length, part -> {
                seen[part] = Thread.currentThread();
                sleep();
            });
        }
        assertThat(Arrays.stream(seen).distinct().count()).isGreaterThan(1);
    }

    private static void sleep() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aFailureIsTheCallersAndTheNextCallWorks() {
        for (int bad = 0; bad < 8; bad++) {
            int failing = bad;
            assertThatThrownBy(() -> crew.run(8, part -> {
                        if (part == failing) {
                            throw new IllegalStateException("part " + part);
                        }
                    }))
                    .isInstanceOf(ComputeException.class)
                    .hasRootCauseMessage("part " + failing);
        }
        AtomicIntegerArray done = new AtomicIntegerArray(8);
        crew.run(8, done::incrementAndGet);
        assertThat(done).hasToString("[1, 1, 1, 1, 1, 1, 1, 1]");
    }

    @Test
    void aCallMakesNoGarbage() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] numbers = new long[8];
        Crew.Work work = part -> numbers[part]++;
        for (int call = 0; call < 2000; call++) {
            crew.run(numbers.length, work);
        }
        int calls = 10_000;
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int call = 0; call < calls; call++) {
            crew.run(numbers.length, work);
        }
        assertThat((threads.getCurrentThreadAllocatedBytes() - before) / calls).isZero();
    }
}
