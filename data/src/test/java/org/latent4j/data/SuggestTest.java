package org.latent4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestTest {

    @ParameterizedTest
    @CsvSource({
        "kitten, sitting, 3",
        "'', abc, 3",
        "abc, '', 3",
        "same, same, 0",
        "sigma, sgima, 1",
        "ca, abc, 3", // 2 if a letter could be moved twice
        "flaw, lawn, 2",
    })
    void distances(String a, String b, int expected) {
        assertThat(Suggest.distance(a, b)).isEqualTo(expected);
        assertThat(Suggest.distance(b, a)).isEqualTo(expected);
    }

    @Test
    void nearestIgnoresCaseAndTakesTheFirstOfEquals() {
        assertThat(Suggest.nearest("ISNG", List.of("moons", "ising"))).isEqualTo("ising");
        assertThat(Suggest.nearest("x", List.of("b", "a"))).isEqualTo("b");
        assertThatThrownBy(() -> Suggest.nearest("x", List.of())).hasMessageContaining("nothing to suggest for x");
    }

    @Test
    void sentence() {
        assertThat(Suggest.unknown("key", "sgima", List.of("side", "sigma")))
                .isEqualTo("there is no key \"sgima\"; did you mean \"sigma\"? (valid: side, sigma)");
    }

    @Test
    void likelyNamesNeedAtMostEveryThirdLetterChanged() {
        List<String> losses = List.of("minimax", "non-saturating");
        assertThat(Suggest.likely("minmax", losses)).contains("minimax");
        assertThat(Suggest.likely("nonsaturating", losses)).contains("non-saturating");
        assertThat(Suggest.likely("wasserstein", losses)).isEmpty();
        assertThat(Suggest.likely("k", List.of("l", "batch"))).contains("l");
        assertThat(Suggest.likely("k", List.of())).isEmpty();
    }
}
