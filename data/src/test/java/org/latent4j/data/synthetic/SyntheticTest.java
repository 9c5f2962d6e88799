package org.latent4j.data.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataException;
import org.latent4j.data.PointDistribution;
import org.latent4j.data.PointSet;
import org.latent4j.data.ising.IsingMethod;
import org.latent4j.data.ising.IsingOptions;

class SyntheticTest {

    @Test
    void isingOptions() {
        assertThat(Synthetic.parse("ising"))
                .isEqualTo(new Synthetic.Ising("ising", IsingOptions.of(40, 2.5, 8192, IsingMethod.AUTO, 1)));
        assertThat(Synthetic.parse("ising: l=13, t=3, n=7, sampler=wolff, seed=-9"))
                .extracting("options")
                .isEqualTo(IsingOptions.of(13, 3, 7, IsingMethod.WOLFF, -9));
    }

    @Test
    void gridAndRingHaveTheLiteraturesModes() {
        GaussianMixtureDistribution grid = mixture("gaussian-grid");
        assertThat(grid.sigma()).isEqualTo(0.05);
        assertThat(grid.means()).hasDimensions(25, 2);
        assertThat(Arrays.asList(grid.means())).contains(new double[] {-4, -4}, new double[] {2, -2}, new double[2]);
        GaussianMixtureDistribution ring = mixture("gaussian-ring:radius=3");
        assertThat(ring.sigma()).isEqualTo(0.02);
        assertThat(ring.means()).hasDimensions(8, 2);
        assertThat(ring.means()[2]).containsExactly(new double[] {0, 3}, within(1e-15));
        assertThat(mixture("gaussian:mean=-2,sigma=3").means()).isDeepEqualTo(new double[][] {{-2}});
        assertThat(mixture("blobs:k=7,p=3").means()).hasDimensions(7, 3);
        assertThat(mixture("blobs:seed=2").means())
                .isNotEqualTo(mixture("blobs").means());
    }

    @ParameterizedTest
    @CsvSource({
        "gaussian-grid, 25, 2",
        "gaussian-ring:modes=5, 5, 2",
        "'blobs:k=4,p=3,sigma=0.01', 4, 3",
        "gaussian, 1, 1"
    })
    void mixturesDrawEveryModeEquallyOftenWithItsWidth(String text, int modes, int features) {
        GaussianMixtureDistribution mixture = mixture(text);
        int n = 50_021;
        float[] points = draw(mixture, n);
        int[] counts = new int[modes];
        double square = 0;
        for (int i = 0; i < n; i++) {
            int nearest = 0;
            double least = Double.POSITIVE_INFINITY;
            for (int k = 0; k < modes; k++) {
                double distance = 0;
                for (int j = 0; j < features; j++) {
                    distance += Math.pow(points[i * features + j] - mixture.means()[k][j], 2);
                }
                if (distance < least) {
                    least = distance;
                    nearest = k;
                }
            }
            counts[nearest]++;
            square += least;
        }
        double expected = (double) n / modes;
        assertThat(Arrays.stream(counts).boxed())
                .allMatch(c -> Math.abs(c - expected) <= 5 * Math.sqrt(expected * (1 - 1.0 / modes)));
        double values = (double) n * features;
        assertThat(square / values / (mixture.sigma() * mixture.sigma()))
                .isCloseTo(1, within(5 * Math.sqrt(2 / values)));
    }

    @Test
    void moonsLieOnTheirHalfCircles() {
        float[] points = draw(((Synthetic.Points) Synthetic.parse("moons:noise=0")).distribution(), 20_001);
        int upper = 0;
        double heights = 0;
        for (int i = 0; i < points.length; i += 2) {
            boolean above = points[i + 1] >= 0 && Math.abs(Math.hypot(points[i], points[i + 1]) - 1) < 1e-6;
            boolean below = points[i + 1] <= 0.5 && Math.abs(Math.hypot(1 - points[i], 0.5 - points[i + 1]) - 1) < 1e-6;
            assertThat(above || below).isTrue();
            upper += above ? 1 : 0;
            heights += above ? points[i + 1] : 0;
        }
        assertThat(upper / 20_001.0).isCloseTo(0.5, within(0.015));
        assertThat(heights / upper).isCloseTo(2 / Math.PI, within(0.015)); // the mean of sin t on [0, pi)
        float[] noisy = draw(((Synthetic.Points) Synthetic.parse("moons")).distribution(), 20_001);
        assertThat(noisy[1]).isNotEqualTo(points[1]).isCloseTo(points[1], within(1f));
    }

