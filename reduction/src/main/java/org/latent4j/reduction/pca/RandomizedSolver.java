package org.latent4j.reduction.pca;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
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
    /** Rows of images that are side by side in double at once. */
    private static final int ROWS = 1 << 15;

    private static final int STRETCH = 256;

    private final Centred data;
    private final Primitives primitives;
    private final PcaOptions options;
    private INDArray basis; // (p, some widths)
    private final List<INDArray> images = new ArrayList<>(); // X times a width of those, (n, width)

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
            if (solver.basis != null) {
                solver.basis.close();
            }
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
        INDArray last = orthonormal(start(width));
        basis = last.dup('c');
        for (int i = 0; i < options.iterations(); i++) {
            INDArray next = pass(last, true);
            last.close();
            if (!keepAll) { // so many images are not independent: plain power iteration
                last = orthonormal(next);
                images.remove(0).close();
                basis.close();
                basis = last.dup('c');
            } else {
                last = orthogonal(next);
                INDArray before = basis;
                basis = Nd4j.hstack(before, last).dup('c');
                before.close();
            }
        }
        pass(last, false);
        last.close();
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

    private INDArray orthonormal(INDArray columns) {
        try (columns) {
            return primitives.orthonormal(columns);
        }
    }

    /** Orthonormal, and orthogonal to the basis: made so twice, as once leaves what rounding brought in. Frees the argument. */
    private INDArray orthogonal(INDArray columns) {
        INDArray current = columns;
        for (int round = 0; round < 2; round++) {
            try (INDArray along = primitives.product(basis, true, current, false);
                    INDArray part = primitives.product(basis, false, along, false)) {
                current.subi(part);
            }
            current = orthonormal(current);
        }
        return current;
    }

    /** The components within the space of the basis. */
    private Spectrum rayleighRitz(int k) {
        if (!isOrthonormal(basis)) {
            // Data of low rank: images that vanish leave directions to chance.
            basis = orthonormal(basis);
            images.forEach(INDArray::close);
            images.clear();
            pass(basis, false);
        }
        try (INDArray products = gram()) {
            Primitives.Eigen eigen = primitives.symmetricEigen(products);
            try (INDArray vectors = eigen.vectors();
                    INDArray turn = ExactSolvers.leading(vectors, k, data.work());
                    INDArray columns = primitives.product(basis, false, turn, false)) {
                double[] variances = ExactSolvers.variances(eigen.values(), data.rows());
                return new Spectrum(Arrays.copyOf(variances, k), Directions.ofColumns(columns, k, data.work()));
            }
        }
    }

    /** The lower triangle of all images' scalar products, in double. */
    private INDArray gram() {
        int width = Math.toIntExact(basis.size(1));
        INDArray sum = Nd4j.zeros(DataType.DOUBLE, width, width);
        for (long from = 0; from < data.rows(); from += ROWS) {
            try (HostArray some = sideBySide(from, Math.min(data.rows(), from + ROWS), width)) {
                primitives.addScatter(sum, some.array());
            }
        }
        return sum;
    }

    /** Rows of all images, as doubles. */
    private HostArray sideBySide(long from, long to, int width) {
        HostArray all = new HostArray(DataType.DOUBLE, to - from, width);
        Numbers out = new Numbers(all.array());
        List<Numbers> in = images.stream().map(Numbers::new).toList();
        int each = width / in.size();
        int stretches = Math.toIntExact((to - from + STRETCH - 1) / STRETCH);
        IntStream.range(0, stretches).parallel().forEach(i -> {
            long first = from + (long) i * STRETCH;
            int rows = (int) Math.min(STRETCH, to - first);
            double[] some = new double[rows * each];
            double[] together = new double[rows * width];
            for (int image = 0; image < in.size(); image++) {
                in.get(image).read(first * each, some, some.length);
                for (int row = 0; row < rows; row++) {
                    System.arraycopy(some, row * each, together, row * width + image * each, each);
                }
            }
            out.write((first - from) * width, together, together.length);
        });
        return all;
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
