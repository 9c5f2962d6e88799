package org.latent4j.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.latent4j.data.DataSource;
import org.latent4j.data.Progress;
import org.latent4j.data.SampleShape;
import org.latent4j.ensembles.mixture.MixtureWeights;
import org.latent4j.gan.evaluate.Evaluation;
import org.latent4j.gan.evaluate.Evaluator;
import org.latent4j.gan.evaluate.FeatureSpace;
import org.latent4j.gan.evaluate.FeatureSpaces;
import org.latent4j.gan.evaluate.Figure;
import org.latent4j.gan.evaluate.Measure;
import org.latent4j.gan.evaluate.RealRows;
import org.latent4j.gan.evaluate.Rows;
import org.latent4j.gan.run.StoredRun;
import org.latent4j.gan.run.TrainedGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The generators of several runs as one: each sample comes from one of them, as often as the weights say. */
final class GeneratorMixture {
    private static final String FIT = "fit";
    private static final String EQUAL = "equal";
    private static final int COMPARED = 2000;
    private static final long WEIGHT_STREAM = -2; // the evaluation's own split is -1

    private final List<Path> runs;
    private final List<TrainedGenerator> generators;
    private final String device;
    private final long seed;
    private double[] weights;
    private MixtureWeights fitted;
    private int[] members;

    private GeneratorMixture(List<Path> runs, List<TrainedGenerator> generators, String device, long seed) {
        this.runs = runs;
        this.generators = generators;
        this.device = device;
        this.seed = seed;
    }

    /** Opens runs whose samples are of one shape. */
    static GeneratorMixture open(List<Path> runs, SamplingOptions sampling, long seed) {
        List<TrainedGenerator> generators = new ArrayList<>();
        for (Path run : runs) {
            StoredRun stored = sampling.open(run);
            generators.add(sampling.generator(stored));
            SampleShape first = generators.get(0).shape();
            SampleShape own = generators.get(generators.size() - 1).shape();
            if (!own.equals(first)) {
                throw new DataException("a mixture needs runs whose samples are alike, but those of " + runs.get(0)
                        + " are " + first + ", and those of " + run + " " + own);
            }
        }
        return new GeneratorMixture(runs, generators, sampling.device, seed);
    }

    SampleShape shape() {
        return generators.get(0).shape();
    }

    double[] weights() {
        return weights;
    }

    /**
     * Takes the weights as they were given, or fits them; and measures the members and the mixture against real samples.
     *
     * @param asked {@code equal}, {@code fit}, or a number for each run, separated by commas
     * @param n samples that will be asked for
     * @return what the report holds
     */
    Map<String, Object> prepare(String asked, int n, DataSource source, PrintWriter err) {
        double[] given = asked.equals(FIT) ? null : parse(asked, runs.size());
        Map<String, Object> report = new LinkedHashMap<>();
        try (ProgressView progress = new ProgressView(err);
                Primitives primitives =
                        Devices.primitives(Devices.choose(device, List::of).device())) {
            DataSource.Opened opened = source.open(GanTrainCommand.store(runs.get(0)), progress);
            if (!opened.data().shape().equals(shape())) {
                throw new DataException("the runs' samples are " + shape() + ", but " + source.source() + " gives "
                        + opened.data().shape());
            }
            FeatureSpace space = FeatureSpaces.of(FeatureSpaces.AUTO, opened.data(), seed, device, progress);
            weights = given != null ? given : fit(RealRows.of(opened.data(), 2 * COMPARED, seed), space, progress);
            Evaluator evaluator = new Evaluator(
                    opened.data(),
                    opened.synthetic(),
                    space,
                    EnumSet.of(Measure.PRDC, Measure.MODES),
                    false,
                    COMPARED,
                    seed,
                    primitives,
                    progress);
            List<Map<String, Object>> all = new ArrayList<>();
            for (int g = 0; g < runs.size(); g++) {
                Evaluation own = evaluator.evaluate(generate(g, 0, evaluator.samples()), progress);
                all.add(described(runs.get(g).toString(), weights[g], own));
                if (fitted != null) {
                    all.get(g).put("divergence", fitted.memberDivergences()[g]);
                }
            }
            members = MixtureWeights.assign(weights, evaluator.samples(), seed);
            Evaluation together = evaluator.evaluate(samples(0, evaluator.samples()), progress);
            progress.end();
            report.put("data", source.source());
            report.put("samplesCompared", evaluator.samples());
            report.put("weights", weights);
            report.put("members", all);
            Map<String, Object> mixture = described("mixture", 1, together);
            if (fitted != null) {
                mixture.put("divergence", fitted.divergence());
            }
            report.put("mixture", mixture);
        }
        members = MixtureWeights.assign(weights, n, seed);
        return report;
    }

