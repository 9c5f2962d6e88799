package org.latent4j.data;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Points held in memory: n rows of p float features.
 *
 * <p>Throws {@link DataException} when empty, ragged, or holding NaN or infinite values (row and column named).
 */
public final class PointSet implements Dataset {
    private final String name;
    private final List<String> columns;
    private final float[] values; // (n, p)
    private final int features;

    public PointSet(String name, List<String> columns, float[] values) {
        this.name = name;
        this.columns = List.copyOf(columns);
        this.values = values;
        this.features = columns.size();
        if (features == 0 || values.length == 0) {
            throw new DataException(name + " holds no points: at least one row and one column are needed");
        }
        if (values.length % features != 0) {
            throw new DataException(name + ": " + values.length + " values are no whole number of rows of " + features);
        }
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new DataException(
                        name + ", row " + (i / features + 1) + ", column " + this.columns.get(i % features) + ": "
                                + values[i] + " is not a finite number; remove or replace such rows");
            }
        }
    }

    /** Column names for points without any: x1, x2, ... */
    public static List<String> numbered(int features) {
        return IntStream.rangeClosed(1, features).mapToObj(i -> "x" + i).toList();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public SampleShape.Point shape() {
        return new SampleShape.Point(features);
    }

    public int size() {
        return values.length / features;
    }

    public List<String> columns() {
        return columns;
    }

    /** Copies row {@code index} to {@code out[at ..]}. */
    public void read(int index, float[] out, int at) {
        System.arraycopy(values, index * features, out, at, features);
    }

    /** All points, (n, p), as they are held: not a copy. */
    public float[] values() {
        return values;
    }
}
