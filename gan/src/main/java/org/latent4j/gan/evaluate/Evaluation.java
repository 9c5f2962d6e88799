package org.latent4j.gan.evaluate;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.latent4j.data.ising.Estimate;
import org.latent4j.data.ising.IsingObservables;

/**
 * What was measured of generated samples; null where a metric does not apply or was not asked for.
 *
 * @param features the feature space of {@code generated} and {@code floor}
 * @param dimensions features of a sample
 * @param samples in each of the sets that were compared: generated, real, and as many other real ones for the floors
 * @param seed of the choice of real samples, of directions and of the two-sample test
 * @param generated the generated samples against the real ones
 * @param floor the other real samples against the same real ones: what a perfect generator would score
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Evaluation(
        String features,
        int dimensions,
        int samples,
        long seed,
        Comparison generated,
        Comparison floor,
        NearestImages nearestImages,
        MixtureEvaluation mixture,
        IsingEvaluation ising) {

    /** All numbers, each beside its floor. */
    public List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        if (generated != null) {
            addManifolds(figures);
            addDistances(figures);
            addClasses(figures);
        }
        addNearest(figures);
        addMixture(figures);
        addIsing(figures);
        return figures;
    }

    private void addManifolds(List<Figure> figures) {
        add(figures, "precision", Comparison::manifolds, Manifolds::precision, "");
        add(figures, "recall", Comparison::manifolds, Manifolds::recall, "");
        add(figures, "density", Comparison::manifolds, Manifolds::density, "");
        add(figures, "coverage", Comparison::manifolds, Manifolds::coverage, "");
    }

    private void addDistances(List<Figure> figures) {
        KernelDistance k = generated.kernelDistance();
        String interval = k == null ? "" : String.format(Locale.ROOT, "95 %% interval %.4g to %.4g", k.low(), k.high());
        TwoSampleTest test = generated.twoSampleTest();
        String chance = test == null
                ? ""
                : test.pValue() < 1e-12 ? "p < 1e-12" : String.format(Locale.ROOT, "p = %.2g", test.pValue());
        add(figures, "kid", Comparison::kernelDistance, KernelDistance::distance, interval);
        add(figures, "frechet", Comparison::frechetDistance, FrechetDistance::distance, "");
        add(figures, "wasserstein", Comparison::slicedWasserstein, SlicedWasserstein::distance, "");
        add(figures, "twoSample", Comparison::twoSampleTest, TwoSampleTest::accuracy, chance);
    }

    private void addClasses(List<Figure> figures) {
        ClassBalance balance = generated.classBalance();
        String covered = balance == null ? "" : "of " + balance.classes();
        add(figures, "classes", Comparison::classBalance, ClassBalance::covered, covered);
        add(figures, "classKl", Comparison::classBalance, ClassBalance::reverseKl, "");
        add(figures, "recognised", Comparison::classBalance, ClassBalance::recognised, "");
    }

    private <T> void add(
            List<Figure> figures,
            String key,
            Function<Comparison, T> metric,
            ToDoubleFunction<T> number,
            String remark) {
        T value = metric.apply(generated);
        if (value != null) {
            double below = number.applyAsDouble(metric.apply(floor));
            figures.add(new Figure(key, number.applyAsDouble(value), below, remark));
        }
    }

    private void addNearest(List<Figure> figures) {
        if (nearestImages == null) {
            return;
        }
        NearestImages n = nearestImages;
        figures.add(new Figure("nearest", n.medianDistance(), n.medianReference(), "medians"));
        String verdict = n.copies() > 0.1 ? "the generator copies" : "";
        figures.add(new Figure("copies", n.copies(), 0.01, verdict));
    }

    private void addMixture(List<Figure> figures) {
        if (mixture == null) {
            return;
        }
        MixtureEvaluation m = mixture;
        figures.add(new Figure("modes", m.modesCovered(), m.modes(), ""));
        figures.add(new Figure("highQuality", m.highQualityShare(), m.expectedHighQualityShare(), ""));
        figures.add(new Figure("modeKl", m.reverseKl(), m.expectedReverseKl(), ""));
        figures.add(new Figure("spread", m.spread(), m.expectedSpread(), ""));
    }

    private void addIsing(List<Figure> figures) {
        if (ising == null) {
            return;
        }
        IsingObservables g = ising.generated();
        IsingObservables r = ising.replica();
        addIsing(figures, "absMagnetisation", g.absMagnetisation(), r.absMagnetisation(), "");
        addIsing(figures, "energy", g.energy(), r.energy(), exact(ising.exact().energy()));
        addIsing(
                figures,
                "specificHeat",
                g.specificHeat(),
                r.specificHeat(),
                exact(ising.exact().specificHeat()));
        addIsing(figures, "susceptibility", g.susceptibility(), r.susceptibility(), "");
        for (int distance = 1; distance < g.correlation().size(); distance *= 2) {
            addIsing(
                    figures,
                    "correlation" + distance,
                    g.correlation().get(distance),
                    r.correlation().get(distance),
                    "");
        }
        LatticeSymmetry symmetry = ising.symmetry();
        LatticeSymmetry noise = ising.symmetryFloor();
        figures.add(new Figure(
                "siteMagnetisation",
                symmetry.siteMagnetisation(),
                noise.siteMagnetisation(),
                preferred(symmetry.siteMagnetisation(), noise.siteMagnetisation(), "samples share a pattern")));
        figures.add(new Figure(
                "bondSpread",
                symmetry.bondSpread(),
                noise.bondSpread(),
                preferred(symmetry.bondSpread(), noise.bondSpread(), "some bonds are not like others")));
        figures.add(new Figure("magnetisationJs", ising.magnetisationDivergence(), ising.magnetisationFloor(), ""));
        figures.add(new Figure("energyJs", ising.energyDivergence(), ising.energyFloor(), ""));
    }

    /** What it means that places of the lattice are preferred by far more than noise does. */
    private static String preferred(double value, double noise, String verdict) {
        return value > 4 * noise ? verdict : "";
    }

    private static String exact(double value) {
        return String.format(Locale.ROOT, "; exact %.5f", value);
    }

    private static void addIsing(List<Figure> figures, String key, Estimate generated, Estimate replica, String more) {
        String remark = String.format(
                Locale.ROOT,
                "+- %.2g and %.2g, off by %+.1f %%, %.1f sigma%s",
                generated.standardError(),
                replica.standardError(),
                100 * (generated.value() / replica.value() - 1),
                generated.sigmasFrom(replica),
                more);
        figures.add(new Figure(key, generated.value(), replica.value(), remark));
    }
}
