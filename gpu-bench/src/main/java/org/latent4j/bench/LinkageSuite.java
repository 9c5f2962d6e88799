package org.latent4j.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.latent4j.clustering.Agglomerative;
import org.latent4j.clustering.Linkage;
import org.latent4j.clustering.LinkageTable;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Metric;
import org.latent4j.compute.Primitives;
import org.latent4j.compute.io.AtomicFiles;
import org.latent4j.data.npy.Npy;
import org.latent4j.data.npy.NpyFile;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Hierarchies of points, from the points to the table, against fastcluster: few of them, single and Ward linkage at four sizes, and others. */
final class LinkageSuite implements Suite {
    private static final int P = 16;
    /** Points that take a few milliseconds, so that many hierarchies are one turn. */
    private static final int FEW = 1_000;

    private static final int TIMES_FEW = 20;
    /** Of points on a card, whose matrix of distances takes 20 GB. */
    private static final int MANY = 50_000;

    private static final double TOLERANCE = 1e-9;

    @Override
    public String name() {
        return "linkage";
    }

    @Override
    public String about() {
        return "single, Ward, complete, average and centroid linkage against fastcluster";
    }

    @Override
    public void run(Bench bench, Consumer<Row> rows) throws IOException {
        try (Primitives primitives = Devices.primitives(bench.device())) {
            rows(bench, primitives, rows);
        }
    }

    private static void rows(Bench bench, Primitives primitives, Consumer<Row> rows) throws IOException {
        for (Linkage linkage :
                new Linkage[] {Linkage.SINGLE, Linkage.WARD, Linkage.COMPLETE, Linkage.AVERAGE, Linkage.CENTROID}) {
            rows.accept(row(bench, primitives, linkage, "normal", FEW, PointClouds.normal(FEW, P, 30)));
        }
        for (Linkage linkage : new Linkage[] {Linkage.SINGLE, Linkage.WARD}) {
            for (int n : new int[] {2_500, 5_000, 10_000, 20_000}) {
                rows.accept(row(bench, primitives, linkage, "normal", n, PointClouds.normal(n, P, 30)));
            }
            rows.accept(row(bench, primitives, linkage, "blobs", 20_000, PointClouds.blobs(20_000, P, 20, 40)));
        }
        for (Linkage linkage : new Linkage[] {Linkage.COMPLETE, Linkage.AVERAGE}) {
            rows.accept(row(bench, primitives, linkage, "normal", 10_000, PointClouds.normal(10_000, P, 30)));
            rows.accept(row(bench, primitives, linkage, "blobs", 10_000, PointClouds.blobs(10_000, P, 20, 40)));
        }
        rows.accept(row(bench, primitives, Linkage.CENTROID, "normal", 10_000, PointClouds.normal(10_000, P, 30)));
        if (primitives.hasMerges(MANY, Primitives.Merging.WARD)) {
            for (Linkage linkage : new Linkage[] {Linkage.WARD, Linkage.AVERAGE}) {
                rows.accept(row(bench, primitives, linkage, "normal", MANY, PointClouds.normal(MANY, P, 30)));
            }
        }
    }

    private static Row row(Bench bench, Primitives primitives, Linkage linkage, String kind, int n, float[] values)
            throws IOException {
        String method = linkage.name().toLowerCase(Locale.ROOT);
        String name = String.format(Locale.ROOT, "%s linkage %s %,d x %d", method, kind, n, P);
        INDArray x = Nd4j.create(values, new long[] {n, P}, 'c');
        int times = n <= FEW ? TIMES_FEW : 1;
        Measured fit = Measured.of(() -> fit(x, linkage, primitives));
        Path folder = Files.createTempDirectory("latent4j-linkage");
        try {
            Npy.write(folder.resolve("x.npy"), values, n, P);
            Optional<Peer> started = bench.peer("linkage_fastcluster", folder.toString(), method);
            if (started.isEmpty()) {
                return bench.turns(name, fit, times).row(name, bench, "fp64", null, null, null);
            }
            try (Peer peer = started.get()) {
                String verified = verify(peer, folder, name, fit(x, linkage, primitives)) + "; "
                        + PeakMemory.of(() -> fit(x, linkage, primitives));
                return bench.turns(name, fit, peer, times).row(name, bench, "fp64", peer.name(), null, verified);
            }
        } finally {
            AtomicFiles.deleteTree(folder);
        }
    }

    private static LinkageTable fit(INDArray x, Linkage linkage, Primitives primitives) {
        return Agglomerative.fit(x, linkage, Metric.EUCLIDEAN, primitives);
    }

    private static String verify(Peer peer, Path folder, String name, LinkageTable table) {
        peer.ask("verify");
        NpyFile heights = NpyFile.open(folder.resolve("heights.npy"));
        double largest = 0;
        double[] one = new double[1];
        for (int i = 0; i < table.height().length; i++) {
            heights.readDoubles(i, one, 0);
            largest = Math.max(largest, Math.abs(table.height()[i] - one[0]) / one[0]);
        }
        if (!(largest <= TOLERANCE)) {
            throw new BenchException(name + ": heights differ from the peer's by " + largest + " of their size");
        }
        return String.format(Locale.ROOT, "all heights within %.0e", largest);
    }
}
