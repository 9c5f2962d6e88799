package org.latent4j.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DevicesTest {

    @Test
    void autoCompilesWhatCanBeCompiledAndSaysWhyNot() {
        Devices.Choice compiled = Devices.choose("auto", List::of);
        assertThat(compiled.device().toString()).isEqualTo("cpu");
        assertThat(compiled.reason()).contains("oneDNN");
        Devices.Choice stock = Devices.choose("auto", () -> List.of("layer 'x' (LSTM)"));
        assertThat(stock.device().toString()).isEqualTo("nd4j");
        assertThat(stock.reason()).contains("layer 'x' (LSTM)");
    }

    @Test
    void aForcedCompilerThatCannotCompileThrowsWithAllReasons() {
        assertThatThrownBy(() -> Devices.choose("cpu", () -> List.of("a (LSTM)", "b (Capsule)")))
                .isInstanceOf(ComputeException.class)
                .hasMessageContaining("a (LSTM); b (Capsule)")
                .hasMessageContaining("--device nd4j");
        assertThat(Devices.choose("nd4j", () -> List.of("a")).device().toString())
                .isEqualTo("nd4j");
    }

    @Test
    void aForcedDeviceThatCannotWorkThrows() {
        for (Devices.State state : Devices.states()) {
            if (!state.usable()) {
                assertThatThrownBy(() -> Devices.choose(state.name(), List::of))
                        .isInstanceOf(ComputeException.class)
                        .hasMessageContaining(state.name())
                        .hasMessageContaining("--device auto");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpu", "", "nd4j:0", "cuda:", "cuda:-1", "CPU"})
    void unknownNamesAreRefusedWithTheKnownOnes(String name) {
        assertThatThrownBy(() -> Devices.choose(name, List::of))
                .isInstanceOf(ComputeException.class)
                .hasMessageContaining("unknown device '" + name + "'")
                .hasMessageContaining("auto, nd4j, cpu, cuda");
    }
}
