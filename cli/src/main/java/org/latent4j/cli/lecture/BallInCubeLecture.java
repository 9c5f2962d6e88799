package org.latent4j.cli.lecture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.latent4j.data.picture.Charts;
import org.latent4j.reduction.dimension.BallInCube;
import org.latent4j.reduction.dimension.Embedding;
import org.latent4j.reduction.pca.Pca;
import org.latent4j.reduction.pca.PcaModel;
import org.latent4j.reduction.pca.PcaOptions;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Why high dimension is hard: the ball leaves the cube empty, and neighbourhoods don't fit into the plane. */
final class BallInCubeLecture implements Lecture {
    private static final int MOST_DIMENSIONS = 20;
    private static final long DRAWS = 2_000_000;
    private static final int POINTS = 600;
    private static final int NEIGHBOURS = 10;
    private static final int[] CROWDED = {1, 2, 3, 4, 5, 7, 10, 15, 20, 30};

    @Override
    public String name() {
        return "ball-in-cube";
    }

    @Override
    public String title() {
        return "High dimension: an empty cube and crowded neighbourhoods";
    }

    @Override
    public Exhibit compute(LectureRoom room) {
        List<BallInCube.Estimate> drawn = IntStream.rangeClosed(1, MOST_DIMENSIONS)
                .mapToObj(d -> BallInCube.estimate(d, DRAWS, room.seed()))
                .toList();
        List<List<String>> rows = new ArrayList<>();
        for (BallInCube.Estimate one : drawn) {
            rows.add(List.of(
                    String.valueOf(one.dimensions()),
                    String.format(Locale.ROOT, "%.6g", BallInCube.share(one.dimensions())),
                    String.format(Locale.ROOT, "%.6g", one.share()),
                    String.format(Locale.ROOT, "%.1g", one.standardError())));
        }
        rows.add(List.of("100", String.format(Locale.ROOT, "%.6g", BallInCube.share(100)), "", ""));
        List<Embedding> kept = crowding(room);
        return new Exhibit(
                String.format(
                        Locale.ROOT,
                        "The ball that just fits into a cube fills less of it the more dimensions there are: pi^(D/2) / (2^D Gamma(D/2 + 1)),"
                                + " from 79 %% of the square to one part in 40 million at D = 20. Points drawn uniformly from the cube"
                                + " agree, until none of %,d falls into the ball any more: almost all volume lies in the corners. For the"
                                + " same reason neighbourhoods of many dimensions can't be kept in a plane (crowding): of points drawn"
                                + " uniformly from a cube and laid out along their first two principal directions, those near each other on"
                                + " paper are ever less often near each other in truth (trustworthiness), and those near in truth are torn"
                                + " apart (continuity); 1/2 is what chance gives.",
                        DRAWS),
                List.of(
                        new Exhibit.Figure(
                                "ball-in-cube-volume.png",
                                "The share of the cube that the inscribed ball fills: closed form and draws.",
                                Charts.draw(volumes(drawn))),
                        new Exhibit.Figure(
                                "ball-in-cube-crowding.png",
                                "What a plane keeps of the neighbourhoods of " + POINTS + " points in a cube.",
                                Charts.draw(crowdingChart(kept)))),
                List.of(new Exhibit.NumberTable(
                        String.format(Locale.ROOT, "Ball over cube, %,d draws for each D", DRAWS),
                        List.of("D", "closed form", "drawn", "error"),
                        rows)));
    }

    private static XYChart volumes(List<BallInCube.Estimate> drawn) {
        XYChart chart = Charts.xy(840, 480, "Ball over cube", "dimensions D", "share of the volume");
        double[] whole =
                IntStream.rangeClosed(1, MOST_DIMENSIONS).asDoubleStream().toArray();
        whole[0] -= 0.01; // XChart labels every place where all are equally far apart
        double[] exact = Arrays.stream(whole)
                .map(x -> BallInCube.logShare((int) Math.round(x)) / Math.log(10))
                .toArray();
        Charts.line(chart, "closed form", whole, exact, Charts.BLUE);
        List<BallInCube.Estimate> seen =
                drawn.stream().filter(e -> e.inside() > 0).toList();
        Charts.points(
                chart,
                String.format(Locale.ROOT, "%,d points drawn", DRAWS),
                seen.stream().mapToDouble(BallInCube.Estimate::dimensions).toArray(),
                seen.stream().mapToDouble(e -> Math.log10(e.share())).toArray(),
                Charts.VERMILION);
        chart.getStyler().setMarkerSize(9);
        chart.getStyler().setXAxisMin(0.0).setXAxisMax(MOST_DIMENSIONS + 0.5);
        chart.getStyler().setYAxisMin(-8.0).setYAxisMax(0.2);
        chart.getStyler()
                .setyAxisTickLabelsFormattingFunction(
                        v -> v == Math.rint(v) ? String.format(Locale.ROOT, "1e%d", Math.round(v)) : " ");
        return chart;
    }

    private static List<Embedding> crowding(LectureRoom room) {
        try (Primitives primitives = Devices.primitives(room.device())) {
            List<Embedding> kept = new ArrayList<>();
            for (int d : CROWDED) {
                Philox random = new Philox(room.seed(), Philox.Purpose.SYNTHETIC, d);
                double[][] x = new double[POINTS][d];
                for (double[] row : x) {
                    Arrays.setAll(row, j -> random.nextDouble());
                }
                try (INDArray points = Nd4j.createFromArray(x)) {
                    PcaModel model = Pca.fit(points, PcaOptions.components(Math.min(2, d)), primitives);
                    kept.add(Embedding.measure(points, model.transform(points, primitives), NEIGHBOURS, primitives));
                }
            }
            return kept;
        }
    }

    private static XYChart crowdingChart(List<Embedding> kept) {
        XYChart chart = Charts.xy(840, 480, "Neighbourhoods of 10 in the plane", "dimensions of the cube", "kept");
        double[] d = Arrays.stream(CROWDED).asDoubleStream().toArray();
        Charts.line(
                chart,
                "trustworthiness",
                d,
                kept.stream().mapToDouble(Embedding::trustworthiness).toArray(),
                Charts.BLUE);
        Charts.line(
                chart,
                "continuity",
                d,
                kept.stream().mapToDouble(Embedding::continuity).toArray(),
                Charts.VERMILION);
        Charts.line(chart, "chance", new double[] {0, 31}, new double[] {0.5, 0.5}, Charts.INK)
                .setLineWidth(1.2f);
        chart.getStyler().setYAxisMin(0.45).setYAxisMax(1.02).setXAxisMin(0.0).setXAxisMax(31.0);
        return chart;
    }
}
