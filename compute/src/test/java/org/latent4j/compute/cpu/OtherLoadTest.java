package org.latent4j.compute.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class OtherLoadTest {
    private static final double SECOND = 1e9;

    /** Two cores; times in hundredths of a second. */
    private static OtherLoad at(double seconds, long user, long idle, long stolen, double own) {
        return OtherLoad.of(
                List.of(
                        "cpu  " + user + " 5 10 " + idle + " 20 0 1 " + stolen + " 0 0",
                        "cpu0 0 0 0 0 0 0 0 0 0 0",
                        "cpu1 0 0 0 0 0 0 0 0 0 0",
                        "intr 1 2 3"),
                (long) (own * SECOND),
                (long) (seconds * SECOND));
    }

    @Test
    void othersTookWhatNeitherWasIdleNorOurs() {
        OtherLoad before = at(7, 1000, 1000, 10, 3);
        assertThat(at(8, 1200, 1000, 10, 5).since(before)).as("all ours").isCloseTo(0, within(1e-9));
        assertThat(at(8, 1200, 1000, 10, 4).since(before)).as("half ours").isCloseTo(0.5, within(1e-9));
        assertThat(at(8, 1100, 1050, 60, 4).since(before))
                .as("a quarter stolen")
                .isCloseTo(0.25, within(1e-9));
        assertThat(at(8, 1000, 1200, 10, 3).since(before)).as("idle").isZero();
    }

    @Test
    void whatThisSystemTellsCanBeRead() {
        OtherLoad.now()
                .ifPresent(before ->
                        assertThat(OtherLoad.now().orElseThrow().since(before)).isBetween(0.0, 1.0));
    }
}
