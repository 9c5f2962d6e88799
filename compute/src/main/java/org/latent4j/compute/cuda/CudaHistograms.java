package org.latent4j.compute.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.latent4j.compute.Histograms;

/**
 * {@link Histograms} on a card, where the codes stay. Calls from several threads wait for each other.
 *
 * <p>Throws {@link CudaException}, and {@link DeviceMemoryException} if the card's memory is too small.
 */
public final class CudaHistograms implements Histograms {
    private final Gpu gpu;
    private final int n;
    private final DeviceMemory codes;

    /** @param columns p columns of n codes, brought to the card */
    public CudaHistograms(int index, byte[][] columns) {
        this(CudaGpu.of(CudaSetup.ofSystem(), index), columns);
    }

    CudaHistograms(Gpu gpu, byte[][] columns) {
        this.gpu = gpu;
        this.n = columns[0].length;
        this.codes = new DeviceMemory(gpu, (long) columns.length * n);
        try (BytePointer host = new BytePointer(Math.max(1, n))) {
            for (int column = 0; column < columns.length; column++) {
                host.put(columns[column], 0, n);
                gpu.upload(codes.address() + (long) column * n, host.address(), n);
            }
        }
    }

    /** What one call brings to the card; closed when it is done. */
    private final class Call implements AutoCloseable {
        private final List<DeviceMemory> memory = new ArrayList<>();
        private final Nodes nodes;
        private final Arguments arguments;

        Call(Nodes nodes) {
            this.nodes = nodes;
            int low = Arrays.stream(nodes.from()).min().orElse(0);
            int high = Math.max(low, Arrays.stream(nodes.to()).max().orElse(0));
            int[] rows = Arrays.copyOfRange(nodes.rows(), low, high);
            arguments = new Arguments()
                    .at(Place.of(codes))
                    .number(n)
                    .at(bring(rows))
                    .at(bring(Arrays.stream(nodes.from()).map(i -> i - low).toArray()))
                    .at(bring(Arrays.stream(nodes.to()).map(i -> i - low).toArray()))
                    .at(bring(nodes.features()))
                    .integer(nodes.each());
        }

        Place bring(int[] numbers) {
            try (IntPointer host = new IntPointer(numbers)) {
                return bring(host, (long) numbers.length * Integer.BYTES);
            }
        }

        Place bring(double[] numbers) {
            try (DoublePointer host = new DoublePointer(numbers)) {
                return bring(host, (long) numbers.length * Double.BYTES);
            }
        }

        private Place bring(Pointer host, long bytes) {
            DeviceMemory made = taken(bytes);
            if (bytes > 0) {
                gpu.upload(made.address(), host.address(), bytes);
            }
            return Place.of(made);
        }

        private DeviceMemory taken(long bytes) {
            DeviceMemory made = new DeviceMemory(gpu, bytes);
            memory.add(made);
            return made;
        }

        /** Runs a kernel whose last argument is the result. */
        void run(String function, Pointer result, long bytes) {
            DeviceMemory made = taken(bytes);
            gpu.launch(
                            KernelName.of("histograms", function),
                            Grid.blocks((long) nodes.size() * nodes.each()),
                            arguments.at(Place.of(made)))
                    .run();
            gpu.download(result.address(), made.address(), bytes);
        }

        void run(String function, int length, double[] sums) {
            try (DoublePointer host = new DoublePointer(length)) {
                run(function, host, (long) length * Double.BYTES);
                host.get(sums, 0, length);
            }
        }

        @Override
        public void close() {
            memory.forEach(DeviceMemory::close);
        }
    }

    private static boolean isEmpty(Nodes nodes) {
        return nodes.size() == 0 || nodes.each() == 0;
    }

    @Override
    public synchronized void classSums(Nodes nodes, int[] labels, double[] weights, int classes, double[] sums) {
        if (isEmpty(nodes)) {
            return;
        }
        gpu.enter();
        try (Call call = new Call(nodes)) {
            call.arguments.at(call.bring(labels)).at(call.bring(weights)).integer(classes);
            call.run("class_sums", nodes.size() * nodes.each() * BINS * classes, sums);
        }
    }

    @Override
    public synchronized void valueSums(Nodes nodes, double[] values, double[] weights, double[] sums) {
        if (isEmpty(nodes)) {
            return;
        }
        gpu.enter();
        try (Call call = new Call(nodes)) {
            call.arguments.at(call.bring(values)).at(call.bring(weights));
            call.run("value_sums", nodes.size() * nodes.each() * BINS * 2, sums);
        }
    }

    @Override
    public synchronized void counts(Nodes nodes, int[] counts) {
        if (isEmpty(nodes)) {
            return;
        }
        gpu.enter();
        int length = nodes.size() * nodes.each() * BINS;
        try (Call call = new Call(nodes);
                IntPointer host = new IntPointer(length)) {
            call.run("bin_counts", host, (long) length * Integer.BYTES);
            host.get(counts, 0, length);
        }
    }

    @Override
    public void close() {
        codes.close();
    }
}
