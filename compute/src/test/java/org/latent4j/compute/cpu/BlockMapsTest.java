package org.latent4j.compute.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.latent4j.compute.cpu.BlockMaps.Axis;
import org.latent4j.compute.cpu.BlockSide.Pixels;
import org.latent4j.compute.cpu.BlockSide.Planes;
import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Shape;
import org.latent4j.compute.graph.Window;

/** Against the definition, in double. */
class BlockMapsTest {
    private final Random random = new Random(1);

    private float[] random(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    private float[][] map(int rows, int columns) {
        float[][] map = new float[rows][];
        for (int i = 0; i < rows; i++) {
            map[i] = random(columns);
            map[i][random.nextInt(columns)] = 0;
        }
        return map;
    }

    private static Array array(float[] numbers) {
        Array array = new Workspace().take(Dnnl.vector(DType.F32, numbers.length));
        new FloatMemory(array).put(numbers);
        return array;
    }

    private static float[] read(Array array) {
        FloatMemory memory = new FloatMemory(array);
        float[] numbers = new float[(int) memory.count()];
        memory.get(numbers);
        return numbers;
    }

    private static void assertClose(float[] actual, double[] expected) {
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs(actual[i] - expected[i]) < 1e-4)) {
                assertThat((double) actual[i]).as("number %d", i).isCloseTo(expected[i], within(1e-4));
            }
        }
    }

    /**
     * An image's tiles: number c of tile (row, column), or NaN outside of the image, where a float of a tile's pixel lies.
     */
    private record Image(int height, int width, int channels, int stride, int padding) {
        int index(int image, int row, int column, int c) {
            int y = row * stride + c / channels / stride - padding;
            int x = column * stride + c / channels % stride - padding;
            return y < 0 || y >= height || x < 0 || x >= width
                    ? -1
                    : ((image * height + y) * width + x) * channels + c % channels;
        }

        int length() {
            return stride * stride * channels;
        }

        Pixels side(Array pixels, int images, int block) {
            Window window = new Window(2, 2, stride, stride, padding, padding, padding, padding, 1, 1);
            return Pixels.of(pixels, Shape.of(images, channels, height, width), window, block);
        }
    }

    /** Strides, paddings, images that blocks don't fill; few channels and many; grids that one thread works on, and that several share. */
    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 1, 1, 0, 2, 3",
        "2, 5, 7, 3, 1, 1, 2, 4",
        "1, 8, 8, 5, 2, 1, 4, 5",
        "3, 9, 6, 2, 2, 0, 4, 6",
        "5, 16, 12, 33, 1, 1, 4, 5",
        "6, 30, 34, 16, 2, 1, 4, 5"
    })
    void mapsOfBlocksAndTheirAdjointsAreThoseOfTheDefinition(
            int images, int height, int width, int channels, int stride, int padding, int block, int products) {
        Image image = new Image(height, width, channels, stride, padding);
        int length = image.length();
        int rows = (height + 2 * padding) / stride / block + 1;
        int columns = (width + 2 * padding) / stride / block + 1;
        float[][] map = map(products, products);
        float[] x = random(images * height * width * channels);
        float[] planes = random(products * products * images * rows * columns * length);
        double[] expected = new double[planes.length];
        double[] adjoint = new double[x.length];
        for (int at = 0; at < planes.length; at++) {
            int c = at % length;
            int column = at / length % columns;
            int row = at / length / columns % rows;
            int n = at / length / columns / rows % images;
            int plane = at / length / columns / rows / images;
            for (int s = 0; s < products; s++) {
                for (int t = 0; t < products; t++) {
                    int index = image.index(n, row * block + s, column * block + t, c);
                    if (index >= 0) {
                        double factor = (double) map[plane / products][s] * map[plane % products][t];
                        expected[at] += factor * x[index];
                        adjoint[index] += factor * planes[at];
                    }
                }
            }
        }
        Array pixels = array(x);
        Array target = array(new float[planes.length]);
        BlockMaps forward = new BlockMaps(
                Axis.of(map, block),
                image.side(pixels, images, block),
                new Planes(target, length, products, images, rows, columns),
                images,
                rows,
                columns);
        BlockMaps back = new BlockMaps(
                Axis.adjoint(map, block),
                new Planes(array(planes), length, products, images, rows, columns),
                image.side(pixels, images, block),
                images,
                rows + 1,
                columns + 1);
        for (int run = 0; run < 2; run++) {
            new FloatMemory(pixels).put(x);
            forward.run();
            assertClose(read(target), expected);
            back.run();
            assertClose(read(pixels), adjoint);
        }
    }

    /** One block of long vectors, which are mapped piece by piece. */
    @Test
    void longVectors() {
        int length = 70_001;
        float[][] map = map(5, 2);
        float[] x = random(4 * length);
        double[] expected = new double[25 * length];
        for (int at = 0; at < expected.length; at++) {
            int i = at / length / 5;
            int j = at / length % 5;
            for (int s = 0; s < 4; s++) {
                expected[at] += (double) map[i][s / 2] * map[j][s % 2] * x[s * length + at % length];
            }
        }
        Array target = array(new float[expected.length]);
        new BlockMaps(
                        Axis.of(map, 2),
                        new Planes(array(x), length, 2, 1, 1, 1),
                        new Planes(target, length, 5, 1, 1, 1),
                        1,
                        1,
                        1)
                .run();
        assertClose(read(target), expected);
    }
}
