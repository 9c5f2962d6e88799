package org.latent4j.cli.lecture;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Primitives;
import org.latent4j.data.SampleShape;
import org.latent4j.data.ising.Estimate;
import org.latent4j.data.ising.IsingExact;
import org.latent4j.data.ising.IsingObservables;
import org.latent4j.data.picture.Charts;
import org.latent4j.data.picture.ImageGrid;
import org.latent4j.data.table.Table;
import org.latent4j.reduction.pca.Pca;
import org.latent4j.reduction.pca.PcaCharts;
import org.latent4j.reduction.pca.PcaModel;
import org.latent4j.reduction.pca.PcaOptions;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The Ising model through its transition: observables beside exact results, and principal components that find the order parameter. */
final class IsingLecture implements Lecture {
    private static final int COMPONENTS = 20;
    private static final int[] SHOWN = {3, 7, 8, 9, 15}; // steps of the scan
    private static final double CRITICAL = IsingExact.CRITICAL_TEMPERATURE;

    @Override
    public String name() {
        return "ising";
    }

    @Override
    public String title() {
        return "The Ising model: PCA finds the order parameter";
    }

    @Override
    public Exhibit compute(LectureRoom room) {
        room.progress().accept("sampling " + IsingScan.STEPS + " temperatures");
        IsingScan scan = IsingScan.run(room.seed());
        room.progress().accept("principal components of 16,000 configurations");
        try (Primitives primitives = Devices.primitives(room.device());
                INDArray x = scan.rows()) {
            PcaModel model = Pca.fit(x, PcaOptions.components(COMPONENTS).withSeed(room.seed()), primitives);
            try (INDArray scores = model.transform(x, primitives)) {
                double[] first =
                        scores.get(NDArrayIndex.all(), NDArrayIndex.point(0)).toDoubleVector();
                double[] second =
                        scores.get(NDArrayIndex.all(), NDArrayIndex.point(1)).toDoubleVector();
                return exhibit(scan, model, first, second);
            }
        }
    }

    private static Exhibit exhibit(IsingScan scan, PcaModel model, double[] first, double[] second) {
        double[] ratio = model.explainedVarianceRatio();
        double correlation = correlation(first, scan.magnetisation());
        double[] absolute = Arrays.stream(first).map(Math::abs).toArray();
        double[] spreadOfFirst = spreads(absolute);
        double[] spreadOfSecond = spreads(second);
        String text = String.format(
                Locale.ROOT,
                "1,000 configurations of 40 x 40 spins at each of 16 temperatures. The sampler agrees with Onsager's and Kaufman's exact"
                        + " results. Told nothing of physics, PCA finds the order parameter: its first component carries %.1f %% of all"
                        + " variance, more than half, and a configuration's score along it is the magnetisation, with a correlation of"
                        + " %.5f; the next component carries %.1f %%. Below the critical temperature %.3f the scores form two clouds, m up"
                        + " and m down; above it one around 0. The scores' spread at one temperature peaks at T = %.2f (|score 1|) and %.2f"
                        + " (score 2), the steps of the scan beside the critical temperature: fluctuations are largest there.",
                100 * ratio[0],
                Math.abs(correlation),
                100 * ratio[1],
                CRITICAL,
                IsingScan.temperature(peak(spreadOfFirst)),
                IsingScan.temperature(peak(spreadOfSecond)));
        return new Exhibit(
                text,
                List.of(
                        lattices(scan),
                        new Exhibit.Figure(
                                "ising-magnetisation.png",
                                "Mean |m| of the samples beside the infinite lattice's spontaneous magnetisation.",
                                Charts.draw(observable(
                                        scan,
                                        "Magnetisation per spin",
                                        "|m|",
                                        "exact, infinite lattice",
                                        IsingExact::magnetisation,
                                        IsingObservables::absMagnetisation))),
                        new Exhibit.Figure(
                                "ising-energy.png",
                                "Mean energy of the samples beside the exact one of the same finite lattice.",
                                Charts.draw(observable(
                                        scan,
                                        "Energy per spin",
                                        "energy",
                                        "exact, 40 x 40",
                                        t -> IsingExact.torus(IsingScan.SIZE, t).energy(),
                                        IsingObservables::energy))),
                        new Exhibit.Figure(
                                "ising-scores.png",
                                "Every configuration along the first two components, coloured by temperature.",
                                Charts.draw(PcaCharts.scores(
                                        first,
                                        second,
                                        new Table.Values("T", scan.temperatures()),
                                        "16,000 configurations along two components",
                                        String.format(
                                                Locale.ROOT, "component 1 (%.1f %% of the variance)", 100 * ratio[0]),
                                        String.format(Locale.ROOT, "component 2 (%.1f %%)", 100 * ratio[1])))),
                        new Exhibit.Figure(
                                "ising-spectrum.png",
                                "Shares of the variance of the leading components.",
                                Charts.draw(PcaCharts.spectrum(
                                        model.explainedVariance(),
                                        model.totalVariance(),
                                        COMPONENTS,
                                        "Variance by component"))),
                        new Exhibit.Figure(
                                "ising-spread.png",
                                "Standard deviation of the scores at each temperature; the line is the critical one.",
                                Charts.draw(spread(spreadOfFirst, spreadOfSecond)))),
                List.of(table(scan)));
    }

