package org.latent4j.gan.evaluate;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Scalar products of fixed rows with the rows of one tile after the other, by ND4J. */
final class RowProducts implements AutoCloseable {
    private final INDArray fixed; // (rows, features)

    RowProducts(float[] rows, int features) {
        this.fixed = Nd4j.create(rows, new long[] {rows.length / features, features}, 'c');
    }

    /** All products with a tile's rows, (rows, tile rows). */
    float[] with(float[] tile) {
        long tileRows = tile.length / fixed.columns();
        try (INDArray right = Nd4j.create(tile, new long[] {tileRows, fixed.columns()}, 'c');
                INDArray product = Nd4j.createUninitialized(DataType.FLOAT, new long[] {fixed.rows(), tileRows}, 'c')) {
            fixed.mmuli(right.transpose(), product);
            float[] out = new float[(int) product.length()];
            product.data().asNioFloat().get(out); // asFloat() copies one by one and takes as long as the product
            return out;
        }
    }

    @Override
    public void close() {
        fixed.close();
    }
}