    private static Map<String, Object> described(String name, double weight, Evaluation evaluation) {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("name", name);
        described.put("weight", weight);
        for (Figure figure : evaluation.figures()) {
            described.put(figure.key(), figure.value());
        }
        return described;
    }

    private double[] fit(Rows real, FeatureSpace space, Progress progress) {
        int[] order = IntStream.range(0, real.count()).toArray();
        new Philox(seed, Philox.Purpose.EVALUATION, WEIGHT_STREAM).shuffle(order);
        int n = Math.min(real.count(), 2 * COMPARED);
        INDArray seen =
                space.see(real.subset(Arrays.copyOf(order, n)), progress).features();
        List<INDArray> generated = new ArrayList<>();
        for (int g = 0; g < generators.size(); g++) {
            Rows rows = Rows.of(generate(g, 0, Math.max(1, n / 2)), shape().elements());
            generated.add(space.see(rows, progress).features());
        }
        fitted = MixtureWeights.fit(seen, generated, seed);
        return fitted.weights();
    }

    static double[] parse(String asked, int runs) {
        double[] equal = new double[runs];
        Arrays.fill(equal, 1.0 / runs);
        if (asked.equals(EQUAL)) {
            return equal;
        }
        double[] parsed;
        try {
            parsed = Arrays.stream(asked.split(",", -1))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
        } catch (NumberFormatException e) {
            throw new DataException(
                    "--weights of several runs must be equal, fit, or a number for each as in 0.7,0.3, but are "
                            + asked);
        }
        double sum = Arrays.stream(parsed).sum();
        if (parsed.length != runs
                || Arrays.stream(parsed).anyMatch(w -> !(w >= 0))
                || !(sum > 0 && sum < Double.POSITIVE_INFINITY)) {
            throw new DataException("--weights must be " + runs
                    + " numbers, none below 0 and not all 0, one for each run, but are " + asked);
        }
        return Arrays.stream(parsed).map(w -> w / sum).toArray();
    }

    private float[] generate(int generator, int from, int count) {
        TrainedGenerator own = generators.get(generator);
        return own.generate(own.latents(seed, from, count));
    }

    /** Samples from ... from + count - 1; each generator gives those that are its own. */
    float[] samples(int from, int count) {
        int elements = shape().elements();
        float[] samples = new float[count * elements];
        for (int g = 0; g < generators.size(); g++) {
            int own = g;
            int[] rows = IntStream.range(0, count)
                    .filter(i -> members[from + i] == own)
                    .toArray();
            if (rows.length == 0) {
                continue;
            }
            int before =
                    (int) Arrays.stream(members, 0, from).filter(m -> m == own).count();
            float[] made = generate(g, before, rows.length);
            for (int i = 0; i < rows.length; i++) {
                System.arraycopy(made, i * elements, samples, rows[i] * elements, elements);
            }
        }
        return samples;
    }

    /** The report as lines of a table. */
    static String table(Map<String, Object> report) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Object member : (List<?>) report.get("members")) {
            rows.add(map(member));
        }
        rows.add(map(report.get("mixture")));
        List<String> columns = new ArrayList<>(rows.get(0).keySet());
        List<List<String>> cells = rows.stream()
                .map(row -> columns.stream().map(c -> cell(row.get(c))).toList())
                .toList();
        return TextTable.of("mixture, against " + report.get("data"), columns, cells);
    }

    private static Map<String, Object> map(Object value) {
        Map<String, Object> copy = new LinkedHashMap<>();
        ((Map<?, ?>) value).forEach((key, own) -> copy.put(key.toString(), own));
        return copy;
    }

    private static String cell(Object value) {
        return value instanceof Double number ? String.format(Locale.ROOT, "%.4g", number) : String.valueOf(value);
    }
}
