package org.latent4j.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.latent4j.clustering.KMeansModel.Stopped;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Primitives;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The code of docs/clustering.md: it is the code below, and it runs. */
class KMeansExampleTest {
    private static final Path SELF = Path.of("src/test/java/org/latent4j/clustering/KMeansExampleTest.java");
    private static final Path DOCUMENT = Path.of("../docs/clustering.md");

    @Test
    void theExampleRuns() {
        INDArray points = Clouds.array(Clouds.blobs(60, 2, 2, 5));
        INDArray others = Clouds.array(new double[][] {{10, 0}, {0, 10}, {9, 1}});
        INDArray start = Clouds.array(new double[][] {{5, 0}, {0, 5}});
        double[] weights = new double[60];
        Arrays.setAll(weights, i -> 1 + i % 3);
        // begins
        try (Primitives primitives =
                Devices.primitives(Devices.choose("auto", List::of).device())) {
            KMeansOptions options = KMeansOptions.of(2)
                    .withStart(start) // INDArray (k, p), once; without, k-means++ by withSeed and withRestarts
                    .withMaxIterations(100)
                    .withTolerance(KMeansOptions.Stop.CENTRES, 1e-4); // or COST; 0: until no label changes
            KMeansModel model = KMeans.fit(points, weights, options, primitives, IterationListener.NONE);
            int[] labels = model.predict(others, primitives); // the nearest centres of (m, p)
            INDArray distances = model.transform(others, primitives); // (m, k), to each centre
            // what came of it
            assertThat(labels).containsExactly(0, 1, 0);
            assertThat(distances.getDouble(0, 0)).isLessThan(1);
            assertThat(distances.getDouble(0, 1)).isCloseTo(10 * Math.sqrt(2), within(1.0));
            assertThat(model.weights()[0] + model.weights()[1])
                    .isCloseTo(Arrays.stream(weights).sum(), within(1e-9));
            assertThat(model.stopped()).isIn(Stopped.TOLERANCE, Stopped.LABELS);
        }
    }

    @Test
    void theDocumentShowsThisCode() throws IOException {
        List<String> shown = block(Files.readString(DOCUMENT), "```java\n", "```");
        assertThat(shown.get(shown.size() - 1)).isEqualTo("}");
        assertThat(shown.subList(0, shown.size() - 1))
                .isEqualTo(block(Files.readString(SELF), "// begins\n", "// what"));
    }

    private static List<String> block(String text, String begin, String end) {
        int start = text.indexOf(begin) + begin.length();
        return text.substring(start, text.indexOf(end, start))
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
