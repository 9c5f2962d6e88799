package org.latent4j.ensembles.forest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataException;
import org.latent4j.ensembles.Points;
import org.latent4j.ensembles.Samples;
import org.latent4j.ensembles.Sets;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ForestFileTest {
    @TempDir
    private Path folder;

    private static RandomForest forest(boolean classified) {
        Samples samples = classified ? Sets.quadrants(40, 3, 1) : Sets.friedman(40, 5, 1);
        float[] points = Points.floats(samples.points());
        int p = samples.features();
        for (int i = 0; i < 40; i++) {
            points[i * p + 2] = i % 5;
        }
        INDArray x = Nd4j.create(points, new long[] {40, p}, 'c');
        ForestOptions options = ForestOptions.randomForest().withTrees(2);
        return RandomForest.fit(
                        new Samples(x, samples.target(), null),
                        options.withTree(options.tree().withCategorical(Set.of(2))))
                .withCategories(IntStream.range(0, p)
                        .mapToObj(f -> f == 2 ? List.of("a", "b", "c", "d", "e") : List.<String>of())
                        .toList());
    }

    @Test
    void comesBackTheSame() throws IOException {
        for (boolean classified : new boolean[] {true, false}) {
            RandomForest forest = forest(classified);
            Path file = folder.resolve("a.l4jtrees");
            ForestFile.write(file, forest);
            RandomForest read = ForestFile.read(file);
            INDArray points = Nd4j.rand(100, forest.features());
            assertThat(read.predict(points)).isEqualTo(forest.predict(points));
            assertThat(read.importances()).isEqualTo(forest.importances());
            assertThat(read.featureNames()).isEqualTo(forest.featureNames());
            assertThat(read.classNames()).isEqualTo(forest.classNames());
            assertThat(read.categories()).isEqualTo(forest.categories());
            assertThat(read.categories().get(2)).hasSize(5);
        }
    }

    /** Version 1 had a header without names of categories, and is else the same. */
    @Test
    void theFirstVersionIsRead() throws IOException {
        RandomForest forest = forest(true);
        Path file = folder.resolve("old.l4jtrees");
        ForestFile.write(file, forest);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        int length = bytes.getInt(12);
        String header = new String(bytes.array(), 16, length, StandardCharsets.UTF_8);
        byte[] older = header.replaceAll("\"categories\":\\[.*?\\]\\],", "").getBytes(StandardCharsets.UTF_8);
        assertThat(older.length).isLessThan(length);
        ByteBuffer whole = ByteBuffer.allocate(bytes.capacity() - length + older.length);
        whole.put(bytes.array(), 0, 8).putInt(1).putInt(older.length).put(older);
        whole.put(bytes.array(), 16 + length, bytes.capacity() - 16 - length);
        Files.write(file, sealed(whole.array()));
        INDArray points = Nd4j.rand(100, 3);
        RandomForest read = ForestFile.read(file);
        assertThat(read.predict(points)).isEqualTo(forest.predict(points));
        assertThat(read.categories()).containsOnly(List.of());
        whole.putInt(8, 2);
        Files.write(file, sealed(whole.array()));
        assertThatThrownBy(() -> ForestFile.read(file)).hasMessageContaining("lacks categories");
    }

    @Test
    void foreignAndTruncatedFilesAreNamed() throws IOException {
        Path file = folder.resolve("b.l4jtrees");
        assertThatThrownBy(() -> ForestFile.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("is not there");
        Files.writeString(file, "PK\3\4 this is some other kind of file, a zip perhaps");
        assertThatThrownBy(() -> ForestFile.read(file)).hasMessageContaining("does not begin with L4JTREES");
        ForestFile.write(file, forest(true));
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length += 7) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> ForestFile.read(file))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("b.l4jtrees");
        }
        byte[] newer = whole.clone();
        newer[11] = 9;
        Files.write(file, sealed(newer));
        assertThatThrownBy(() -> ForestFile.read(file)).hasMessageContaining("version 9");
    }

    /**
     * 10,000 mutations, half of them with a checksum that fits, as a file made on purpose would have: reading gives a clear error or a forest
     * that predicts.
     */
    @Test
    void mutationsAreRefusedOrHarmless() throws IOException {
        Path file = folder.resolve("c.l4jtrees");
        RandomForest forest = forest(true);
        ForestFile.write(file, forest);
        byte[] whole = Files.readAllBytes(file);
        INDArray points = Nd4j.rand(20, 3);
        double[] expected = Points.doubles(forest.predict(points));
        Philox random = new Philox(1, Philox.Purpose.EVALUATION, 0);
        int refused = 0;
        int read = 0;
        for (int i = 0; i < 10_000; i++) {
            byte[] changed = mutated(whole, random);
            boolean sealed = i % 2 == 0;
            Files.write(file, sealed ? sealed(changed) : changed);
            try {
                RandomForest back = ForestFile.read(file);
                double[] predicted = Points.doubles(back.predict(Nd4j.rand(20, back.features())));
                assertThat(predicted).hasSize(20 * back.outputs());
                if (!sealed) {
                    assertThat(Points.doubles(back.predict(points))).isEqualTo(expected);
                }
                read++;
            } catch (DataException e) {
                assertThat(e.getMessage()).contains("c.l4jtrees");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(5000);
        assertThat(read).isPositive();
    }

    private static byte[] mutated(byte[] whole, Philox random) {
        byte[] changed = whole.clone();
        switch (random.nextInt(4)) {
            case 0 -> changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
            case 1 -> {
                for (int i = 0; i < 4; i++) {
                    changed[random.nextInt(changed.length)] = (byte) random.nextInt();
                }
            }
            case 2 -> changed = Arrays.copyOf(changed, random.nextInt(changed.length + 40));
            default -> {
                int at = random.nextInt(changed.length - 4);
                ByteBuffer.wrap(changed)
                        .putInt(at, new int[] {-1, 0, 1, Integer.MAX_VALUE, 1 << 30}[random.nextInt(5)]);
            }
        }
        return changed;
    }

    /** With the checksum that fits the rest. */
    private static byte[] sealed(byte[] bytes) {
        if (bytes.length < 4) {
            return bytes;
        }
        CRC32 sum = new CRC32();
        sum.update(bytes, 0, bytes.length - 4);
        ByteBuffer.wrap(bytes).putInt(bytes.length - 4, (int) sum.getValue());
        return bytes;
    }
}
