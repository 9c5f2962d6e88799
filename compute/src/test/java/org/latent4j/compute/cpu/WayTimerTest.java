package org.latent4j.compute.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.latent4j.compute.graph.Tape;

class WayTimerTest {
    private static final long SHORT = 1_000_000;
    private static final long LONG = 50 * SHORT; // a busy machine doesn't make the other as long

    private final int[] runs = new int[2];

    private Tape.Step step(int way, long nanos) {
        return new Tape.Step(null, "sleep", () -> {
            runs[way]++;
            LockSupport.parkNanos(nanos);
        });
    }

    @Test
    void aWayThatCannotWinIsTimedOnceAfterItsWarmUpAndTheOnlyOneLeftNoMore() {
        double[] least = WayTimer.leastSeconds(List.of(List.of(step(0, LONG)), List.of(step(1, SHORT))), Set.of());
        assertThat(least[0]).isGreaterThan(least[1]);
        assertThat(runs[0]).isEqualTo(2);
        assertThat(runs[1]).isEqualTo(2);
    }

    @Test
    void waysThatAreAlikeAreTimedAgain() {
        WayTimer.leastSeconds(List.of(List.of(step(0, LONG)), List.of(step(1, LONG))), Set.of());
        assertThat(runs[0]).isGreaterThan(2);
        assertThat(runs[1]).isGreaterThan(2);
    }

    @Test
    void halfOfSharedWorkCounts() {
        Tape.Step shared = step(0, LONG);
        double alone = WayTimer.leastSeconds(List.of(List.of(shared)), Set.of())[0];
        double half = WayTimer.leastSeconds(List.of(List.of(shared)), Set.of(shared))[0];
        assertThat(half / alone).isBetween(0.3, 0.7);
    }
}
