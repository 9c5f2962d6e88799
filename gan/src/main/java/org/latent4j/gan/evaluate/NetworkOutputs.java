package org.latent4j.gan.evaluate;

import java.util.Arrays;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.Device;
import org.latent4j.compute.graph.CompileOptions;
import org.latent4j.compute.graph.Compiled;
import org.latent4j.compute.graph.Compiler;
import org.latent4j.compute.graph.Parameters;
import org.latent4j.compute.graph.Tensor;
import org.latent4j.compute.network.NetworkDevice;
import org.latent4j.data.Progress;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network's outputs for many samples in inference mode: on one device, in batches of one size.
 *
 * <p>The network has one input, of samples of one shape. Not thread-safe.
 */
public final class NetworkOutputs {
    private final ComputationGraph graph;
    private final int batch;
    private final long[] sampleShape;
    private final Device device;
    private final Parameters parameters; // null: DL4J runs the network
    private final Compiled compiled;

    /**
     * Prepares the network on a device.
     *
     * @param device auto, nd4j, cpu, cuda or cuda:INDEX; auto is the best one that can run this network
     * @param batch how many samples go through the network together
     * @param sampleShape (features) or (channels, height, width) of one sample
     * @throws org.latent4j.compute.ComputeException if a device that was named can't be used, or can't run this network
     */
    public NetworkOutputs(ComputationGraph graph, String device, int batch, long... sampleShape) {
        this(graph, NetworkDevice.forInference(device, graph), batch, sampleShape);
    }

    NetworkOutputs(ComputationGraph graph, NetworkDevice device, int batch, long... sampleShape) {
        this.graph = graph;
        this.batch = batch;
        this.sampleShape = sampleShape;
        this.device = device.device();
        this.parameters = device.compiles() ? new Parameters(graph) : null;
        this.compiled = device.compiles()
                ? Compiler.compile(
                        parameters,
                        device.backend(),
                        CompileOptions.inference(batch).withInputShape(input(graph), sampleShape))
                : null;
    }

    /** What the network runs on. */
    public Device device() {
        return device;
    }

    /** To be called when the graph's parameters have changed. */
    public void refresh() {
        if (parameters != null) {
            parameters.refresh();
        }
    }

    /** Takes one batch: {@code outputs[o]} is (batch, elements), whose first {@code count} rows belong to rows {@code from} on. */
    @FunctionalInterface
    interface Taker {
        void take(int from, int count, float[][] outputs);
    }

    /** Runs the network on samples in its own scale and order; images are (c, h, w). */
    void run(Rows rows, String task, Progress progress, Taker taker) {
        for (int from = 0; from < rows.count(); from += batch) {
            int to = Math.min(from + batch, rows.count());
            float[] samples =
                    Arrays.copyOf(rows.slice(from, to), batch * rows.features()); // the last ones are filled up with 0
            taker.take(from, to - from, compiled == null ? byDl4j(samples) : compiled(samples));
            progress.report(task, to, rows.count());
        }
    }

    /** Each output's values for all rows, (rows, elements of a sample). */
    public float[][] of(Rows rows, String task, Progress progress) {
        float[][] values = new float[graph.getNumOutputArrays()][];
        run(rows, task, progress, (from, count, outputs) -> {
            for (int i = 0; i < outputs.length; i++) {
                int elements = outputs[i].length / batch;
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

    private float[][] compiled(float[] samples) {
        compiled.tensor(input(graph)).write(samples);
        compiled.forward();
        return graph.getConfiguration().getNetworkOutputs().stream()
                .map(compiled::tensor)
                .map(Tensor::read)
                .toArray(float[][]::new);
    }

    private float[][] byDl4j(float[] samples) {
        try (INDArray input = Nd4j.createFromArray(samples)) {
            return Arrays.stream(graph.output(input.reshape(shape())
                            .castTo(graph.getConfiguration().getDataType())))
                    .map(output -> Sets.floats(output.castTo(DataType.FLOAT)))
                    .toArray(float[][]::new);
        }
    }

    private long[] shape() {
        long[] shape = new long[sampleShape.length + 1];
        shape[0] = batch;
        System.arraycopy(sampleShape, 0, shape, 1, sampleShape.length);
        return shape;
    }

    private static String input(ComputationGraph graph) {
        return graph.getConfiguration().getNetworkInputs().get(0);
    }
}
