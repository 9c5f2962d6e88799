package org.latent4j.compute.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.latent4j.compute.cpu.VectorSums.Side;
import org.latent4j.compute.cpu.VectorSums.Sum;
import org.latent4j.compute.cpu.VectorSums.Vector;
import org.latent4j.compute.graph.DType;

class VectorSumsTest {
    /** Places around one of the grid, some of which lie outside at its borders. */
    private static final List<Vector> AROUND = IntStream.range(0, 9)
            .mapToObj(i -> new Vector(0, i / 3 - 1, i % 3 - 1))
            .toList();

    private static float[] random(int count, long seed) {
        float[] numbers = new float[count];
        Random random = new Random(seed);
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    /** Lengths of part of a piece, whole ones, and more; small grids, and grids that threads share. */
    @ParameterizedTest
    @CsvSource({"1, 1, 1, 1", "2, 3, 5, 7", "1, 4, 3, 512", "3, 2, 2, 513", "4, 16, 16, 130", "1, 1, 1, 200000"})
    void everySumIsThatOfItsVectorsWithZerosOutside(int images, int rows, int columns, int length) {
        int count = images * rows * columns * length;
        float[] x = random(count, 1);
        Workspace workspace = new Workspace();
        Array from = workspace.take(Dnnl.vector(DType.F32, count));
        Array to = workspace.take(Dnnl.vector(DType.F32, 9L * count));
        new FloatMemory(from).put(x);
        // Of one vector, of two, ... of nine, each with factors of its own.
        List<Sum> sums = IntStream.rangeClosed(1, 9)
                .mapToObj(terms -> new Sum(new Vector((terms - 1) * count, 0, 0), terms(terms)))
                .toList();
        VectorSums kernel = new VectorSums(
                Side.of(from, length, 1, rows, columns),
                Side.of(to, length, 1, rows, columns),
                images,
                rows,
                columns,
                length,
                sums);
        for (int run = 0; run < 2; run++) {
            kernel.run();
            float[] y = new float[9 * count];
            new FloatMemory(to).get(y);
            for (int i = 0; i < y.length; i++) {
                double expected = 0;
                int at = i % count;
                int column = at / length % columns;
                int row = at / length / columns % rows;
                int image = at / length / columns / rows;
                for (Map.Entry<Vector, Float> term : sums.get(i / count).terms().entrySet()) {
                    int r = row + term.getKey().row();
                    int c = column + term.getKey().column();
                    if (r >= 0 && r < rows && c >= 0 && c < columns) {
                        expected += term.getValue() * x[((image * rows + r) * columns + c) * length + at % length];
                    }
                }
                if (!(Math.abs(y[i] - expected) < 1e-4)) {
                    assertThat(y[i]).as("number %d of run %d", i, run).isEqualTo((float) expected);
                }
            }
        }
    }

    private static Map<Vector, Float> terms(int count) {
        Map<Vector, Float> terms = new LinkedHashMap<>();
        Stream.iterate(0, i -> i + 1)
                .limit(count)
                .forEach(i -> terms.put(AROUND.get((4 + i) % 9), count == 1 ? 1 : 0.5f * (i + 1) - 2));
        return terms;
    }
}
