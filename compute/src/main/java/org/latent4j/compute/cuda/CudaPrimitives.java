package org.latent4j.compute.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.latent4j.compute.Device;
import org.latent4j.compute.Matrix;
import org.latent4j.compute.Metric;
import org.latent4j.compute.Primitives;
import org.latent4j.compute.Resamples;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Primitives on a card.
 *
 * <p>Made by {@link org.latent4j.compute.Devices#primitives}, which checks arguments. Throws {@link CudaException}, and
 * {@link DeviceMemoryException} if the card's memory is too small.
 */
public final class CudaPrimitives implements Primitives {
    private static final int TILE = 16;
    private static final int PIECE = 1024;
    private static final int WIDTH = 32;
    private static final int HEIGHT = 8;
    private static final long MOST_BLOCKS = 1 << 16;
    /** Numbers of a tile of products or distances: small enough to stay in a large card's cache. */
    private static final long TILE_NUMBERS = 8L << 20;

    private final Gpu gpu;
    private final Supplier<Decompositions> decompositions;
    private final DeviceProducts products;
    private final NearestCentres.Way way;

    public CudaPrimitives(int index) {
        this(CudaGpu.of(CudaSetup.ofSystem(), index));
    }

    private CudaPrimitives(CudaGpu gpu) {
        this(gpu, gpu::decompositions, null);
    }

    /** {@code way}: null for the faster one. */
    CudaPrimitives(Gpu gpu, Supplier<Decompositions> decompositions, NearestCentres.Way way) {
        this.way = way;
        this.gpu = gpu;
        this.decompositions = decompositions;
        this.products = new DeviceProducts(gpu);
    }

    @Override
    public Device device() {
        return new Device(Device.Kind.CUDA, gpu.card().index());
    }

    @Override
    public Matrix matrix(INDArray rows) {
        gpu.enter();
        return new DeviceRows(gpu, rows);
    }

    private void launch(String function, String letter, Grid grid, Arguments arguments) {
        gpu.launch(KernelName.of("primitives", function, letter), grid, arguments)
                .run();
    }

    private static Grid rows(long rows) {
        return Grid.blocks(Math.min(rows, MOST_BLOCKS));
    }

    private void download(Pointer to, DeviceMemory from) {
        gpu.download(to.address(), from.address(), from.bytes());
    }

    @Override
    public INDArray product(INDArray a, boolean transposeA, INDArray b, boolean transposeB) {
        gpu.enter();
        DataType type = a.dataType();
        long m = a.size(transposeA ? 1 : 0);
        long k = a.size(transposeA ? 0 : 1);
        long n = b.size(transposeB ? 0 : 1);
        INDArray result = Nd4j.createUninitialized(type, new long[] {m, n}, 'c');
        try (DeviceRows left = new DeviceRows(gpu, a);
                DeviceRows right = new DeviceRows(gpu, b);
                DeviceMemory y = new DeviceMemory(gpu, m * n * type.width())) {
            products.multiply(
                    left.letter(), left.place(), transposeA, right.place(), transposeB, Place.of(y), m, n, k, false);
            download(result.data().pointer(), y);
        }
        return result;
    }

    @Override
    public void nearest(Matrix points, INDArray centres, int[] labels, double[] squared) {
        gpu.enter();
        DeviceRows x = (DeviceRows) points;
        long n = x.rows();
        try (DeviceRows c = new DeviceRows(gpu, centres);
                NearestCentres nearest = new NearestCentres(gpu, products, c);
                DeviceMemory found = new DeviceMemory(gpu, Integer.BYTES * n);
                DeviceMemory distances = new DeviceMemory(gpu, squared == null ? 0 : Double.BYTES * n)) {
            nearest.find(x, Place.of(found), squared == null ? null : Place.of(distances), way);
            try (IntPointer host = new IntPointer(n)) {
                download(host, found);
                host.get(labels);
            }
            if (squared != null) {
                read(distances, squared);
            }
        }
    }

    private void read(DeviceMemory from, double[] to) {
        try (DoublePointer host = new DoublePointer(to.length)) {
            gpu.download(host.address(), from.address(), (long) Double.BYTES * to.length);
            host.get(to);
        }
    }

    @Override
    public SegmentSums segmentSums(Matrix points, int[] labels, double[] weights, int k) {
        gpu.enter();
        DeviceRows x = (DeviceRows) points;
        int p = x.columns();
        Segments segments = Segments.of(labels, weights, k);
        double[] sums = new double[Math.multiplyExact(k, p)];
        try (IntPointer order = new IntPointer(segments.order());
                LongPointer pieces = new LongPointer(segments.pieces(PIECE));
                LongPointer firsts = new LongPointer(segments.firstPieces(PIECE));
                DeviceMemory orderMemory = memory(order, Integer.BYTES);
                DeviceMemory pieceMemory = memory(pieces, Long.BYTES);
                DeviceMemory firstMemory = memory(firsts, Long.BYTES);
                DeviceMemory weightMemory = weights == null ? null : memory(weights);
                DeviceMemory parts = new DeviceMemory(gpu, Double.BYTES * pieces.capacity() / 2 * p);
                DeviceMemory result = new DeviceMemory(gpu, (long) Double.BYTES * sums.length)) {
            if (pieces.capacity() > 0) {
                launch(
                        "segment_parts",
                        x.letter(),
                        Grid.tiles((p + WIDTH - 1) / WIDTH, pieces.capacity() / 2, WIDTH, HEIGHT),
                        new Arguments()
                                .at(x.place())
                                .at(Place.of(orderMemory))
                                .at(Place.of(pieceMemory))
                                .at(weights == null ? null : Place.of(weightMemory))
                                .at(Place.of(parts))
                                .number(p));
            }
            launch(
                    "segment_sums",
                    x.letter(),
                    Grid.over(sums.length),
                    new Arguments()
                            .at(Place.of(parts))
                            .at(Place.of(firstMemory))
                            .at(Place.of(result))
                            .number(k)
                            .number(p));
            read(result, sums);
        }
        return new SegmentSums(sums, segments.weights(), segments.counts());
    }

    private DeviceMemory memory(Pointer numbers, int width) {
        DeviceMemory memory = new DeviceMemory(gpu, numbers.capacity() * width);
        gpu.upload(memory.address(), numbers.address(), memory.bytes());
        return memory;
    }

    private DeviceMemory memory(double[] numbers) {
        try (DoublePointer host = new DoublePointer(numbers)) {
            return memory(host, Double.BYTES);
        }
    }

    @Override
    public void distances(
            Matrix a, long fromA, int rowsA, Matrix b, long fromB, int rowsB, Metric metric, double[] out) {
        gpu.enter();
        try (DeviceMemory y = new DeviceMemory(gpu, (long) Double.BYTES * rowsA * rowsB)) {
            distances((DeviceRows) a, fromA, rowsA, (DeviceRows) b, fromB, rowsB, metric, y);
            read(y, out);
        }
    }

    private void distances(
            DeviceRows a, long fromA, long rowsA, DeviceRows b, long fromB, long rowsB, Metric metric, DeviceMemory y) {
        launch(
                "distances",
                a.letter(),
                Grid.tiles((rowsB + TILE - 1) / TILE, (rowsA + TILE - 1) / TILE, TILE, TILE),
                new Arguments()
                        .at(a.row(fromA))
                        .at(b.row(fromB))
                        .at(Place.of(y))
                        .number(rowsA)
                        .number(rowsB)
                        .number(a.columns())
                        .integer(metric.ordinal()));
    }

    @Override
    public Neighbours neighbours(Matrix points, Matrix queries, int k) {
        gpu.enter();
        DeviceRows x = (DeviceRows) points;
        DeviceRows q = (DeviceRows) queries;
        int rows = Math.toIntExact(q.rows());
        long tile = Math.max(1, Math.min(rows, TILE_NUMBERS / x.rows()));
        double[] squared = new double[Math.multiplyExact(rows, k)];
        int[] indices = new int[squared.length];
        try (DeviceMemory all = new DeviceMemory(gpu, Double.BYTES * tile * x.rows());
                DeviceMemory found = new DeviceMemory(gpu, (long) Integer.BYTES * indices.length);
                DeviceMemory values = new DeviceMemory(gpu, (long) Double.BYTES * indices.length);
                IntPointer host = new IntPointer(indices.length)) {
            for (long from = 0; from < rows; from += tile) {
                long count = Math.min(tile, rows - from);
                distances(q, from, count, x, 0, x.rows(), Metric.SQUARED_EUCLIDEAN, all);
                launch(
                        "smallest",
                        x.letter(),
                        rows(count),
                        new Arguments()
                                .at(Place.of(all))
                                .at(Place.of(found).plus(Integer.BYTES * from * k))
                                .at(Place.of(values).plus(Double.BYTES * from * k))
                                .number(count)
                                .number(x.rows())
                                .integer(k));
            }
            download(host, found);
            host.get(indices);
            read(values, squared);
        }
        for (int i = 0; i < squared.length; i++) {
            squared[i] = Math.sqrt(squared[i]);
        }
        return new Neighbours(k, indices, squared);
    }

    @Override
    public boolean hasMerges(long points, Merging rule) {
        gpu.enter();
        return rule == Merging.SINGLE || DistanceMatrix.bytes(points) < gpu.freeBytes();
    }

    @Override
    public Merges merges(Matrix points, Metric metric, Merging rule) {
        gpu.enter();
        // The largest and the least distance are the roots of the largest and the least square.
        boolean squares = metric == Metric.EUCLIDEAN
                && (rule == Merging.WARD || rule == Merging.COMPLETE || rule == Merging.SINGLE);
        Metric within = squares ? Metric.SQUARED_EUCLIDEAN : metric;
        DeviceRows x = (DeviceRows) points;
        Merges found;
        if (rule == Merging.SINGLE) {
            long tile = Math.max(1, Math.min(x.rows(), TILE_NUMBERS / x.rows()));
            found = new CudaSpanningTree(
                            gpu,
                            x.rows(),
                            tile,
                            (from, count, y) -> distances(x, from, count, x, 0, x.rows(), within, y))
                    .merges();
        } else {
            try (DistanceMatrix matrix = new DistanceMatrix(gpu, Math.toIntExact(x.rows()))) {
                distances(x, 0, x.rows(), x, 0, x.rows(), within, matrix.memory());
                found = new CudaMerges(matrix, rule).merges();
            }
        }
        if (squares) {
            Arrays.setAll(found.heights(), i -> Math.sqrt(found.heights()[i]));
        }
        return found;
    }

    @Override
    public Eigen symmetricEigen(INDArray matrix) {
        int n = Math.toIntExact(matrix.size(0));
        Decompositions.Eigen found = decompositions.get().symmetricEigen(Decompositions.columns(matrix), n);
        return Signs.eigen(found, n, matrix.dataType());
    }

    @Override
    public Svd svd(INDArray matrix) {
        int m = Math.toIntExact(matrix.size(0));
        int n = Math.toIntExact(matrix.size(1));
        return Signs.svd(decompositions.get().svd(Decompositions.columns(matrix), m, n), m, n, matrix.dataType());
    }

    @Override
    public BatchedSvd batchedSvd(INDArray matrices) {
        int b = Math.toIntExact(matrices.size(0));
        int m = Math.toIntExact(matrices.size(1));
        int n = Math.toIntExact(matrices.size(2));
        int r = Math.min(m, n);
        DataType type = matrices.dataType();
        double[] all = new double[b * m * n];
        for (int i = 0; i < b; i++) {
            System.arraycopy(Decompositions.columns(matrices.slice(i)), 0, all, i * m * n, m * n);
        }
        Decompositions.Svd[] found = decompositions.get().svd(all, b, m, n);
        List<Svd> results = new ArrayList<>();
        INDArray u = Nd4j.create(type, new long[] {b, m, r}, 'c');
        INDArray s = Nd4j.create(type, new long[] {b, r}, 'c');
        INDArray vt = Nd4j.create(type, new long[] {b, r, n}, 'c');
        for (int i = 0; i < b; i++) {
            results.add(Signs.svd(found[i], m, n, type));
            u.slice(i).assign(results.get(i).u());
            s.slice(i).assign(Nd4j.createFromArray(results.get(i).s()));
            vt.slice(i).assign(results.get(i).vt());
        }
        return new BatchedSvd(u, s, vt);
    }

    @Override
    public INDArray orthonormal(INDArray matrix) {
        int m = Math.toIntExact(matrix.size(0));
        int n = Math.toIntExact(matrix.size(1));
        double[] q = decompositions.get().orthonormal(Decompositions.columns(matrix), m, n);
        return Signs.columns(q, m, n, matrix.dataType());
    }

    @Override
    public INDArray resampleCounts(long seed, long first, int resamples, int n) {
        gpu.enter();
        INDArray result = Nd4j.createUninitialized(DataType.FLOAT, new long[] {resamples, n}, 'c');
        try (DeviceMemory counts = new DeviceMemory(gpu, (long) Float.BYTES * resamples * n)) {
            launch(
                    "resample_counts",
                    "X=float",
                    Grid.blocks(resamples),
                    new Arguments()
                            .at(Place.of(counts))
                            .number(Resamples.start(seed, 0))
                            .number(first)
                            .integer(n)
                            .integer(Resamples.bits(n)));
            download(result.data().pointer(), counts);
        }
        return result;
    }

    @Override
    public void close() {
        // The card stays open for the process.
    }
}
