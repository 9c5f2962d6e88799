package org.latent4j.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DevicesTest {

    @Test
    void autoChoosesAUsableDeviceAndSaysWhy() {
        Devices.Choice choice = Devices.choose("auto");
        assertThat(choice.device().toString()).isEqualTo("nd4j");
        assertThat(choice.reason()).isNotBlank();
        assertThat(Devices.choose("nd4j").device()).isEqualTo(choice.device());
    }

    @Test
    void aForcedDeviceThatCannotWorkThrows() {
        for (Devices.State state : Devices.states()) {
            if (!state.usable()) {
                assertThatThrownBy(() -> Devices.choose(state.name()))
                        .isInstanceOf(ComputeException.class)
                        .hasMessageContaining(state.name())
                        .hasMessageContaining("--device nd4j");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpu", "", "nd4j:0", "cuda:", "cuda:-1", "CPU"})
    void unknownNamesAreRefusedWithTheKnownOnes(String name) {
        assertThatThrownBy(() -> Devices.choose(name))
                .isInstanceOf(ComputeException.class)
                .hasMessageContaining("unknown device '" + name + "'")
                .hasMessageContaining("auto, nd4j, cpu, cuda");
    }
}
