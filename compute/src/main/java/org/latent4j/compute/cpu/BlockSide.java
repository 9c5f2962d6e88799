package org.latent4j.compute.cpu;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.latent4j.compute.graph.Shape;
import org.latent4j.compute.graph.Window;

/**
 * Where {@link BlockMaps} find or leave the vectors of blocks: a block has vectors (i, j), and the blocks of images lie in rows and columns. What belongs to a row of
 * blocks is read and written together: short pieces of memory here and there take longer.
 */
sealed interface BlockSide {
    Array array();

    /** Floats of a vector. */
    int length();

    /** Floats that {@code line} has to have room for in reads and writes of so many blocks. */
    int lineLength(int blocks);

    /** Whether vectors (i, ...) of a row of blocks are there. */
    boolean holds(int i, int row);

    /**
     * Reads vectors (i, 0), (i, 1), ... of the blocks of a row, those of one j one behind the other; zeros where there are none.
     *
     * @param first block of the row, which may be before its beginning
     * @param from the first float of each vector to be read
     * @param count floats of each vector
     * @param into by j
     * @param line scratch memory
     */
    void read(
            FloatBuffer source,
            int image,
            int row,
            int i,
            int first,
            int blocks,
            int from,
            int count,
            float[][] into,
            float[] line);

    /**
     * Likewise writes those of a row's first blocks; nothing where there are none.
     *
     * @param numbers how many j there are
     */
    void write(
            FloatBuffer target,
            int image,
            int row,
            int i,
            int numbers,
            int blocks,
            int from,
            int count,
            float[][] values,
            float[] line);

    /** The memory, once it does not move any more. */
    default FloatBuffer floats() {
        return array().bytes().asFloatBuffer();
    }

    /** For each (i, j), {@code width} by {@code width} of them, the vectors of all blocks, one after the other. */
    record Planes(Array array, int length, int width, int images, int rows, int columns) implements BlockSide {

        @Override
        public int lineLength(int blocks) {
            return 0;
        }

        @Override
        public boolean holds(int i, int row) {
            return row >= 0 && row < rows;
        }

        private int offset(int image, int row, int i, int j) {
            return (((i * width + j) * images + image) * rows + row) * columns * length;
        }

        @Override
        public void read(
                FloatBuffer source,
                int image,
                int row,
                int i,
                int first,
                int blocks,
                int from,
                int count,
                float[][] into,
                float[] line) {
            int begin = Math.max(first, 0);
            int end = Math.max(begin, Math.min(first + blocks, columns));
            for (int j = 0; j < width; j++) {
                Arrays.fill(into[j], 0, (begin - first) * count, 0);
                Arrays.fill(into[j], (end - first) * count, blocks * count, 0);
                int at = offset(image, row, i, j) + from;
                if (count == length) {
                    source.get(at + begin * length, into[j], (begin - first) * count, (end - begin) * count);
                    continue;
                }
                for (int block = begin; block < end; block++) {
                    source.get(at + block * length, into[j], (block - first) * count, count);
                }
            }
        }

        @Override
        public void write(
                FloatBuffer target,
                int image,
                int row,
                int i,
                int numbers,
                int blocks,
                int from,
                int count,
                float[][] values,
                float[] line) {
            int end = Math.min(blocks, columns);
            for (int j = 0; j < numbers; j++) {
                int at = offset(image, row, i, j) + from;
                if (count == length) {
                    target.put(at, values[j], 0, end * count);
                    continue;
                }
                for (int block = 0; block < end; block++) {
                    target.put(at + block * length, values[j], block * count, count);
                }
            }
        }
    }

    /**
     * Blocks of {@code block} by {@code block} tiles of an image, whose vectors are the tiles: {@code tileHeight} by {@code tileWidth} pixels, row by row, as
     * {@link Tiles} has them. The first tile begins {@code top} pixels above and {@code left} pixels before the image. Vectors are read and written whole.
     *
     * @param pixel floats of a pixel
     */
    record Pixels(
            Array array, int pixel, int height, int width, int block, int tileHeight, int tileWidth, int top, int left)
            implements BlockSide {

        /** Tiles of a convolution's images. */
        static Pixels of(Array images, Shape shape, Window window, int block) {
            return new Pixels(
                    images,
                    Math.toIntExact(shape.size(1)),
                    Math.toIntExact(shape.size(2)),
                    Math.toIntExact(shape.size(3)),
                    block,
                    window.strideHeight(),
                    window.strideWidth(),
                    window.top(),
                    window.left());
        }

        /** Pixels are tiles. */
        static Pixels of(Array images, Shape shape, int block) {
            return of(images, shape, new Window(1, 1, 1, 1, 0, 0, 0, 0, 1, 1), block);
        }

        @Override
        public int length() {
            return tileHeight * tileWidth * pixel;
        }

        @Override
        public int lineLength(int blocks) {
            return blocks * block * tileWidth * pixel;
        }

        @Override
        public boolean holds(int i, int row) {
            int first = (row * block + i) * tileHeight - top;
            return first + tileHeight > 0 && first < height;
        }

        private int offset(int image, int row, int column) {
            return ((image * height + row) * width + column) * pixel;
        }

        @Override
        public void read(
                FloatBuffer source,
                int image,
                int row,
                int i,
                int first,
                int blocks,
                int from,
                int count,
                float[][] into,
                float[] line) {
            int ofTile = tileWidth * pixel; // floats of a row of a tile
            int column = first * block * tileWidth - left; // of the line's first pixel
            int begin = Math.max(column, 0);
            int end = Math.max(begin, Math.min(column + blocks * block * tileWidth, width));
            Arrays.fill(line, 0, (begin - column) * pixel, 0);
            Arrays.fill(line, (end - column) * pixel, blocks * block * ofTile, 0);
            for (int h = 0; h < tileHeight; h++) {
                int pixelRow = (row * block + i) * tileHeight + h - top;
                if (pixelRow >= 0 && pixelRow < height) {
                    source.get(offset(image, pixelRow, begin), line, (begin - column) * pixel, (end - begin) * pixel);
                } else {
                    Arrays.fill(line, (begin - column) * pixel, (end - column) * pixel, 0);
                }
                for (int number = 0; number < blocks; number++) {
                    for (int j = 0; j < block; j++) {
                        System.arraycopy(
                                line, (number * block + j) * ofTile, into[j], number * count + h * ofTile, ofTile);
                    }
                }
            }
        }

        @Override
        public void write(
                FloatBuffer target,
                int image,
                int row,
                int i,
                int numbers,
                int blocks,
                int from,
                int count,
                float[][] values,
                float[] line) {
            int ofTile = tileWidth * pixel;
            int begin = Math.max(-left, 0);
            int end = Math.max(begin, Math.min(blocks * block * tileWidth - left, width));
            for (int h = 0; h < tileHeight; h++) {
                int pixelRow = (row * block + i) * tileHeight + h - top;
                if (pixelRow < 0 || pixelRow >= height) {
                    continue;
                }
                for (int number = 0; number < blocks; number++) {
                    for (int j = 0; j < block; j++) {
                        System.arraycopy(
                                values[j], number * count + h * ofTile, line, (number * block + j) * ofTile, ofTile);
                    }
                }
                target.put(offset(image, pixelRow, begin), line, (begin + left) * pixel, (end - begin) * pixel);
            }
        }
    }
}
