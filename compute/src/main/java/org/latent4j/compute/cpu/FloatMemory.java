package org.latent4j.compute.cpu;

import org.bytedeco.javacpp.FloatPointer;

/** Floats of a fixed array, read and written from Java: for work on a few numbers for each channel or row. */
final class FloatMemory {
    private final FloatPointer pointer;
    private final Array array;

    FloatMemory(Array array) {
        this.array = array;
        this.pointer = new FloatPointer(Block.pointer(array.address()));
    }

    float get(long index) {
        return pointer.get(index);
    }

    void put(long index, float value) {
        pointer.put(index, value);
    }

    void put(float[] values) {
        pointer.put(values);
    }

    void get(float[] values) {
        pointer.get(values);
    }

    long count() {
        return array.desc().get_size() / Float.BYTES;
    }
}
