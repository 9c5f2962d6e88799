package org.latent4j.compute.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TeamTest {
    private final Team team = new Team(3);

    @AfterEach
    void close() {
        team.close();
    }

    /** On the caller's thread alone, in as many shares as there are tasks, and in more shares than threads want. */
    @ParameterizedTest
    @CsvSource({"0,0", "1,1000000000", "7,100", "7,1000000000", "1001,1000000", "1001,1000000000"})
    void everyTaskIsInOneShare(int tasks, long operations) {
        AtomicIntegerArray done = new AtomicIntegerArray(tasks);
        team.share(tasks, operations, (from, end) -> {
            for (int task = from; task < end; task++) {
                done.incrementAndGet(task);
            }
        });
        for (int task = 0; task < tasks; task++) {
            assertThat(done.get(task)).as("task %d", task).isOne();
        }
    }

    /** Whoever knows what to do about too little memory must see that it was that. */
    @ParameterizedTest
    @CsvSource({"1", "1000000000"})
    void failuresReachTheCallerAsTheyAre(long operations) {
        OutOfMemoryError error = new OutOfMemoryError("no room");
        assertThatThrownBy(() -> team.share(100, operations, (from, end) -> {
                    throw error;
                }))
                .isSameAs(error);
        IllegalStateException exception = new IllegalStateException("odd");
        assertThatThrownBy(() -> team.share(100, operations, (from, end) -> {
                    if (end == 100) {
                        throw exception;
                    }
                }))
                .isSameAs(exception);
    }
}
