package org.latent4j.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.latent4j.compute.cpu.CpuPrimitives;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CpuPrimitivesTest {
    private static Primitives create() {
        return Devices.primitives(new Device(Device.Kind.CPU, 0));
    }

    @Nested
    class Nearest extends NearestContract {
        @Override
        Primitives create() {
            return CpuPrimitivesTest.create();
        }
    }

    @Nested
    class Pairs extends PairsContract {
        @Override
        Primitives create() {
            return CpuPrimitivesTest.create();
        }
    }

    @Nested
    class Products extends ProductsContract {
        @Override
        Primitives create() {
            return CpuPrimitivesTest.create();
        }
    }

    @Nested
    class Decompositions extends DecompositionsContract {
        @Override
        Primitives create() {
            return CpuPrimitivesTest.create();
        }
    }

    /** Bit for bit, of sizes that are cut into several tasks. */
    @Test
    void resultsDoNotDependOnTheNumberOfThreads() {
        List<Object> one = results(1);
        assertThat(results(2)).usingRecursiveComparison().isEqualTo(one);
        assertThat(results(5)).usingRecursiveComparison().isEqualTo(one);
    }

    private static List<Object> results(int threads) {
        List<Object> found = new ArrayList<>();
        INDArray x = PrimitivesContract.normal(DataType.FLOAT, 40, 30_011, 13);
        INDArray wide = PrimitivesContract.normal(DataType.DOUBLE, 41, 700, 300);
        try (Primitives primitives = new CpuPrimitives(threads);
                Matrix points = primitives.matrix(x);
                Matrix narrow = primitives.matrix(x.getColumns(0, 4, 12));
                Matrix queries = primitives.matrix(x.getRows(5, 500, 7000))) {
            int[] labels = new int[30_011];
            double[] squared = new double[30_011];
            primitives.nearest(points, PrimitivesContract.normal(DataType.FLOAT, 43, 300, 13), labels, squared);
            found.add(labels.clone());
            found.add(squared.clone());
            primitives.nearest(points, PrimitivesContract.normal(DataType.FLOAT, 42, 31, 13), labels, squared);
            found.add(labels);
            found.add(squared);
            found.add(primitives.segmentSums(points, labels, squared, 31));
            found.add(primitives.segmentSums(narrow, labels, null, 31)); // column after column
            found.add(primitives.neighbours(points, queries, 7));
            double[] tile = new double[3 * 3000];
            primitives.distances(queries, 0, 3, points, 100, 3000, Metric.COSINE, tile);
            found.add(tile);
            found.add(numbers(primitives.product(x, true, x, false)));
            found.add(numbers(primitives.product(wide, false, wide.transpose(), false)));
            found.add(numbers(primitives.orthonormal(x)));
            Primitives.Svd svd = primitives.svd(wide);
            found.add(svd.s());
            found.add(numbers(svd.vt()));
            INDArray gram = primitives.product(wide, true, wide, false);
            Primitives.Eigen eigen = primitives.symmetricEigen(gram);
            found.add(eigen.values());
            found.add(numbers(eigen.vectors()));
            INDArray large = PrimitivesContract.normal(
                    DataType.FLOAT, 44, 5000, 450); // its eigenvectors are turned in two blocks
            INDArray scatter = Nd4j.zeros(DataType.DOUBLE, 450, 450);
            primitives.addScatter(scatter, large);
            found.add(numbers(scatter));
            found.add(numbers(
                    primitives.symmetricEigen(scatter.castTo(DataType.FLOAT)).vectors()));
            INDArray images = Nd4j.zeros(DataType.DOUBLE, 7, 450);
            found.add(numbers(
                    primitives.addImages(images, large, PrimitivesContract.normal(DataType.FLOAT, 45, 450, 7))));
            found.add(numbers(images));
            Primitives.RightSvd right =
                    primitives.batchedRightSvd(PrimitivesContract.normal(DataType.FLOAT, 46, 207, 13, 7));
            found.add(numbers(right.vt()));
            Primitives.BatchedSvd batch =
                    primitives.batchedSvd(PrimitivesContract.normal(DataType.FLOAT, 43, 207, 13, 7));
            found.add(numbers(batch.u()));
            found.add(numbers(batch.vt()));
            found.add(numbers(primitives.resampleCounts(3, 0, 31, 207)));
        }
        return found;
    }

    private static double[] numbers(INDArray x) {
        return x.dup('c').data().asDouble();
    }
}
