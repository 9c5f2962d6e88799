package org.latent4j.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.latent4j.compute.Device;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Primitives;
import org.latent4j.compute.graph.DType;
import org.latent4j.compute.io.AtomicFiles;
import org.nd4j.linalg.api.buffer.DataType;

/** The primitives of the algorithm modules against what users of NumPy, SciPy and scikit-learn would call. */
final class PrimsSuite implements Suite {

    @Override
    public String name() {
        return "prims";
    }

    @Override
    public String about() {
        return "distances, sums, decompositions, resamples, against NumPy, SciPy and scikit-learn";
    }

    @Override
    public void run(Bench bench, Consumer<Row> rows) throws IOException {
        for (PrimCase each : cases()) {
            rows.accept(row(bench, each));
        }
    }

    static List<PrimCase> cases() {
        return Stream.of(DistanceCases.all(), SumCases.all(), DecompositionCases.all())
                .flatMap(List::stream)
                .toList();
    }

    static Row row(Bench bench, PrimCase each) throws IOException {
        Path folder = Files.createTempDirectory("latent4j-prims");
        try (Primitives primitives = Devices.primitives(bench.device())) {
            PrimCase.Prepared prepared = each.setup().prepare(primitives, new Exchange(folder));
            Measured ours = Measured.of(prepared.work());
            Optional<Peer> started = bench.peer("prims_numpy", each.op(), folder.toString());
            if (started.isEmpty()) {
                Turns turns = bench.turns(each.name(), ours, each.times());
                return turns.row(each.name(), bench, each.precision(), null, share(bench, each, turns), null);
            }
            try (Peer peer = started.get()) {
                prepared.work().run();
                peer.ask("verify");
                String verified = prepared.verify().get();
                Turns turns = bench.turns(each.name(), ours, peer, each.times());
                return turns.row(
                        each.name(), bench, each.precision(), peer.name(), share(bench, each, turns), verified);
            }
        } finally {
            AtomicFiles.deleteTree(folder);
        }
    }

    /** Of the measured rate of a large product of floats; null where none was measured. */
    private static Double share(Bench bench, PrimCase each, Turns turns) {
        boolean measured = bench.device().kind() != Device.Kind.ND4J && each.type() == DataType.FLOAT;
        return each.flops() == 0 || !measured
                ? null
                : each.flops()
                        / (turns.oursMs() * 1e-3)
                        / Devices.backend(bench.device()).ceiling(DType.F32);
    }
}