    @Test
    void heldPointsAreAFunctionOfTheSeed() {
        Synthetic.Points held = (Synthetic.Points) Synthetic.parse("gaussian-ring:n=13");
        PointSet set = (PointSet) held.data();
        assertThat(set.size()).isEqualTo(13);
        assertThat(set.columns()).containsExactly("x1", "x2");
        assertThat(held.distribution()).isInstanceOf(GaussianMixtureDistribution.class);
        assertThat(values("gaussian-ring:n=13")).isEqualTo(set.values());
        assertThat(values("gaussian-ring:n=13,seed=2")).isNotEqualTo(set.values());
        assertThat(Arrays.copyOf(values("gaussian-ring:n=207"), 26)).isEqualTo(set.values());
    }

    @Test
    void unknownNamesKeysAndValuesAreNamedAtOnceWithTheNearest() {
        assertThatThrownBy(() -> Synthetic.parse("isng:l=3"))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("no synthetic set \"isng\"", "did you mean \"ising\"?", "gaussian-grid");
        assertThatThrownBy(() -> Synthetic.parse("ising:l=1,temp=3,t=cold,sampler=wolf,n,seed=x,l=4"))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll(
                        "l must be a whole number, 2 to 4096, but is \"1\"",
                        "there is no key \"temp\"",
                        "t must be a number above 0, but is \"cold\"",
                        "did you mean \"wolff\"?",
                        "\"n\" is not of the form key=value",
                        "seed must be a whole number, but is \"x\"",
                        "\"l\" is given twice");
        assertThatThrownBy(() -> Synthetic.parse("blobs:k=0,seed=1.5"))
                .hasMessage("synthetic set \"blobs:k=0,seed=1.5\": k must be a whole number, 1 to 10000, but is \"0\"; "
                        + "seed must be a whole number, but is \"1.5\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gaussian-grid:sigma=0",
                "gaussian-grid:sigma=NaN",
                "gaussian-grid:spacing=Infinity",
                "moons:noise=-1",
                "moons:n=-1",
                "moons:l=3",
                "ising:",
                "ising:,",
                "ising:n=99999999999",
                "blobs:p=10000,n=2000000", // more than the heap holds
            })
    void badTextIsRefusedAndAnEmptyListOfOptionsIsNot(String text) {
        if (text.equals("ising:")) {
            assertThat(Synthetic.parse(text).name()).isEqualTo(text);
        } else {
            assertThatThrownBy(() -> Synthetic.parse(text)).isInstanceOf(DataException.class);
        }
    }

    @Test
    void everyDocumentedKeyIsTakenWithItsDefault() {
        for (SyntheticKey key : Synthetic.KEYS) {
            for (String set : key.set().equals("all point sets") ? Synthetic.names() : List.of(key.set())) {
                Synthetic parsed = Synthetic.parse(
                        set + ":" + key.key() + "=" + (key.key().equals("n") ? "3" : key.defaultValue()));
                assertThat(parsed).isNotNull();
            }
        }
        assertThat(Synthetic.names()).allMatch(set -> Synthetic.KEYS.stream()
                .anyMatch(key -> key.set().equals(set)));
    }

    @Test
    void namesAreToldFromFiles() {
        assertThat(Synthetic.isNamedBy("moons")).isTrue();
        assertThat(Synthetic.isNamedBy("moons:nois=3")).isTrue();
        assertThat(Synthetic.isNamedBy("moons.zip")).isFalse();
    }

    private static GaussianMixtureDistribution mixture(String text) {
        return (GaussianMixtureDistribution) ((Synthetic.Points) Synthetic.parse(text)).data();
    }

    private static float[] values(String text) {
        return ((PointSet) ((Synthetic.Points) Synthetic.parse(text)).data()).values();
    }

    private static float[] draw(PointDistribution distribution, int n) {
        float[] out = new float[n * distribution.shape().features()];
        distribution.sample(new Philox(4, Philox.Purpose.DATA_SAMPLE, 0), out);
        return out;
    }
}
