package org.latent4j.compute.cuda;

/** How many blocks of how many threads a kernel runs in. */
record Grid(int x, int y, int z, int threadsX, int threadsY) {
    static final int THREADS = 256;
    private static final long MOST_BLOCKS = 1 << 16;

    /** Threads for elements in a row; kernels step on by the whole grid where there are more elements than threads. */
    static Grid over(long elements) {
        long blocks = Math.max(1, (elements + THREADS - 1) / THREADS);
        return new Grid((int) Math.min(blocks, MOST_BLOCKS), 1, 1, THREADS, 1);
    }

    static Grid blocks(long blocks) {
        return new Grid(Math.toIntExact(blocks), 1, 1, THREADS, 1);
    }

    static Grid tiles(long x, long y, int threadsX, int threadsY) {
        return new Grid(Math.toIntExact(x), Math.toIntExact(y), 1, threadsX, threadsY);
    }
}
