package org.latent4j.reduction.pca;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Leading components from the space that random directions Q and their images (X^T X) Q, (X^T X)^2 Q, ... span.
 *
 * <p>Each image is made orthogonal to all before it and orthonormal by QR; keeping them all, and not the last alone as power iteration does,
 * gives the same accuracy with fewer passes over the data. Each pass computes X Q and X^T (X Q) block by block. In the space found, the
 * components are exact.
 *
 * <p>Sources: Halko, Martinsson, Tropp, SIAM Review 53 (2011) 217; Musco and Musco, "Randomized block Krylov methods", 2015.
 */
final class RandomizedSolver {
    private static final double ORTHOGONAL = 1e-3;

    private final Centred data;
    private final Primitives primitives;
    private final PcaOptions options;
    private final List<INDArray> basis = new ArrayList<>(); // (p, width) each
    private final List<INDArray> images = new ArrayList<>(); // X times those, (n, width)

    private RandomizedSolver(Centred data, PcaOptions options, Primitives primitives) {
        this.data = data;
        this.primitives = primitives;
        this.options = options;
    }

    static Spectrum solve(Centred data, int k, PcaOptions options, Primitives primitives) {
        RandomizedSolver solver = new RandomizedSolver(data, options, primitives);
        try {
            return solver.run(k);
        } finally {
            solver.basis.forEach(INDArray::close);
            solver.images.forEach(INDArray::close);
        }
    }

    /** Products of the data with a column that k components take. */
    static double products(long rows, int columns, int k, PcaOptions options) {
        long limit = Math.min(rows, columns);
        return Math.min(limit, k + (double) options.oversampling()) * (2 * options.iterations() + 1);
    }

    private Spectrum run(int k) {
        int limit = (int) Math.min(data.rows(), data.columns());
        int width = Math.min(limit, k + options.oversampling());
        boolean keepAll = (long) width * (options.iterations() + 1) <= limit;
        basis.add(orthonormal(start(width)));
        for (int i = 0; i < options.iterations(); i++) {
            INDArray next = pass(basis.get(basis.size() - 1), true);
            if (!keepAll) { // so many images are not independent: plain power iteration
                basis.remove(0).close();
                images.remove(0).close();
            }
            basis.add(orthonormal(next));
        }
        pass(basis.get(basis.size() - 1), false);
        return rayleighRitz(k);
    }

    /** Random directions; of wide data random sums of rows, as most directions have no part in the space of the rows. */
    private INDArray start(int width) {
        boolean wide = data.columns() > data.rows();
        int length = (int) Math.min(data.rows(), data.columns());
        float[] normal = new float[Math.multiplyExact(length, width)];
        new Philox(options.seed(), Philox.Purpose.PROJECTION, 0).fillNormal(normal, 0, normal.length);
        INDArray start;
        try (INDArray floats = Nd4j.create(normal, new long[] {length, width}, 'c')) {
            start = floats.castTo(data.work()).dup('c');
        }
        if (!wide) {
            return start;
        }
        try (start;
                INDArray sum = Nd4j.zeros(DataType.DOUBLE, data.columns(), width)) {
            data.forEachBlock((from, block) -> {
                try (INDArray some = rows(start, from, from + block.size(0))) {
                    try (INDArray product = primitives.product(block, true, some, false);
                            INDArray exact = product.castTo(DataType.DOUBLE)) {
                        sum.addi(exact);
                    }
                }
            });
            return sum.castTo(data.work()).dup('c');
        }
    }

    private static INDArray rows(INDArray x, long from, long to) {
        int width = Math.toIntExact(x.size(1));
        double[] some = new double[Math.toIntExact((to - from) * width)];
        new Numbers(x).read(from * width, some, some.length);
        INDArray out = Nd4j.createUninitialized(x.dataType(), new long[] {to - from, width}, 'c');
        new Numbers(out).write(0, some, some.length);
        return out;
    }

    /** Keeps X Q; returns X^T (X Q) if asked for. */
    private INDArray pass(INDArray q, boolean back) {
        int width = Math.toIntExact(q.size(1));
        INDArray image = Nd4j.createUninitialized(data.work(), new long[] {data.rows(), width}, 'c');
        images.add(image);
        Numbers numbers = new Numbers(image);
        if (!back) {
            data.forEachBlock((from, block) -> {
                try (INDArray part = primitives.product(block, false, q, false)) {
                    numbers.write(from * width, Numbers.of(part), Math.toIntExact(part.length()));
                }
            });
            return null;
        }
        try (INDArray sum = Nd4j.zeros(DataType.DOUBLE, width, data.columns())) {
            data.forEachBlock((from, block) -> {
                try (INDArray part = primitives.addImages(sum, block, q)) {
                    numbers.write(from * width, Numbers.of(part), Math.toIntExact(part.length()));
                }
            });
            try (INDArray rows = sum.castTo(data.work())) {
                return rows.transpose().dup('c');
            }
        }
    }

    /** Made orthogonal to the basis, twice, as once leaves what rounding brought in. Frees the argument. */
    private INDArray orthonormal(INDArray columns) {
        INDArray current = primitives.orthonormal(columns);
        columns.close();
        for (int round = 0; round < 2 && !basis.isEmpty(); round++) {
            for (INDArray before : basis) {
                try (INDArray along = primitives.product(before, true, current, false);
                        INDArray part = primitives.product(before, false, along, false)) {
                    current.subi(part);
                }
            }
            INDArray again = primitives.orthonormal(current);
            current.close();
            current = again;
        }
        return current;
    }

    /** The components within the space of the basis. */
    private Spectrum rayleighRitz(int k) {
        INDArray q = Nd4j.hstack(basis.toArray(INDArray[]::new)).dup('c');
        if (!isOrthonormal(q)) {
            // Data of low rank: images that vanish leave directions to chance.
            INDArray repaired = primitives.orthonormal(q);
            q.close();
            q = repaired;
            images.forEach(INDArray::close);
            images.clear();
            pass(q, false);
        }
        try (INDArray all = q;
                INDArray image = images.size() == 1
                        ? images.get(0).dup('c')
                        : Nd4j.hstack(images.toArray(INDArray[]::new)).dup('c');
                INDArray products = gram(image)) {
            Primitives.Eigen eigen = primitives.symmetricEigen(products);
            try (INDArray vectors = eigen.vectors();
                    INDArray turn = ExactSolvers.leading(vectors, k, data.work());
                    INDArray columns = primitives.product(all, false, turn, false)) {
                double[] variances = ExactSolvers.variances(eigen.values(), data.rows());
                return new Spectrum(Arrays.copyOf(variances, k), Directions.ofColumns(columns, k, data.work()));
            }
        }
    }

    private INDArray gram(INDArray image) {
        try (INDArray exact = image.castTo(DataType.DOUBLE)) {
            return primitives.product(exact, true, exact, false);
        }
    }

    private boolean isOrthonormal(INDArray q) {
        try (INDArray products = primitives.product(q, true, q, false)) {
            int width = Math.toIntExact(products.size(0));
            double[] values = Numbers.of(products);
            for (int i = 0; i < values.length; i++) {
                double expected = i / width == i % width ? 1 : 0;
                if (!(Math.abs(values[i] - expected) < ORTHOGONAL)) {
                    return false;
                }
            }
            return true;
        }
    }
}
