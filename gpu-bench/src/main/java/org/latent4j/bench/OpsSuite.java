package org.latent4j.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.ComputeException;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Philox;
import org.latent4j.compute.graph.Backend;
import org.latent4j.compute.graph.CompileOptions;
import org.latent4j.compute.graph.CompileOptions.Wanted;
import org.latent4j.compute.graph.Compiled;
import org.latent4j.compute.graph.Compiler;
import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Parameters;
import org.latent4j.compute.graph.Precision;
import org.latent4j.compute.graph.Tensor;
import org.latent4j.compute.io.AtomicFiles;
import org.latent4j.data.npy.Npy;
import org.latent4j.data.npy.NpyFile;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Single layers, forward and backward with the gradients of input and parameters, against PyTorch's. */
final class OpsSuite implements Suite {
    private static final int TIMES = 20;
    private static final Map<Precision, Double> TOLERANCE = Map.of(Precision.F32, 1e-4, Precision.BF16, 0.05);

    @Override
    public String name() {
        return "ops";
    }

    @Override
    public String about() {
        return "layers of adversarial networks, forward and backward, against PyTorch";
    }

    @Override
    public void run(Bench bench, Consumer<Row> rows) throws IOException {
        Backend backend = Devices.backend(bench.device());
        for (Precision precision : precisions(backend)) {
            for (LayerCase layer : LayerCase.all()) {
                rows.accept(row(bench, backend, layer, precision));
            }
        }
    }

    private static List<Precision> precisions(Backend backend) {
        try {
            backend.requireBf16();
            return List.of(Precision.F32, Precision.BF16);
        } catch (ComputeException slow) {
            return List.of(Precision.F32);
        }
    }

    private static Row row(Bench bench, Backend backend, LayerCase layer, Precision precision) throws IOException {
        ComputationGraph graph = layer.graph();
        Compiled compiled = Compiler.compile(
                new Parameters(graph),
                backend,
                CompileOptions.training(layer.batch(), Wanted.PARAMETERS, Wanted.INPUTS)
                        .withInputShape("x", layer.sample())
                        .withPrecision(precision));
        fill(compiled.tensor("x"), 0);
        fill(compiled.gradient(layer.output()), 1);
        Runnable pass = () -> {
            compiled.forward();
            compiled.backward();
        };
        pass.run();
        String name = precision == Precision.F32 ? "fp32" : "bf16";
        Path folder = Files.createTempDirectory("latent4j-ops");
        try {
            write(folder, layer, graph, compiled);
            Optional<Peer> started = bench.peer("ops_torch", layer.op(), folder.toString(), name, deviceOf(bench));
            if (started.isEmpty()) {
                Turns turns = bench.turns(layer.name(), Measured.of(pass), TIMES);
                return turns.row(layer.name(), bench, name, null, share(compiled, turns, backend, precision), null);
            }
            try (Peer peer = started.get()) {
                String verified = verify(peer, folder, layer, graph, compiled, TOLERANCE.get(precision));
                Turns turns = bench.turns(layer.name(), Measured.of(pass), peer, TIMES);
                return turns.row(
                        layer.name(), bench, name, peer.name(), share(compiled, turns, backend, precision), verified);
            }
        } finally {
            AtomicFiles.deleteTree(folder);
        }
    }

    private static String deviceOf(Bench bench) {
        return bench.deviceName().startsWith("cuda") ? bench.deviceName() : "cpu";
    }

    /** Of the measured rate of a large product, or of copying for layers without products: where all fits into a cache, more than all of it. */
    private static Double share(Compiled compiled, Turns turns, Backend backend, Precision precision) {
        double seconds = turns.oursMs() * 1e-3;
        if (compiled.flops() == 0) {
            return compiled.bytes() / seconds / backend.copyRate();
        }
        return compiled.flops() / seconds / backend.ceiling(precision == Precision.F32 ? DType.F32 : DType.BF16);
    }

    private static void fill(Tensor tensor, long index) {
        Philox random = new Philox(1, Philox.Purpose.EVALUATION, index);
        float[] values = new float[Math.toIntExact(tensor.shape().elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        tensor.write(values);
    }

    private static void write(Path folder, LayerCase layer, ComputationGraph graph, Compiled compiled)
            throws IOException {
        Tensor x = compiled.tensor("x");
        Tensor g = compiled.gradient(layer.output());
        Npy.write(folder.resolve("x.npy"), x.read(), x.shape().array());
        Npy.write(folder.resolve("g.npy"), g.read(), g.shape().array());
        for (String parameter : layer.parameters()) {
            INDArray value = graph.getParam("layer0_" + parameter);
            Npy.write(folder.resolve(parameter + ".npy"), value.dup('c').data().asFloat(), value.shape());
        }
    }

    /** Compares outputs and all gradients; says the largest relative difference. */
    private static String verify(
            Peer peer, Path folder, LayerCase layer, ComputationGraph graph, Compiled compiled, double tolerance) {
        peer.ask("verify");
        Map<String, Double> differences = new LinkedHashMap<>();
        differences.put(
                "y", difference(folder, "y", compiled.tensor(layer.output()).read()));
        differences.put("dx", difference(folder, "dx", compiled.gradient("x").read()));
        for (String parameter : layer.parameters()) {
            String name = "d" + parameter;
            differences.put(name, difference(folder, name, gradient(graph, "layer0_" + parameter)));
        }
        double largest = Collections.max(differences.values());
        if (!(largest <= tolerance)) {
            throw new BenchException(layer.name() + ": relative L2 differences from the peer are " + differences
                    + ", some of them more than " + tolerance);
        }
        return String.format(Locale.ROOT, "outputs and gradients within %.1e", largest);
    }

    private static double difference(Path folder, String name, float[] ours) {
        NpyFile file = NpyFile.open(folder.resolve(name + ".npy"));
        float[] theirs = new float[Math.toIntExact(file.header().elements())];
        for (int row = 0; row < file.rows(); row++) {
            file.readFloats(row, theirs, row * file.rowElements());
        }
        double squares = 0;
        double norm = 0;
        for (int i = 0; i < ours.length; i++) {
            squares += Math.pow(ours[i] - theirs[i], 2);
            norm += Math.pow(theirs[i], 2);
        }
        return Math.sqrt(squares / norm);
    }

    /** A parameter's gradient in row-major order. */
    private static float[] gradient(ComputationGraph graph, String parameter) {
        Parameters.Place place = new Parameters(graph).place(parameter);
        INDArray view = Nd4j.create(
                graph.getFlattenedGradients().data(),
                place.shape().array(),
                place.strides().stream().mapToLong(Long::longValue).toArray(),
                graph.getFlattenedGradients().offset() + place.offset());
        return view.dup('c').data().asFloat();
    }
}
