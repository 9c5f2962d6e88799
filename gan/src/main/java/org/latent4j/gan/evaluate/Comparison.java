package org.latent4j.gan.evaluate;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Set;
import java.util.function.Supplier;
import org.latent4j.compute.Primitives;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The metrics of one set of samples against a reference in a feature space; null for those that were not asked for. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Comparison(
        Manifolds manifolds,
        KernelDistance kernelDistance,
        FrechetDistance frechetDistance,
        SlicedWasserstein slicedWasserstein,
        ClassBalance classBalance,
        TwoSampleTest twoSampleTest) {

    /** Compares samples with a reference of at least as many. */
    static Comparison of(
            FeatureSpace.Seen reference,
            FeatureSpace.Seen seen,
            Set<Measure> measures,
            int classes,
            long seed,
            Primitives primitives) {
        INDArray x = reference.features();
        INDArray y = seen.features();
        return new Comparison(
                when(measures.contains(Measure.PRDC), () -> Manifolds.of(x, y, Manifolds.DEFAULT_K, primitives)),
                when(measures.contains(Measure.KID), () -> KernelDistance.of(x, y, primitives)),
                when(measures.contains(Measure.FRECHET), () -> FrechetDistance.of(x, y, primitives)),
                when(
                        measures.contains(Measure.WASSERSTEIN),
                        () -> SlicedWasserstein.of(x, y, SlicedWasserstein.DEFAULT_DIRECTIONS, seed, primitives)),
                when(
                        measures.contains(Measure.CLASSES),
                        () -> ClassBalance.of(
                                reference.probabilities().orElseThrow(),
                                seen.probabilities().orElseThrow(),
                                classes)),
                when(measures.contains(Measure.TWO_SAMPLE), () -> TwoSampleTest.of(x, y, seed)));
    }

    private static <T> T when(boolean asked, Supplier<T> metric) {
        return asked ? metric.get() : null;
    }
}
