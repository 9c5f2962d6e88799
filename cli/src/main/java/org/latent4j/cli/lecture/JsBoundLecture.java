package org.latent4j.cli.lecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.knowm.xchart.XYChart;
import org.latent4j.compute.Philox;
import org.latent4j.data.picture.Charts;
import org.latent4j.reduction.divergence.Gaussian;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * A discriminator's value bounds the Jensen-Shannon divergence from below: training raises it towards the true one.
 *
 * <p>Source: Goodfellow et al., "Generative adversarial nets", NeurIPS 2014, proposition 1 and theorem 1.
 */
final class JsBoundLecture implements Lecture {
    private static final Gaussian P = Gaussian.of(0, 1);
    private static final Gaussian Q = Gaussian.of(1.5, 0.6);
    private static final int STEPS = 400;
    private static final int REPORT_EVERY = 10;
    private static final int BATCH = 512;
    private static final int HELD_OUT = 40_000;

    /** What a network of so many hidden units proves, after so many steps. */
    private record Curve(int hidden, double[] step, double[] bound, double error) {
        double last() {
            return bound[bound.length - 1];
        }
    }

    @Override
    public String name() {
        return "js-bound";
    }

    @Override
    public String title() {
        return "What a discriminator proves: a lower bound of the divergence";
    }

    @Override
    public Exhibit compute(LectureRoom room) {
        double truth = trueJs();
        List<Curve> curves = new ArrayList<>();
        for (int hidden : new int[] {0, 4, 32}) {
            room.progress().accept("training a discriminator with " + hidden + " hidden units");
            curves.add(train(hidden, room.seed()));
        }
        XYChart chart = Charts.xy(840, 480, "The bound rises to the divergence", "update", "nats");
        double[] ends = {0, STEPS};
        Charts.line(chart, "true JS(p||q)", ends, new double[] {truth, truth}, Charts.INK);
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < curves.size(); i++) {
            Curve curve = curves.get(i);
            String name = curve.hidden() == 0 ? "linear discriminator" : curve.hidden() + " hidden units";
            Charts.line(chart, name, curve.step(), curve.bound(), Charts.category(i));
            rows.add(List.of(
                    name,
                    String.format(Locale.ROOT, "%.4f +- %.4f", curve.last(), curve.error()),
                    String.format(Locale.ROOT, "%.4f", truth)));
        }
        chart.getStyler().setXAxisMin(0.0).setXAxisMax((double) STEPS).setYAxisMin(0.0);
        chart.getStyler().setYAxisMax(1.1 * truth);
        String text = String.format(
                Locale.ROOT,
                "For any discriminator D, (V(D) + ln 4) / 2 with V = mean ln D(x) + mean ln(1 - D(y)) is at most the Jensen-Shannon divergence of"
                        + " the distributions that x and y come from; the best D reaches it. Here both are known: N(0, 1) and N(1.5, 0.6), whose"
                        + " divergence, by integration, is %.4f nats (at most ln 2 = 0.6931). Discriminators are trained on fresh points and"
                        + " measured on %,d held-out pairs. A linear one proves %.4f, as the best D is a parabola in x; one of 32 hidden units"
                        + " proves %.4f. This is why `gan train` reports the bound live: it shows how far apart real and generated samples"
                        + " are at least, and says nothing where the discriminator is weak.",
                truth,
                HELD_OUT,
                curves.get(0).last(),
                curves.get(2).last());
        return new Exhibit(
                text,
                List.of(new Exhibit.Figure(
                        "js-bound.png",
                        "The proven bound during training, beside the true divergence.",
                        Charts.draw(chart))),
                List.of(new Exhibit.NumberTable(
                        "JS(p||q) in nats", List.of("discriminator", "bound after training", "true"), rows)));
    }

    /** By the trapezium rule, which is exact to rounding for smooth functions that vanish at both ends. */
    private static double trueJs() {
        double sum = 0;
        double width = 1e-3;
        for (double x = -12; x < 12; x += width) {
            double logP = P.logDensity(new double[] {x});
            double logQ = Q.logDensity(new double[] {x});
            double larger = Math.max(logP, logQ);
            double logMean = larger + Math.log((Math.exp(logP - larger) + Math.exp(logQ - larger)) / 2);
            sum += width / 2 * (Math.exp(logP) * (logP - logMean) + Math.exp(logQ) * (logQ - logMean));
        }
        return sum;
    }

    private static Curve train(int hidden, long seed) {
        MultiLayerNetwork network = network(hidden, seed);
        Philox random = new Philox(seed, Philox.Purpose.SYNTHETIC, hidden);
        INDArray held = points(HELD_OUT, random);
        double[] step = new double[STEPS / REPORT_EVERY];
        double[] bound = new double[step.length];
        double error = 0;
        INDArray labels = labels(BATCH);
        for (int i = 0; i < STEPS; i++) {
            network.fit(points(BATCH, random), labels);
            if ((i + 1) % REPORT_EVERY == 0) {
                int at = i / REPORT_EVERY;
                double[] measured = bound(network, held);
                step[at] = i + 1;
                bound[at] = measured[0];
                error = measured[1];
            }
        }
        return new Curve(hidden, step, bound, error);
    }

    private static MultiLayerNetwork network(int hidden, long seed) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Adam(hidden == 0 ? 0.05 : 0.02))
                .weightInit(WeightInit.XAVIER)
                .list();
        if (hidden > 0) {
            list.layer(new DenseLayer.Builder()
                    .nIn(1)
                    .nOut(hidden)
                    .activation(Activation.TANH)
                    .build());
        }
        MultiLayerConfiguration configuration = list.layer(new OutputLayer.Builder(LossFunctions.LossFunction.XENT)
                        .nIn(hidden == 0 ? 1 : hidden)
                        .nOut(1)
                        .activation(Activation.SIGMOID)
                        .build())
                .build();
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        return network;
    }

    /** (2 n, 1): n points of p, then n of q. */
    private static INDArray points(int n, Philox random) {
        float[] x = new float[2 * n];
        random.fillNormal(x, 0, 2 * n);
        double deviation = Math.sqrt(Q.covariance()[0][0]);
        for (int i = n; i < 2 * n; i++) {
            x[i] = (float) (Q.mean()[0] + deviation * x[i]);
        }
        return Nd4j.create(x, new long[] {2L * n, 1}, 'c');
    }

    private static INDArray labels(int n) {
        INDArray labels = Nd4j.zeros(DataType.FLOAT, 2L * n, 1);
        for (int i = 0; i < n; i++) {
            labels.putScalar(i, 0, 1);
        }
        return labels;
    }

    /** The bound and its standard error. */
    private static double[] bound(MultiLayerNetwork network, INDArray held) {
        double[] d = network.output(held, false)
                .castTo(DataType.DOUBLE)
                .dup('c')
                .data()
                .asDouble();
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < HELD_OUT; i++) {
            double value = (Math.log(d[i]) + Math.log1p(-d[i + HELD_OUT]) + Math.log(4)) / 2;
            sum += value;
            squares += value * value;
        }
        double mean = sum / HELD_OUT;
        return new double[] {mean, Math.sqrt((squares / HELD_OUT - mean * mean) / HELD_OUT)};
    }
}
