package org.latent4j.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.latent4j.compute.Philox;
import org.latent4j.data.npy.Npy;
import org.latent4j.data.npy.NpyFile;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A folder where a peer finds its arguments, {@code <name>.npy}, and leaves its results, {@code expected_<name>.npy}. */
record Exchange(Path folder) {

    /** Normal numbers, for both. */
    INDArray normal(String name, DataType type, long... shape) throws IOException {
        float[] values = new float
                [Math.toIntExact(Nd4j.createUninitialized(DataType.BOOL, shape).length())];
        new Philox(name.hashCode(), Philox.Purpose.EVALUATION, 0).fillNormal(values, 0, values.length);
        INDArray array = Nd4j.createFromArray(values).castTo(type).reshape('c', shape);
        give(name, array);
        return array;
    }

    void give(String name, INDArray array) throws IOException {
        INDArray rows = array.dup('c');
        if (array.dataType() == DataType.FLOAT) {
            Npy.write(file(name), rows.data().asFloat(), array.shape());
        } else {
            Npy.write(file(name), rows.data().asDouble(), array.shape());
        }
    }

    Path file(String name) {
        return folder.resolve(name + ".npy");
    }

    /** A result of the peer, row by row. */
    double[] expected(String name) {
        NpyFile file = NpyFile.open(file("expected_" + name));
        double[] values = new double[Math.toIntExact(file.header().elements())];
        for (int row = 0; row < file.rows(); row++) {
            file.readDoubles(row, values, row * file.rowElements());
        }
        return values;
    }

    /** Says the relative L2 difference of a result from the peer's; throws {@link BenchException} above a tolerance. */
    String close(String name, double[] ours, double tolerance) {
        double[] theirs = expected(name);
        if (theirs.length != ours.length) {
            throw new BenchException(name + " has " + ours.length + " numbers, the peer's " + theirs.length);
        }
        double squares = 0;
        double norm = 0;
        for (int i = 0; i < ours.length; i++) {
            squares += (ours[i] - theirs[i]) * (ours[i] - theirs[i]);
            norm += theirs[i] * theirs[i];
        }
        double difference = Math.sqrt(squares / norm);
        if (!(difference <= tolerance)) {
            throw new BenchException(
                    name + ": relative L2 difference from the peer's is " + difference + ", more than " + tolerance);
        }
        return String.format(Locale.ROOT, "%s within %.0e", name, difference);
    }

    String close(String name, INDArray ours, double tolerance) {
        return close(name, ours.dup('c').data().asDouble(), tolerance);
    }
}