    private static Exhibit.Figure lattices(IsingScan scan) {
        var shape = new SampleShape.Image(1, IsingScan.SIZE, IsingScan.SIZE);
        byte[] pixels = new byte[SHOWN.length * shape.elements()];
        for (int i = 0; i < SHOWN.length; i++) {
            byte[] spins = scan.samples().get(SHOWN[i]).configurations()[0];
            for (int at = 0; at < spins.length; at++) {
                pixels[i * spins.length + at] = (byte) (spins[at] > 0 ? 255 : 0);
            }
        }
        return new Exhibit.Figure(
                "ising-lattices.png",
                "A configuration each at T = "
                        + Arrays.stream(SHOWN)
                                .mapToObj(step -> String.valueOf(IsingScan.temperature(step)))
                                .collect(Collectors.joining(", "))
                        + ": one direction, islands in it, islands of all sizes just below the critical temperature and just above, noise.",
                ImageGrid.of(shape, 1, SHOWN.length).draw(pixels));
    }

    private static XYChart observable(
            IsingScan scan,
            String title,
            String unit,
            String exactName,
            DoubleUnaryOperator exact,
            Function<IsingObservables, Estimate> measured) {
        XYChart chart = Charts.xy(840, 480, title, "temperature T", unit);
        double[] t = new double[400];
        Arrays.setAll(t, i -> 0.05 + i * 0.01 + (i == 0 ? -0.001 : 0));
        double[] curve = Arrays.stream(t).map(exact).toArray();
        Charts.line(chart, exactName, t, curve, Charts.BLUE);
        double[] at = new double[IsingScan.STEPS];
        Arrays.setAll(at, IsingScan::temperature);
        double[] values = scan.observables().stream()
                .mapToDouble(o -> measured.apply(o).value())
                .toArray();
        Charts.points(chart, "sampled", at, values, Charts.VERMILION);
        double low = Math.min(
                Arrays.stream(curve).min().orElseThrow(),
                Arrays.stream(values).min().orElseThrow());
        double high = Math.max(
                Arrays.stream(curve).max().orElseThrow(),
                Arrays.stream(values).max().orElseThrow());
        double margin = 0.04 * (high - low);
        critical(chart, low - margin, high + margin);
        chart.getStyler().setMarkerSize(8);
        chart.getStyler().setXAxisMin(0.0).setXAxisMax(4.15);
        return chart;
    }

    private static void critical(XYChart chart, double low, double high) {
        Charts.line(
                        chart,
                        "critical temperature",
                        new double[] {CRITICAL, CRITICAL},
                        new double[] {low, high},
                        Charts.INK)
                .setLineWidth(1.2f);
        chart.getStyler().setYAxisMin(low).setYAxisMax(high);
    }

    private static XYChart spread(double[] first, double[] second) {
        XYChart chart =
                Charts.xy(840, 480, "Where the scores scatter most", "temperature T", "standard deviation of scores");
        double[] at = new double[IsingScan.STEPS];
        Arrays.setAll(at, i -> IsingScan.temperature(i) - (i == 0 ? 0.01 : 0));
        marked(chart, "|score 1|", at, first, Charts.BLUE);
        marked(chart, "score 2", at, second, Charts.VERMILION);
        critical(chart, 0, 1.06 * Math.max(first[peak(first)], second[peak(second)]));
        chart.getStyler().setXAxisMin(0.0).setXAxisMax(4.15);
        return chart;
    }

    private static void marked(XYChart chart, String name, double[] x, double[] y, Color colour) {
        Charts.line(chart, name, x, y, colour).setMarker(SeriesMarkers.CIRCLE).setMarkerColor(colour);
    }

    private static Exhibit.NumberTable table(IsingScan scan) {
        List<List<String>> rows = new ArrayList<>();
        for (IsingObservables o : scan.observables()) {
            rows.add(List.of(
                    String.format(Locale.ROOT, "%.2f", o.temperature()),
                    number(o.absMagnetisation()),
                    String.format(Locale.ROOT, "%.5f", IsingExact.magnetisation(o.temperature())),
                    number(o.energy()),
                    String.format(
                            Locale.ROOT,
                            "%.5f",
                            IsingExact.torus(IsingScan.SIZE, o.temperature()).energy()),
                    number(o.specificHeat()),
                    number(o.susceptibility())));
        }
        return new Exhibit.NumberTable(
                "Observables per spin: samples (error) beside exact results",
                List.of("T", "|m|", "infinite", "energy", "exact 40x40", "specific heat", "susceptibility"),
                rows);
    }

    private static String number(Estimate estimate) {
        return String.format(Locale.ROOT, "%.4f (%.0e)", estimate.value(), estimate.standardError());
    }

    /** Standard deviation at each temperature. */
    private static double[] spreads(double[] scores) {
        double[] spreads = new double[IsingScan.STEPS];
        for (int step = 0; step < IsingScan.STEPS; step++) {
            double[] some = Arrays.copyOfRange(scores, step * IsingScan.EACH, (step + 1) * IsingScan.EACH);
            double mean = Arrays.stream(some).average().orElseThrow();
            spreads[step] = Math.sqrt(
                    Arrays.stream(some).map(v -> (v - mean) * (v - mean)).sum() / (some.length - 1));
        }
        return spreads;
    }

    private static int peak(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    private static double correlation(double[] a, double[] b) {
        double meanA = Arrays.stream(a).average().orElseThrow();
        double meanB = Arrays.stream(b).average().orElseThrow();
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }
        return ab / Math.sqrt(aa * bb);
    }
}
