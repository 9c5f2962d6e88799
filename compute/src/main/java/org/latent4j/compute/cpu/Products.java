package org.latent4j.compute.cpu;

import org.latent4j.compute.cpu.OpenBlas.Operand;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Matrix products in tiles whose size depends on the shapes alone, shared by a team: of floats by oneDNN, of doubles by OpenBLAS. */
final class Products {
    private static final long TILE_ROWS = 256;
    private static final long TILE_COLUMNS = 1024;
    /** Rows of a tile of few columns: packing the right side must pay. */
    private static final long MOST_ROWS = 1024;

    private Products() {}

    static INDArray product(INDArray a, boolean transposeA, INDArray b, boolean transposeB, Team team) {
        INDArray left = RowMajor.of(a);
        INDArray right = a == b ? left : RowMajor.of(b);
        long m = left.size(transposeA ? 1 : 0);
        long k = left.size(transposeA ? 0 : 1);
        long n = right.size(transposeB ? 0 : 1);
        INDArray c = RowMajor.empty(a.dataType(), m, n);
        boolean symmetric = a == b && transposeA != transposeB;
        product(operand(left, transposeA), operand(right, transposeB), c, k, symmetric, team);
        free(left, a);
        free(right, a == b ? a : b);
        return c;
    }

    private static void free(INDArray copy, INDArray of) {
        if (copy != of && !copy.wasClosed()) {
            copy.close();
        }
    }

    private static Operand operand(INDArray x, boolean transposed) {
        return new Operand(RowMajor.address(x), x.size(1), transposed);
    }

    /** Of a symmetric result, tiles right of the diagonal are copied. */
    private static void product(Operand a, Operand b, INDArray c, long k, boolean symmetric, Team team) {
        DataType type = c.dataType();
        long bytes = c.data().getElementSize();
        long m = c.size(0);
        long n = c.size(1);
        long width = symmetric ? TILE_ROWS : TILE_COLUMNS;
        long height = symmetric || n > TILE_ROWS ? TILE_ROWS : MOST_ROWS;
        long across = (n + width - 1) / width;
        long down = (m + height - 1) / height;
        if (type != DataType.FLOAT) {
            OpenBlas.begin();
        }
        try {
            team.run(Math.toIntExact(across * down), (task, worker) -> {
                long row = task / across * height;
                long column = task % across * width;
                if (!symmetric || column <= row) {
                    long rows = Math.min(height, m - row);
                    long columns = Math.min(width, n - column);
                    long at = RowMajor.address(c) + (row * n + column) * bytes;
                    Operand left = a.from(a.transposed() ? row : row * a.stride(), bytes);
                    Operand right = b.from(b.transposed() ? column * b.stride() : column, bytes);
                    if (type == DataType.FLOAT) {
                        Dnnl.product(rows, columns, k, left, right, at, n);
                    } else {
                        OpenBlas.product(type, rows, columns, k, left, right, at, n);
                    }
                    if (symmetric && column < row) {
                        long mirrored = RowMajor.address(c) + (column * n + row) * bytes;
                        Transposition.copy(type, rows, columns, at, n, mirrored, n);
                    }
                }
            });
        } finally {
            if (type != DataType.FLOAT) {
                OpenBlas.end();
            }
        }
    }
}
