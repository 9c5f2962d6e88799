package org.latent4j.reduction.pca;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A large array (n, p) in memory that nothing has touched: the threads that fill it bring it in together, where ND4J's own allocation goes
 * through all of it with one.
 */
final class HostArray implements AutoCloseable {
    private final INDArray array;
    private final Pointer memory; // null if the array owns it

    HostArray(DataType type, long rows, long columns) {
        if (!Nd4j.getEnvironment().isCPU()) {
            memory = null;
            array = Nd4j.createUninitialized(type, new long[] {rows, columns}, 'c');
            return;
        }
        long numbers = rows * columns;
        DataBuffer buffer;
        if (type == DataType.FLOAT) {
            FloatPointer floats = new FloatPointer(numbers);
            memory = floats;
            buffer = Nd4j.createBuffer(floats, type, numbers, FloatIndexer.create(floats));
        } else {
            DoublePointer doubles = new DoublePointer(numbers);
            memory = doubles;
            buffer = Nd4j.createBuffer(doubles, type, numbers, DoubleIndexer.create(doubles));
        }
        array = Nd4j.create(buffer, new long[] {rows, columns}, new long[] {columns, 1}, 0, 'c');
    }

    INDArray array() {
        return array;
    }

    @Override
    public void close() {
        array.close();
        if (memory != null) {
            memory.close();
        }
    }
}
