package org.latent4j.compute;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.latent4j.compute.cuda.CudaUnderTest;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** On a real card with {@code -Dlatent4j.test.device=cuda}, else on an emulated one. */
class CudaPrimitivesTest {
    private static String device() {
        String device = BackendUnderTest.device().equals("cuda") ? "cuda" : "emulated";
        String problem = CudaUnderTest.problem(device);
        Assumptions.assumeTrue(problem.isEmpty(), problem);
        return device;
    }

    private static Primitives create() {
        return new CheckedPrimitives(CudaUnderTest.primitives(device()));
    }

    @Nested
    class NearestInOneKernel extends NearestContract {
        @Override
        Primitives create() {
            return new CheckedPrimitives(CudaUnderTest.primitives(device(), true));
        }

        /** Whole and torn blocks of rows, tiles of centres, and stages of columns. */
        @ParameterizedTest
        @CsvSource({"128,16,128", "129,17,129", "127,15,257", "600,207,600", "3,600,207", "257,4,13", "1,207,1"})
        void blocksOfAnySize(int n, int p, int k) {
            checkNearest(normal(DataType.FLOAT, 70, n, p), normal(DataType.FLOAT, 71, k, p));
        }

        /** More centres in one place than a row has room for; and so near to each other that no product tells any apart. */
        @Test
        void crowdsOfCentres() {
            INDArray points = normal(DataType.FLOAT, 72, 207, 13);
            INDArray centres = normal(DataType.FLOAT, 73, 200, 13);
            for (int c = 50; c < 90; c++) {
                centres.getRow(c).assign(centres.getRow(7));
            }
            checkNearest(points, centres);
            checkNearest(points, centres.mul(1e-5).addRowVector(normal(DataType.FLOAT, 74, 1, 13)));
        }

        /** Squares 1 + (1e-9 i)^2, which are all 1 in double: among few candidates, and among all. */
        @ParameterizedTest
        @ValueSource(ints = {2, 3, 14, 15, 70})
        void whatDoublesCannotTell(int k) {
            INDArray centres = Nd4j.ones(DataType.FLOAT, k, 3);
            for (int c = 0; c < k; c++) {
                centres.putScalar(c, 1, 1e-9 * (1 + (c + 2) * 5 % k));
            }
            INDArray points = Nd4j.zeros(DataType.FLOAT, 7, 3);
            checkNearest(points, centres);
            points.getColumn(2).addi(1);
            checkNearest(points, centres);
        }

        /** Floats up to their end, whose scores are none. */
        @ParameterizedTest
        @ValueSource(doubles = {1e17, 1e18, 1e19, 1e25, 1e37, 1e-20, 1e-37})
        void hugeAndTinyNumbers(double size) {
            checkNearest(
                    normal(DataType.FLOAT, 75, 131, 7).mul(size),
                    normal(DataType.FLOAT, 76, 33, 7).mul(size));
        }

        /** The way of cards without TF32, in single precision; doubles always go it. */
        @ParameterizedTest
        @CsvSource({"1,1,1", "207,13,7", "129,65,300", "600,7,129"})
        void afterProductsToTheSameBits(int n, int p, int k) {
            Primitives other = new CheckedPrimitives(CudaUnderTest.primitives(device(), false));
            INDArray x = normal(DataType.FLOAT, 77, n, p);
            INDArray rounded = Transforms.round(x.mul(2));
            for (INDArray rows : new INDArray[] {x, rounded, x.add(1000)}) {
                INDArray centres = Nd4j.vstack(rows.getRow(0, true), normal(DataType.FLOAT, 78, k, p));
                int[][] labels = new int[2][n];
                double[][] squared = new double[2][n];
                try (Matrix here = primitives.matrix(rows);
                        Matrix there = other.matrix(rows)) {
                    primitives.nearest(here, centres, labels[0], squared[0]);
                    other.nearest(there, centres, labels[1], squared[1]);
                }
                assertThat(labels[0]).isEqualTo(labels[1]);
                assertThat(squared[0]).isEqualTo(squared[1]);
            }
        }
    }

    @Nested
    class Pairs extends PairsContract {
        @Override
        Primitives create() {
            return CudaPrimitivesTest.create();
        }
    }

    @Nested
    class Products extends ProductsContract {
        @Override
        Primitives create() {
            return CudaPrimitivesTest.create();
        }
    }

    @Nested
    class Decompositions extends DecompositionsContract {
        @Override
        Primitives create() {
            return CudaPrimitivesTest.create();
        }
    }
}
