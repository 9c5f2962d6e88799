package org.latent4j.compute.cuda;

import java.util.List;
import org.latent4j.compute.graph.Kernel;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The nearest of some centres for each of a card's rows, as exact arithmetic has it. Either one kernel takes rows past all centres on tensor
 * cores, in TF32, and compares exactly what that leaves open; or products are made tile by tile and a kernel behind them does the rest.
 */
final class NearestCentres implements AutoCloseable {
    /** How it is done. */
    enum Way {
        FUSED,
        PRODUCTS
    }

    /** The kernel's: rows of a block and centres of a tile, and columns of a stage. */
    private static final int BLOCK = 128;

    private static final int DEPTH = 16;
    private static final int WIDTH = 32;
    private static final int HEIGHT = 8;
    private static final int ALIGNED_NUMBERS = 4;

    /** Both factors rounded to the nearest of 11 significant bits, and the product of both errors. */
    private static final double ROUNDED_FACTORS = 0x1.01p-10;

    /** Of one sum in a tensor core, which may cut off where a float would be rounded; twice what is known of them. */
    private static final double SUM = 0x1.0p-22;

    /** Numbers of a tile of products: small enough to stay in a large card's cache. */
    private static final long TILE_NUMBERS = 8L << 20;

    /** Rows by which the ways are timed, and distances below which that takes longer than it can save. */
    private static final long TIMED_ROWS = 1 << 16;

    private static final long FEW_DISTANCES = 1L << 26;
    private static final int RUNS = 3;

    private final Gpu gpu;
    private final DeviceProducts products;
    private final DeviceRows centres;
    private final int k;
    private final int columns;
    private final DeviceMemory squares;
    private final DeviceMemory largest;

    NearestCentres(Gpu gpu, DeviceProducts products, DeviceRows centres) {
        this.gpu = gpu;
        this.products = products;
        this.centres = centres;
        this.k = Math.toIntExact(centres.rows());
        this.columns = centres.columns();
        this.squares = new DeviceMemory(gpu, (long) Double.BYTES * k);
        this.largest = new DeviceMemory(gpu, Double.BYTES);
        Arguments norms = new Arguments()
                .at(centres.place())
                .at(Place.of(squares))
                .number(k)
                .number(columns);
        launch("primitives", "squared_norms", Grid.blocks(Math.min(k, 1 << 16)), norms)
                .run();
        Arguments most =
                new Arguments().at(Place.of(squares)).at(Place.of(largest)).number(k);
        launch("primitives", "largest", Grid.blocks(1), most).run();
    }

    private Kernel launch(String file, String function, Grid grid, Arguments arguments) {
        return gpu.launch(KernelName.of(file, function, centres.letter()), grid, arguments);
    }

    /**
     * Finds labels and, if asked, squared distances.
     *
     * @param distances null if nobody asks
     * @param forced null for the faster way
     */
    void find(DeviceRows x, Place labels, Place distances, Way forced) {
        boolean canFuse = x.type() == DataType.FLOAT && gpu.card().hasBf16();
        Way way = canFuse ? forced : Way.PRODUCTS;
        Way taken = way == null ? faster(x, labels, distances) : way;
        try (Prepared prepared = prepare(taken, x, x.rows(), labels, distances)) {
            prepared.kernel.run();
        }
    }

    private Way faster(DeviceRows x, Place labels, Place distances) {
        CudaLibraries libraries = gpu.libraries();
        if (libraries == null || x.rows() * k < FEW_DISTANCES) {
            return Way.FUSED;
        }
        String key = "nearest " + padded(k, BLOCK) + " " + padded(columns, DEPTH) + " "
                + (columns % ALIGNED_NUMBERS == 0) + " " + gpu.card().name() + " " + libraries.versions();
        String chosen = libraries.choices().choose(key, () -> {
            double fused = milliseconds(Way.FUSED, x, labels, distances);
            double apart = milliseconds(Way.PRODUCTS, x, labels, distances);
            return (fused <= apart ? Way.FUSED : Way.PRODUCTS).name();
        });
        libraries.choices().save();
        return Way.valueOf(chosen);
    }

