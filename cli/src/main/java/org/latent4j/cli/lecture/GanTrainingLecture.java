package org.latent4j.cli.lecture;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.knowm.xchart.XYChart;
import org.latent4j.compute.Philox;
import org.latent4j.data.PointSet;
import org.latent4j.data.picture.Charts;
import org.latent4j.data.picture.Scatter;
import org.latent4j.data.synthetic.GaussianMixtureDistribution;
import org.latent4j.data.synthetic.Synthetic;
import org.latent4j.gan.GanTrainer;
import org.latent4j.gan.Loss;
import org.latent4j.gan.TrainingObserver;
import org.latent4j.gan.TrainingOptions;
import org.latent4j.gan.TrainingStatistics;
import org.latent4j.gan.evaluate.MixtureEvaluation;
import org.latent4j.gan.network.NetworkOptions;
import org.latent4j.gan.network.Networks;

/**
 * The adversarial loop with k discriminator and l generator updates a step, with the lecture's own loss, on eight Gaussians on a circle.
 *
 * <p>Source: Goodfellow et al., "Generative adversarial nets", NeurIPS 2014, algorithm 1 and theorem 1.
 */
final class GanTrainingLecture implements Lecture {
    private static final String DATA = "gaussian-ring:sigma=0.1";
    private static final int[][] UPDATES = {{1, 1}, {5, 1}, {1, 5}};
    private static final long STEPS = 3000;
    private static final int REPORTS = 60;

    @Override
    public String name() {
        return "gan-training";
    }

    @Override
    public String title() {
        return "Adversarial training: k discriminator and l generator updates";
    }

    @Override
    public Exhibit compute(LectureRoom room) {
        GaussianMixtureDistribution mixture =
                (GaussianMixtureDistribution) ((Synthetic.Points) Synthetic.parse(DATA)).distribution();
        List<Exhibit.Figure> figures = new ArrayList<>();
        List<List<String>> rows = new ArrayList<>();
        XYChart bounds = Charts.xy(
                840,
                460,
                "What the discriminator proves of the divergence",
                "adversarial step",
                "JS(data, generated) is at least (nats)");
        for (int i = 0; i < UPDATES.length; i++) {
            int k = UPDATES[i][0];
            int l = UPDATES[i][1];
            room.progress().accept("k = " + k + ", l = " + l + ", " + STEPS + " steps");
            Run run = new Run(mixture, k, l, room);
            run.addTo(bounds, Charts.category(i));
            figures.add(new Exhibit.Figure(
                    "gan-training-k" + k + "-l" + l + ".png",
                    "Real points and generated ones after " + STEPS + " steps with k = " + k + " and l = " + l + ".",
                    run.picture()));
            rows.add(run.row());
        }
        bounds.getStyler().setYAxisMin(-0.1).setYAxisMax(0.75);
        Charts.line(
                bounds, "log 2: nothing in common", new double[] {0, STEPS}, twice(Math.log(2)), Charts.FAINT.darker());
        figures.add(
                0,
                new Exhibit.Figure(
                        "gan-training-bound.png",
                        "(V + log 4) / 2, the lower bound of the Jensen-Shannon divergence, during the three trainings.",
                        Charts.draw(bounds)));
        return new Exhibit(
                "In each step the discriminator ascends V(G, D) = <log D(x)> + <log(1 - D(G(z)))> k times, then the generator descends "
                        + "<log(1 - D(G(z)))> l times. Where D can't tell real from generated, D = 1/2 and V = -log 4 = -1.386. At the best D, V is "
                        + "2 JS - log 4, so every D proves that the divergence is at least (V + log 4) / 2. A larger k brings D nearer to its best: "
                        + "the bound is higher because it is tighter, not because the samples are worse. A larger l lets the generator move further "
                        + "between looks of D, whose bound then proves little. Compare the bound with the last two columns of the table, "
                        + "which know the true distribution.",
                figures,
                List.of(new Exhibit.NumberTable(
                        "After " + STEPS + " steps (mean of the last tenth; modes of 8)",
                        List.of("k, l", "V", "JS >=", "D(x)", "D(G(z))", "modes", "within 3 sigma"),
                        rows)));
    }

    private static double[] twice(double value) {
        return new double[] {value, value};
    }

    /** One training, watched. */
    private static final class Run implements TrainingObserver {
        private final int k;
        private final int l;
        private final GaussianMixtureDistribution mixture;
        private final long seed;
        private final List<TrainingStatistics> statistics = new ArrayList<>();
        private float[] samples;

        Run(GaussianMixtureDistribution mixture, int k, int l, LectureRoom room) {
            this.k = k;
            this.l = l;
            this.mixture = mixture;
            this.seed = room.seed();
            String rate = "adam:lr=5.0E-4,beta1=0.5";
            Networks.Pair pair = Networks.configure(
                    new NetworkOptions(Networks.MLP, 64, 2, rate, "adam:lr=1.0E-3,beta1=0.5"), mixture.shape(), seed);
            new GanTrainer(
                            new ComputationGraph(pair.generator()),
                            new ComputationGraph(pair.discriminator()),
                            mixture,
                            TrainingOptions.defaults()
                                    .withSteps(STEPS)
                                    .withIntervals(STEPS / REPORTS, STEPS, STEPS)
                                    .withLoss(Loss.MINIMAX)
                                    .withUpdates(k, l)
                                    .withBatch(128)
                                    .withSeed(seed)
                                    .withDevice(room.device().toString()))
                    .observe(this)
                    .train();
        }

        @Override
        public void statistics(TrainingStatistics line) {
            statistics.add(line);
        }

        @Override
        public void samples(long step, float[] shown) {
            samples = shown.clone();
        }

        void addTo(XYChart chart, Color colour) {
            double[] steps =
                    statistics.stream().mapToDouble(TrainingStatistics::step).toArray();
            double[] bound = statistics.stream()
                    .mapToDouble(TrainingStatistics::jsLowerBound)
                    .toArray();
            Charts.line(chart, "k = " + k + ", l = " + l, steps, bound, colour);
        }

        BufferedImage picture() {
            int n = 4000;
            float[] real = new float[2 * n];
            Philox random = new Philox(seed, Philox.Purpose.SYNTHETIC, 0);
            mixture.sample(random, real);
            PointSet points = new PointSet("real", PointSet.numbered(2), real);
            return new Scatter(points).draw(samples, "k = " + k + ", l = " + l);
        }

        List<String> row() {
            List<TrainingStatistics> last = statistics.subList(statistics.size() - REPORTS / 10, statistics.size());
            MixtureEvaluation quality = MixtureEvaluation.of(samples, mixture);
            return List.of(
                    k + ", " + l,
                    mean(last, TrainingStatistics::value),
                    mean(last, TrainingStatistics::jsLowerBound),
                    mean(last, TrainingStatistics::dReal),
                    mean(last, TrainingStatistics::dFake),
                    String.valueOf(quality.modesCovered()),
                    String.format(Locale.ROOT, "%.1f %%", 100 * quality.highQualityShare()));
        }

        private static String mean(List<TrainingStatistics> lines, ToDoubleFunction<TrainingStatistics> value) {
            return String.format(
                    Locale.ROOT,
                    "%.3f",
                    lines.stream().mapToDouble(value).average().orElseThrow());
        }
    }
}
