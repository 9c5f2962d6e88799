package org.latent4j.compute.cpu;

import org.latent4j.compute.cpu.OpenBlas.Operand;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The thin QR decomposition of blocks of rows side by side, then that of their stacked R factors, then products of both orthonormal factors.
 *
 * <p>Source: Demmel, Grigori, Hoemmen, Langou, "Communication-optimal parallel and sequential QR and LU factorizations", 2012.
 */
final class TallQr {
    private static final int LEAST_ROWS = 1024;

    /** Both row by row: q (m, n), r (n, n) with a diagonal that is not negative. */
    record Factors(INDArray q, INDArray r) {}

    private TallQr() {}

    static Factors of(INDArray matrix, Team team) {
        INDArray a = RowMajor.of(matrix);
        OpenBlas.begin();
        try {
            return decompose(a, team);
        } finally {
            OpenBlas.end();
            if (a != matrix) {
                a.close();
            }
        }
    }

    private static Factors decompose(INDArray a, Team team) {
        long m = a.size(0);
        long n = a.size(1);
        DataType type = a.dataType();
        long bytes = a.data().getElementSize();
        int blocks = (int) Math.max(1, m / Math.max(LEAST_ROWS, 2 * n));
        INDArray q = RowMajor.empty(type, m, n);
        INDArray stacked = RowMajor.empty(type, blocks * n, n);
        team.run(blocks, (block, worker) -> {
            long from = m * block / blocks;
            long rows = m * (block + 1) / blocks - from;
            INDArray columns = RowMajor.empty(type, n, rows);
            INDArray r = RowMajor.empty(type, n, n);
            long there = RowMajor.address(columns);
            Transposition.copy(type, rows, n, RowMajor.address(a) + from * n * bytes, n, there, rows);
            OpenBlas.qr(type, (int) rows, (int) n, there, RowMajor.address(r));
            makeDiagonalPositive(type, (int) rows, (int) n, there, RowMajor.address(r));
            Transposition.copy(type, n, rows, there, rows, RowMajor.address(q) + from * n * bytes, n);
            Transposition.copy(
                    type, n, n, RowMajor.address(r), n, RowMajor.address(stacked) + block * n * n * bytes, n);
            columns.close();
            r.close();
        });
        if (blocks == 1) {
            return new Factors(q, stacked);
        }
        Factors above = decompose(stacked, team);
        INDArray product = RowMajor.empty(type, m, n);
        team.run(blocks, (block, worker) -> {
            long from = m * block / blocks;
            long rows = m * (block + 1) / blocks - from;
            OpenBlas.product(
                    type,
                    rows,
                    n,
                    n,
                    new Operand(RowMajor.address(q) + from * n * bytes, n, false),
                    new Operand(RowMajor.address(above.q) + block * n * n * bytes, n, false),
                    RowMajor.address(product) + from * n * bytes,
                    n);
        });
        q.close();
        stacked.close();
        above.q.close();
        return new Factors(product, above.r);
    }

    /** Of factors that lie column by column. */
    private static void makeDiagonalPositive(DataType type, int m, int n, long q, long r) {
        boolean[] isNegative = new boolean[n];
        for (int j = 0; j < n; j++) {
            double[] column = RowMajor.row(type, r, n, j);
            isNegative[j] = column[j] < 0;
            for (int i = 0; i <= j; i++) {
                column[i] = isNegative[i] ? -column[i] : column[i];
            }
            RowMajor.putRow(type, r, j, column);
            if (isNegative[j]) {
                double[] direction = RowMajor.row(type, q, m, j);
                for (int i = 0; i < m; i++) {
                    direction[i] = -direction[i];
                }
                RowMajor.putRow(type, q, j, direction);
            }
        }
    }
}
