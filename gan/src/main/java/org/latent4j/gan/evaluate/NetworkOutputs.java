package org.latent4j.gan.evaluate;

import java.util.Arrays;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.Device;
import org.latent4j.compute.Devices;
import org.latent4j.compute.cpu.CpuBackend;
import org.latent4j.compute.graph.CompileOptions;
import org.latent4j.compute.graph.Compiled;
import org.latent4j.compute.graph.Compiler;
import org.latent4j.compute.graph.Parameters;
import org.latent4j.compute.graph.Tensor;
import org.latent4j.data.Progress;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network's outputs for many samples in inference mode: compiled where all its layers can be, else by DL4J.
 *
 * <p>The network has one input, of samples of one shape. Not thread-safe.
 */
public final class NetworkOutputs {
    private static final int BATCH = 64;

    private final ComputationGraph graph;
    private final long[] sampleShape;
    private final Parameters parameters; // null: DL4J runs the network
    private final Compiled compiled;

    /** {@code sampleShape}: (features) or (channels, height, width) of one sample. */
    public NetworkOutputs(ComputationGraph graph, long... sampleShape) {
        this.graph = graph;
        this.sampleShape = sampleShape;
        Device device =
                Devices.choose("auto", () -> Compiler.unsupported(graph)).device();
        this.parameters = device.kind() == Device.Kind.CPU ? new Parameters(graph) : null;
        this.compiled = parameters == null
                ? null
                : Compiler.compile(
                        parameters,
                        new CpuBackend(),
                        CompileOptions.inference(BATCH).withInputShape(input(graph), sampleShape));
    }

    /** To be called when the graph's parameters have changed. */
    public void refresh() {
        if (parameters != null) {
            parameters.refresh();
        }
    }

    /** Takes one batch: {@code outputs[o]} is (64, elements), whose first {@code count} rows belong to rows {@code from} on. */
    @FunctionalInterface
    interface Taker {
        void take(int from, int count, float[][] outputs);
    }

    /** Runs the network on samples in its own scale and order; images are (c, h, w). */
    void run(Rows rows, String task, Progress progress, Taker taker) {
        for (int from = 0; from < rows.count(); from += BATCH) {
            int to = Math.min(from + BATCH, rows.count());
            float[] batch =
                    Arrays.copyOf(rows.slice(from, to), BATCH * rows.features()); // the last one is filled up with 0
            taker.take(from, to - from, compiled == null ? byDl4j(batch) : compiled(batch));
            progress.report(task, to, rows.count());
        }
    }

    /** Each output's values for all rows, (rows, elements of a sample). */
    public float[][] of(Rows rows, String task, Progress progress) {
        float[][] values = new float[graph.getNumOutputArrays()][];
        run(rows, task, progress, (from, count, outputs) -> {
            for (int i = 0; i < outputs.length; i++) {
                int elements = outputs[i].length / BATCH;
                if (values[i] == null) {
                    values[i] = new float[Math.multiplyExact(rows.count(), elements)];
                }
                System.arraycopy(outputs[i], 0, values[i], from * elements, count * elements);
            }
        });
        return values;
    }

    /**
     * Of a discriminator: a logit for each row; where it has one for each class, that of the row's own.
     *
     * @param labels the rows' classes; not read if there is one logit
     */
    public double[] logits(Rows rows, int[] labels) {
        float[] values = of(rows, "", Progress.NONE)[0];
        double[] logits = new double[rows.count()];
        int width = values.length / logits.length;
        Arrays.setAll(logits, i -> values[width == 1 ? i : i * width + labels[i]]);
        return logits;
    }

    private float[][] compiled(float[] batch) {
        compiled.tensor(input(graph)).write(batch);
        compiled.forward();
        return graph.getConfiguration().getNetworkOutputs().stream()
                .map(compiled::tensor)
                .map(Tensor::read)
                .toArray(float[][]::new);
    }

    private float[][] byDl4j(float[] batch) {
        try (INDArray input = Nd4j.createFromArray(batch)) {
            return Arrays.stream(graph.output(input.reshape(shape())
                            .castTo(graph.getConfiguration().getDataType())))
                    .map(Sets::floats)
                    .toArray(float[][]::new);
        }
    }

    private long[] shape() {
        long[] shape = new long[sampleShape.length + 1];
        shape[0] = BATCH;
        System.arraycopy(sampleShape, 0, shape, 1, sampleShape.length);
        return shape;
    }

    private static String input(ComputationGraph graph) {
        return graph.getConfiguration().getNetworkInputs().get(0);
    }
}
