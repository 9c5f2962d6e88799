package org.latent4j.data.ising;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IsingExactTest {
    private static final double TC = IsingExact.CRITICAL_TEMPERATURE;

    @Test
    void criticalTemperature() {
        assertThat(TC).isCloseTo(2.269185, within(5e-7));
    }

    @ParameterizedTest
    @CsvSource({
        "1.0, -1.997160, -1.997160",
        "2.0, -1.745565, -1.745565",
        "2.25, -1.463103, -1.466095",
        "2.5, -1.106079, -1.106356",
        "4.0, -0.557272, -0.557272",
    })
    void energiesOfTheInfiniteLatticeAndOf40x40(double temperature, double infinite, double torus) {
        assertThat(IsingExact.energy(temperature)).isCloseTo(infinite, within(5.1e-7));
        assertThat(IsingExact.torus(40, temperature).energy()).isCloseTo(torus, within(5.1e-7));
    }

    @Test
    void energiesAtTheCriticalTemperature() {
        assertThat(IsingExact.energy(TC)).isCloseTo(-Math.sqrt(2), within(1e-7)); // infinite slope: ln of the last bit
        assertThat(IsingExact.torus(40, TC).energy()).isCloseTo(-1.429771, within(5.1e-7));
    }

    /** ln Z of the four products differentiated numerically in 50 digits (mpmath: central differences, step 1e-12). */
    @ParameterizedTest
    @CsvSource({
        "2.0, -1.7455645738639, 0.72487154682386",
        "2.25, -1.4660948547972, 1.8194438769691",
        "2.269185314213022, -1.4297713123073, 1.9581816502509",
        "2.5, -1.1063561231492, 0.86870857569441",
    })
    void torusOf40x40InFiftyDigits(double temperature, double energy, double specificHeat) {
        IsingExact.Torus torus = IsingExact.torus(40, temperature);
        assertThat(torus.energy()).isCloseTo(energy, within(1e-12));
        assertThat(torus.specificHeat()).isCloseTo(specificHeat, within(1e-10));
    }

    @ParameterizedTest
    @CsvSource({"1.0, 0.999276", "2.0, 0.911319", "2.25, 0.671854", "2.27, 0"})
    void spontaneousMagnetisation(double temperature, double expected) {
        assertThat(IsingExact.magnetisation(temperature)).isCloseTo(expected, within(5.1e-7));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void tinyToriAgreeWithTheSumOverAllStates(int size) {
        for (double temperature : new double[] {0.4, 1, 1.7, TC, 2.27, 3.3, 10, 200}) {
            BruteForce expected = BruteForce.of(size, temperature);
            IsingExact.Torus torus = IsingExact.torus(size, temperature);
            assertThat(torus.energy()).as("energy at %s", temperature).isCloseTo(expected.energy(), within(1e-11));
            assertThat(torus.specificHeat())
                    .as("specific heat at %s", temperature)
                    .isCloseTo(expected.specificHeat(), within(1e-11));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 1.5, 2.2, 2.269185314213022, 2.4, 7})
    void specificHeatIsTheSlopeOfTheEnergy(double temperature) {
        double step = 1e-5;
        double slope = (IsingExact.torus(37, temperature + step).energy()
                        - IsingExact.torus(37, temperature - step).energy())
                / (2 * step);
        assertThat(IsingExact.torus(37, temperature).specificHeat()).isCloseTo(slope, within(1e-6));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1.5, 3.5})
    void largeToriReachTheInfiniteLattice(double temperature) {
        assertThat(IsingExact.torus(301, temperature).energy())
                .isCloseTo(IsingExact.energy(temperature), within(1e-11));
    }

    @Test
    void correlationLengthsOnBothSides() {
        // Onsager's mass ln coth(1/T) - 2/T, worked out by hand for T = 4 and T = 2; half the length below.
        assertThat(IsingExact.correlationLength(4)).isCloseTo(1 / (1.4068291 - 0.5), within(1e-6));
        assertThat(IsingExact.correlationLength(2)).isCloseTo(1 / (2 * (1 - 0.7719368)), within(1e-5));
    }

    @Test
    void frozenAndForbiddenTemperatures() {
        assertThat(IsingExact.torus(40, 1e-3)).isEqualTo(new IsingExact.Torus(40, 1e-3, -2, 0));
        assertThat(IsingExact.energy(1e-3)).isEqualTo(-2);
        assertThat(IsingExact.magnetisation(1e-3)).isEqualTo(1);
        assertThatThrownBy(() -> IsingExact.energy(0)).hasMessageContaining("above 0, but is 0");
        assertThatThrownBy(() -> IsingExact.torus(1, 2)).hasMessageContaining("at least 2, but is 1");
    }
}
