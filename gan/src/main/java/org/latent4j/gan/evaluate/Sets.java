package org.latent4j.gan.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Checks and views of sets of samples (n, d), as all metrics take them. */
final class Sets {
    private Sets() {}

    /** Throws {@link DataException} that names all problems of two sets to compare, each of which needs {@code least} samples. */
    static void check(INDArray real, INDArray generated, int least) {
        List<String> problems = new ArrayList<>();
        check("real", real, least, problems);
        check("generated", generated, least, problems);
        if (problems.isEmpty() && real.columns() != generated.columns()) {
            problems.add(
                    "real samples have " + real.columns() + " features, but generated ones " + generated.columns());
        }
        if (!problems.isEmpty()) {
            throw new DataException("samples to compare: " + String.join("; ", problems));
        }
    }

    private static void check(String name, INDArray rows, int least, List<String> problems) {
        if (rows.rank() != 2 || rows.dataType() != DataType.FLOAT) {
            problems.add("the " + name + " ones must be (n, d) of FLOAT, but are " + rows.dataType() + " "
                    + java.util.Arrays.toString(rows.shape()));
            return;
        }
        if (rows.rows() < least) {
            problems.add("at least " + least + " " + name + " ones are needed, but there are " + rows.rows());
        }
        float[] values = floats(rows);
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                problems.add(name + " sample " + i / rows.columns() + " holds " + values[i] + " at feature "
                        + i % rows.columns());
                return;
            }
        }
    }

    /** Row by row. */
    static float[] floats(INDArray rows) {
        INDArray ordered = rows.dup('c');
        float[] values = new float[Math.toIntExact(rows.length())];
        ordered.data().asNioFloat().get(values); // asFloat() copies number by number
        return values;
    }

    static double[] squaredNorms(float[] rows, int features) {
        double[] norms = new double[rows.length / features];
        IntStream.range(0, norms.length).parallel().forEach(i -> {
            double sum = 0;
            for (int j = i * features; j < (i + 1) * features; j++) {
                sum += (double) rows[j] * rows[j];
            }
            norms[i] = sum;
        });
        return norms;
    }
}
