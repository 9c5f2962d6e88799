package org.latent4j.compute.cuda;

/** Products of matrices that lie row by row on the card: by cuBLASLt where it is there, else tile by tile. */
final class DeviceProducts {
    private static final int TILE = 16;
    private static final int ALIGNMENT = 16;
    /** Relative error of one product of two rounded factors: TF32 keeps 11 significant bits. */
    private static final double TF32_ROUNDING = 0x1.0p-10;

    private final Gpu gpu;
    private DeviceMemory workspace;

    DeviceProducts(Gpu gpu) {
        this.gpu = gpu;
    }

    /**
     * y (m, n) = op(a) op(b), with k between.
     *
     * @param letter the type, as the kernels' letter X
     * @param rough whether tensor cores may round the factors
     * @return a bound of the result's error, relative to the product of the norms of row and column
     */
    double multiply(
            String letter,
            Place a,
            boolean transposeA,
            Place b,
            boolean transposeB,
            Place y,
            long m,
            long n,
            long k,
            boolean rough) {
        boolean floats = letter.equals("X=float");
        double unit = floats ? 0x1.0p-24 : 0x1.0p-53;
        double sum = 2 * (k + 2) * unit;
        CudaLibraries libraries = gpu.libraries();
        if (libraries != null) {
            boolean tf32 = rough && floats && gpu.card().hasBf16();
            CublasLt.Numbers numbers = floats ? CublasLt.Numbers.F32 : CublasLt.Numbers.F64;
            int alignment = (int) Math.min(ALIGNMENT, Long.lowestOneBit(a.address() | b.address() | ALIGNMENT));
            CublasLt.Operand left = operand(numbers, m, k, transposeA, alignment);
            CublasLt.Operand right = operand(numbers, k, n, transposeB, alignment);
            CublasLt.Operand result = new CublasLt.Operand(numbers, m, n, n, 1, ALIGNMENT);
            var product = libraries.products()
            .new Product(left, right, result, false, false, false, new CudaOptions(tf32, true));
            if (product.algorithms() > 0) {
                if (workspace == null) {
                    workspace = new DeviceMemory(gpu, CublasLt.WORKSPACE_BYTES);
                }
                product.run(0, a.address(), b.address(), y.address(), 0, workspace.address());
                return tf32 ? 2 * TF32_ROUNDING + sum : sum;
            }
        }
        gpu.launch(
                        KernelName.of("primitives", "matrix_product", letter),
                        Grid.tiles((n + TILE - 1) / TILE, (m + TILE - 1) / TILE, TILE, TILE),
                        new Arguments()
                                .at(a)
                                .at(b)
                                .at(y)
                                .number(m)
                                .number(n)
                                .number(k)
                                .numbers(
                                        transposeA ? 1 : k,
                                        transposeA ? m : 1,
                                        transposeB ? 1 : n,
                                        transposeB ? k : 1,
                                        n,
                                        1))
                .run();
        return sum;
    }

    private static CublasLt.Operand operand(
            CublasLt.Numbers numbers, long rows, long columns, boolean transposed, int alignment) {
        return transposed
                ? new CublasLt.Operand(numbers, rows, columns, 1, rows, alignment)
                : new CublasLt.Operand(numbers, rows, columns, columns, 1, alignment);
    }
}
