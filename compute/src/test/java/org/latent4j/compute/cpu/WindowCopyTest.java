package org.latent4j.compute.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Shape;
import org.latent4j.compute.graph.Window;

/** Windows copied into rows, against their definition. */
class WindowCopyTest {
    private static final byte BEFORE = 77;

    static Arguments[] windows() {
        Shape image = Shape.of(3, 17, 7, 9);
        return new Arguments[] {
            Arguments.of(image, new Window(3, 3, 1, 1, 1, 1, 1, 1, 1, 1)),
            Arguments.of(image, new Window(4, 4, 2, 2, 1, 1, 1, 1, 1, 1)),
            Arguments.of(image, new Window(2, 5, 3, 2, 0, 2, 1, 0, 1, 1)),
            Arguments.of(Shape.of(3, 33, 7, 9), new Window(3, 2, 1, 2, 2, 2, 3, 3, 2, 3)),
            Arguments.of(Shape.of(2, 33, 2, 1), new Window(3, 2, 1, 1, 2, 2, 4, 4, 1, 1)), // windows beside the image
            Arguments.of(Shape.of(70, 64, 14, 14), new Window(4, 4, 2, 2, 1, 1, 1, 1, 1, 1)), // by several threads
        };
    }

    @ParameterizedTest
    @MethodSource("windows")
    void eachWindowIsARow(Shape shape, Window window) {
        for (DType type : new DType[] {DType.F32, DType.BF16}) {
            long rows = shape.size(0) * window.outputHeight(shape.size(2)) * window.outputWidth(shape.size(3));
            long row = window.height() * window.width() * shape.size(1);
            Array images = CpuPlan.ofItsOwn(Dnnl.vector(type, shape.elements()));
            Array columns = CpuPlan.ofItsOwn(Dnnl.matrix(type, rows, row));
            ByteBuffer pixels = images.bytes();
            for (int i = 0; i < pixels.capacity(); i++) {
                pixels.put(i, (byte) (1 + (i * 31 + i / 251) % 127));
            }
            ByteBuffer copies = columns.bytes();
            for (int i = 0; i < copies.capacity(); i++) {
                copies.put(i, BEFORE);
            }

            assertThat(WindowCopy.suits(images, shape, window)).isTrue();
            new WindowCopy(images, shape, window, columns).run();

            byte[] found = new byte[copies.capacity()];
            copies.get(0, found);
            byte[] expected = expected(pixels, shape, window, (int) type.bytes());
            Reference.reachabilityFence(images); // the buffers do not keep their memory
            Reference.reachabilityFence(columns);
            assertThat(found).isEqualTo(expected);
        }
    }

    private static byte[] expected(ByteBuffer pixels, Shape shape, Window window, int bytes) {
        int channels = (int) shape.size(1) * bytes;
        int height = (int) shape.size(2);
        int width = (int) shape.size(3);
        int outputHeight = (int) window.outputHeight(height);
        int outputWidth = (int) window.outputWidth(width);
        byte[] rows = new byte
                [(int) shape.size(0) * outputHeight * outputWidth * window.height() * window.width() * channels];
        int at = 0;
        for (int output = 0; output < shape.size(0) * outputHeight * outputWidth; output++) {
            int image = output / (outputHeight * outputWidth);
            int top = output / outputWidth % outputHeight * window.strideHeight() - window.top();
            int left = output % outputWidth * window.strideWidth() - window.left();
            for (int place = 0; place < window.height() * window.width(); place++) {
                int h = top + place / window.width() * window.dilationHeight();
                int w = left + place % window.width() * window.dilationWidth();
                boolean inside = h >= 0 && h < height && w >= 0 && w < width;
                for (int c = 0; c < channels; c++) {
                    rows[at++] = inside ? pixels.get(((image * height + h) * width + w) * channels + c) : 0;
                }
            }
        }
        return rows;
    }
}
