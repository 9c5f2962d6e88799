package org.latent4j.gan.evaluate;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.latent4j.data.Dataset;
import org.latent4j.data.ImageSet;
import org.latent4j.data.Progress;
import org.latent4j.data.SampleShape;
import org.latent4j.data.ising.IsingOptions;
import org.latent4j.data.ising.IsingSamples;
import org.latent4j.data.synthetic.GaussianMixtureDistribution;
import org.latent4j.data.synthetic.Synthetic;
import org.latent4j.gan.run.SamplePictures;

/**
 * Measures generated samples against real ones. Prepared once for some data, with the real samples' features and all floors; then used for any number of
 * generators or moments of a training.
 *
 * <p>The real samples are shuffled and split: {@code samples} of them to compare with, and as many others that stand in for a perfect
 * generator. Of a small set each half is smaller; distances depend on the number, so compare evaluations of equal {@code samples} only.
 *
 * <p>Throws {@link DataException} when a metric that was asked for by name does not apply, and for samples of another shape.
 */
public final class Evaluator {
    private static final long SPLIT_STREAM = -1; // directions of projections count from 0
    private static final int LEAST = 8;

    private static final Set<Measure> BY_FEATURES = EnumSet.of(
            Measure.PRDC, Measure.KID, Measure.FRECHET, Measure.WASSERSTEIN, Measure.CLASSES, Measure.TWO_SAMPLE);

    private final SampleShape shape;
    private final FeatureSpace space;
    private final Set<Measure> measures;
    private final long seed;
    private final Primitives primitives;
    private final Rows real;
    private final int samples;
    private final FeatureSpace.Seen reference;
    private final GaussianMixtureDistribution mixture;
    private final IsingOptions ising;
    private IsingEvaluation.Replicas replicas;
    private final Comparison floor;

    /**
     * Prepares to evaluate.
     *
     * @param measures those that don't apply to the data or the space are left out, unless {@code strict}
     * @param samples to generate and to compare, at most; half as many as there are real ones if that is less
     */
    public Evaluator(
            Dataset data,
            Optional<Synthetic> synthetic,
            FeatureSpace space,
            Set<Measure> measures,
            boolean strict,
            int samples,
            long seed,
            Primitives primitives,
            Progress progress) {
        this.shape = data.shape();
        this.space = space;
        this.seed = seed;
        this.primitives = primitives;
        this.real = RealRows.of(data, 2 * samples, seed);
        this.samples = Math.min(samples, real.count() / 2);
        this.ising = synthetic
                .filter(Synthetic.Ising.class::isInstance)
                .map(s -> ((Synthetic.Ising) s).options())
                .orElse(null);
        this.mixture = synthetic
                .filter(Synthetic.Points.class::isInstance)
                .map(s -> ((Synthetic.Points) s).distribution())
                .filter(GaussianMixtureDistribution.class::isInstance)
                .map(GaussianMixtureDistribution.class::cast)
                .orElse(null);
        this.measures = applicable(data, measures, strict);
        boolean seen = this.measures.stream().anyMatch(BY_FEATURES::contains);
        int[] order = IntStream.range(0, real.count()).toArray();
        new Philox(seed, Philox.Purpose.EVALUATION, SPLIT_STREAM).shuffle(order);
        this.reference = seen ? space.see(part(order, 0), progress) : null;
        this.floor = seen ? compare(space.see(part(order, 1), progress)) : null;
    }

    private Rows part(int[] order, int half) {
        return real.subset(Arrays.copyOfRange(order, half * samples, (half + 1) * samples));
    }

    private Set<Measure> applicable(Dataset data, Set<Measure> asked, boolean strict) {
        Set<Measure> applicable = EnumSet.noneOf(Measure.class);
        Set<String> problems = new LinkedHashSet<>();
        for (Measure measure : asked) {
            String problem = problem(data, measure);
            if (problem == null) {
                applicable.add(measure);
            } else {
                problems.add("metric " + measure + " " + problem);
            }
        }
        if (strict && !problems.isEmpty()) {
            throw new DataException(String.join("\n", problems));
        }
        return applicable;
    }

    /** Why a measure does not apply, or null. */
    private String problem(Dataset data, Measure measure) {
        if (BY_FEATURES.contains(measure) && samples < LEAST) {
            return "takes at least " + LEAST + " samples and twice as many real ones, but there are " + samples
                    + " and " + real.count();
        }
        return switch (measure) {
            case CLASSES -> space.classes() > 0 ? null : "needs --features classifier, and images with classes";
            case NEAREST -> data instanceof ImageSet && ising == null ? null : "is for images";
            case MODES -> mixture != null ? null : "is for Gaussian mixtures, as --data gaussian-grid";
            case ISING -> ising != null ? null : "is for --data ising";
            default -> null;
        };
    }

    /** Samples that take part in the comparison. */
    public int samples() {
        return samples;
    }

    public FeatureSpace space() {
        return space;
    }

    public Set<Measure> measures() {
        return measures;
    }

    /** Measures generated samples (n, elements), images (c, h, w) in -1 .. 1 and points in the data's units. */
    public Evaluation evaluate(float[] generated, Progress progress) {
        Rows rows = Rows.of(generated, shape.elements());
        if (rows.count() < samples) {
            throw new DataException("the evaluation compares " + samples + " samples, but got " + rows.count());
        }
        Comparison compared = reference == null
                ? null
                : compare(space.see(rows.subset(IntStream.range(0, samples).toArray()), progress));
        return new Evaluation(
                reference == null ? null : space.description(),
                reference == null ? 0 : (int) reference.features().columns(),
                samples,
                seed,
                compared,
                floor,
                measures.contains(Measure.NEAREST) ? NearestImages.of(rows, real, seed, primitives, progress) : null,
                measures.contains(Measure.MODES) ? MixtureEvaluation.of(generated, mixture) : null,
                measures.contains(Measure.ISING) ? ising(generated, progress) : null);
    }

    private Comparison compare(FeatureSpace.Seen seen) {
        return Comparison.of(reference, seen, measures, space.classes(), seed, primitives);
    }

    private IsingEvaluation ising(float[] generated, Progress progress) {
        byte[][] spins = IsingSamples.spins(SamplePictures.toBytes(generated, (SampleShape.Image) shape), ising.size());
        if (replicas == null || replicas.count() != spins.length) {
            replicas = IsingEvaluation.Replicas.draw(spins.length, ising.size(), ising.temperature(), seed, progress);
        }
        return replicas.compare(spins);
    }

    /** All measures that a training can afford to look at now and then. */
    public static Set<Measure> quick() {
        Set<Measure> quick = EnumSet.allOf(Measure.class);
        quick.removeAll(List.of(Measure.TWO_SAMPLE, Measure.NEAREST));
        return quick;
    }
}
