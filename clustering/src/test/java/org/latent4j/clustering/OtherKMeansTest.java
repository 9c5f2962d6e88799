package org.latent4j.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.latent4j.data.npy.Npy;
import org.latent4j.data.npy.NpyFile;
import org.nd4j.linalg.api.ndarray.INDArray;

class OtherKMeansTest {
    private final Primitives primitives = Clouds.primitives();

    @TempDir
    private Path folder;

    private NpyFile file(double[][] x) throws IOException {
        Path path = folder.resolve("x.npy");
        double[] flat = Arrays.stream(x).flatMapToDouble(Arrays::stream).toArray();
        Npy.write(path, flat, x.length, x[0].length);
        return NpyFile.open(path);
    }

    @Test
    void miniBatchesFindBlobsInAFile() throws IOException {
        int n = 3007;
        double[][] x = Clouds.blobs(n, 3, 5, 3);
        MiniBatchKMeans.Found found = MiniBatchKMeans.fit(file(x), 5, 128, 60, 1, primitives);
        int[] truth = IntStream.range(0, n).map(i -> i % 5).toArray();
        assertThat(Agreement.of(truth, found.labels()).adjustedRand()).isEqualTo(1);
        assertThat(Arrays.stream(found.counts()).sum()).isEqualTo(n);
        double best =
                KMeans.fit(Clouds.array(x), KMeansOptions.of(5), primitives).inertia();
        assertThat(found.inertia()).isBetween(0.999 * best, 1.02 * best);
        assertThat(MiniBatchKMeans.fit(file(x), 5, 128, 60, 1, primitives).inertia())
                .isEqualTo(found.inertia());
    }

    @Test
    void badFilesAreNamed() throws IOException {
        double[][] x = Clouds.normal(9, 2, 1);
        assertThatThrownBy(() -> MiniBatchKMeans.fit(file(x), 10, 4, 3, 1, primitives))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("k is 10, but there are only 9 points");
        assertThatThrownBy(() -> MiniBatchKMeans.fit(file(x), 0, 4, 3, 1, primitives))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("at least 1");
        x[6][1] = Double.NaN;
        assertThatThrownBy(() -> MiniBatchKMeans.fit(file(x), 2, 4, 3, 1, primitives))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("row 7, column 2 is NaN");
    }

    @Test
    void bisectionFindsBlobsAndCostsAddUp() {
        int n = 600;
        INDArray x = Clouds.array(Clouds.blobs(n, 4, 4, 2));
        BisectingKMeans.Split split = BisectingKMeans.fit(x, KMeansOptions.of(4), primitives);
        int[] truth = IntStream.range(0, n).map(i -> i % 4).toArray();
        assertThat(Agreement.of(truth, split.labels()).adjustedRand()).isEqualTo(1);
        double cost = KMeans.fit(x, KMeansOptions.of(4), primitives).inertia();
        assertThat(split.inertia()).isBetween(cost * (1 - 1e-6), cost * (1 + 1e-6));
        double last = Double.POSITIVE_INFINITY;
        for (int k : new int[] {1, 2, 3, 7, 13}) {
            double inertia =
                    BisectingKMeans.fit(x, KMeansOptions.of(k), primitives).inertia();
            assertThat(inertia).isLessThan(last);
            last = inertia;
        }
    }

    @Test
    void bisectionStopsAtDistinctPoints() {
        INDArray x = Clouds.array(Clouds.grid(100, 2, 2, 1));
        assertThat(BisectingKMeans.fit(x, KMeansOptions.of(9), primitives).k()).isEqualTo(4);
        assertThatThrownBy(() -> BisectingKMeans.fit(x, KMeansOptions.of(101), primitives))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("k is 101");
    }
}