    private double milliseconds(Way way, DeviceRows x, Place labels, Place distances) {
        try (Prepared prepared = prepare(way, x, Math.min(x.rows(), TIMED_ROWS), labels, distances)) {
            double least = Double.MAX_VALUE;
            for (int run = 0; run <= RUNS; run++) {
                double time = gpu.milliseconds(prepared.kernel);
                least = run == 0 ? least : Math.min(least, time);
            }
            return least;
        }
    }

    /** A way with the memory it needs: taking that is not part of what is timed. */
    private record Prepared(Kernel kernel, List<DeviceMemory> memory) implements AutoCloseable {
        @Override
        public void close() {
            memory.forEach(DeviceMemory::close);
        }
    }

    private Prepared prepare(Way way, DeviceRows x, long rows, Place labels, Place distances) {
        return way == Way.FUSED ? fused(x, rows, labels, distances) : byProducts(x, rows, labels, distances);
    }

    private static int padded(int n, int multiple) {
        return Math.multiplyExact((n + multiple - 1) / multiple, multiple);
    }

    private Prepared fused(DeviceRows x, long rows, Place labels, Place distances) {
        int width = padded(columns, DEPTH);
        int height = padded(k, BLOCK);
        long n = (long) width * height;
        DeviceMemory rounded = new DeviceMemory(gpu, n * Float.BYTES);
        DeviceMemory scores = new DeviceMemory(gpu, (long) height * Float.BYTES);
        Kernel round = launch(
                "nearest",
                "round_centres",
                Grid.over(n),
                new Arguments()
                        .at(centres.place())
                        .at(Place.of(squares))
                        .at(Place.of(rounded))
                        .at(Place.of(scores))
                        .number(n)
                        .integer(k)
                        .integer(columns)
                        .integer(width));
        Kernel find = launch(
                "nearest",
                "nearest_fused",
                new Grid(Math.toIntExact((rows + BLOCK - 1) / BLOCK), 1, 1, BLOCK, 1),
                new Arguments()
                        .at(x.place())
                        .at(centres.place())
                        .at(Place.of(rounded))
                        .at(Place.of(scores))
                        .at(Place.of(largest))
                        .at(labels)
                        .at(distances)
                        .number(rows)
                        .number(columns)
                        .integer(k)
                        .integer(width)
                        .flag(columns % ALIGNED_NUMBERS == 0)
                        .precise(ROUNDED_FACTORS + (width + DEPTH) * SUM));
        return new Prepared(
                () -> {
                    round.run();
                    find.run();
                },
                List.of(rounded, scores));
    }

    private Prepared byProducts(DeviceRows x, long rows, Place labels, Place distances) {
        long tile = Math.max(1, Math.min(rows, TILE_NUMBERS / k));
        DeviceMemory screen = new DeviceMemory(gpu, tile * k * x.type().width());
        return new Prepared(
                () -> {
                    for (long from = 0; from < rows; from += tile) {
                        screened(x, from, Math.min(tile, rows - from), Place.of(screen), labels, distances);
                    }
                },
                List.of(screen));
    }

    private void screened(DeviceRows x, long from, long count, Place screen, Place labels, Place distances) {
        double rounding = products.multiply(
                x.letter(), x.row(from), false, centres.place(), true, screen, count, k, columns, true);
        Arguments find = new Arguments()
                .at(x.row(from))
                .at(centres.place())
                .at(screen)
                .at(Place.of(squares))
                .at(Place.of(largest))
                .at(labels.plus(Integer.BYTES * from))
                .at(distances == null ? null : distances.plus(Double.BYTES * from))
                .number(count)
                .number(columns)
                .integer(k)
                .precise(rounding);
        launch("nearest", "nearest", Grid.tiles((count + HEIGHT - 1) / HEIGHT, 1, WIDTH, HEIGHT), find)
                .run();
    }

    @Override
    public void close() {
        squares.close();
        largest.close();
    }
}
