package org.latent4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {

    /** The textbook's examples of the edit distance, and swaps. */
    @ParameterizedTest
    @CsvSource({
        "kitten, sitting, 3",
        "saturday, sunday, 3",
        "'', abc, 3",
        "flaw, lawn, 2",
        "--hlep, --help, 1",
        "ABC, abc, 0"
    })
    void distanceCountsChanges(String a, String b, int distance) {
        assertThat(Nearest.distance(a, b)).isEqualTo(distance);
        assertThat(Nearest.distance(b, a)).isEqualTo(distance);
    }

    @Test
    void farWordsAreNotSuggested() {
        List<String> losses = List.of("minimax", "non-saturating", "hinge");
        assertThat(Nearest.to("minmax", losses)).contains("minimax");
        assertThat(Nearest.to("nonsaturating", losses)).contains("non-saturating");
        assertThat(Nearest.to("wasserstein", losses)).isEmpty();
        assertThat(Nearest.to("k", List.of("l", "batch"))).contains("l");
    }
}
