package org.latent4j.compute.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class Nd4jBackendsTest {
    private static Nd4jBackends backends(String part, String... cards) {
        return new Nd4jBackends(name -> name.contains(part), () -> List.of(cards));
    }

    @Test
    void theBuildHasOneBackend() {
        assertThat(Nd4jBackends.ofClassPath().problem()).isEmpty();
        assertThat(Nd4jBackends.ofClassPath().areOnCards()).isFalse();
    }

    @Test
    void twoBackendsAreExplained() {
        assertThat(backends("org/nd4j").problem())
                .contains("nd4j-native")
                .contains("nd4j-cuda")
                .contains("keep one");
        assertThat(backends("nothing").problem()).contains("no ND4J backend").contains("nd4j-native-platform");
    }

    @Test
    void cardsThatAreTooNewAreSentToDeviceCuda() {
        assertThat(backends("jcublas", "NVIDIA H200, 9.0").problem())
                .contains("NVIDIA H200")
                .contains("9.0")
                .contains("--device cuda");
        assertThat(backends("jcublas", "NVIDIA A100-SXM4-80GB, 8.0", "NVIDIA GeForce RTX 5090, 12.0")
                        .problem())
                .contains("RTX 5090");
        assertThat(backends("jcublas", "NVIDIA GeForce RTX 4090, 8.9", "Tesla K80, 3.7")
                        .problem())
                .isEmpty();
        assertThat(backends("jcublas", "No devices were found").problem()).isEmpty();
        assertThat(backends("jcublas").areOnCards()).isTrue();
        assertThat(backends("nativecpu", "NVIDIA H200, 9.0").problem()).isEmpty();
    }
}
