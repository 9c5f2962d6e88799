package org.latent4j.ensembles.bagging;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataException;
import org.latent4j.data.Progress;
import org.latent4j.ensembles.Learner;
import org.latent4j.ensembles.Model;
import org.latent4j.ensembles.Points;
import org.latent4j.ensembles.Samples;
import org.latent4j.ensembles.Score;
import org.latent4j.ensembles.tree.Workers;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Models of one kind, each learned from its own part or draw of the points, and asked together.
 *
 * <p>Members whose learner is {@link Learner#concurrent} learn at once, on as many threads as there are; the bag is the same.
 *
 * <p>Predictions are means of the members' numbers or probabilities (n, k), or with {@link BaggingOptions#vote} the shares of members for each
 * class.
 *
 * <p>Throws {@link DataException} for one class only, and for more parts than points.
 *
 * <p>Source: Breiman, "Bagging predictors", Machine Learning 24 (1996) 123.
 *
 * @param bags of each member, the rows that it learned from
 */
public record Bag<M extends Model>(List<M> members, List<int[]> bags, BaggingOptions options) implements Model {

    public static <M extends Model> Bag<M> fit(
            Learner<M> learner, Samples samples, BaggingOptions options, Progress progress) {
        samples.requireTwoClasses();
        int n = samples.size();
        List<int[]> bags = options.split() == BaggingOptions.Split.PARTITION ? parts(n, options) : draws(n, options);
        List<M> members = new ArrayList<>(Collections.nCopies(bags.size(), null));
        AtomicInteger done = new AtomicInteger();
        int threads = learner.concurrent() ? Workers.all() : 1;
        Workers.run(threads, bags.size(), () -> members, (all, b) -> {
            long seed = new Philox(options.seed(), Philox.Purpose.TREE, b).nextLong();
            all.set(b, learner.fit(samples.subset(bags.get(b)), seed));
            synchronized (progress) {
                progress.report("members", done.incrementAndGet(), bags.size());
            }
        });
        return new Bag<>(List.copyOf(members), List.copyOf(bags), options);
    }

    public static <M extends Model> Bag<M> fit(Learner<M> learner, Samples samples, BaggingOptions options) {
        return fit(learner, samples, options, Progress.NONE);
    }

    private static List<int[]> parts(int n, BaggingOptions options) {
        int parts = options.members();
        if (parts > n) {
            throw new DataException(
                    "a partition into " + parts + " parts needs at least as many points, but there are " + n);
        }
        int[] order = IntStream.range(0, n).toArray();
        new Philox(options.seed(), Philox.Purpose.RESAMPLE, 0).shuffle(order);
        List<int[]> bags = new ArrayList<>();
        for (int b = 0; b < parts; b++) {
            bags.add(Arrays.copyOfRange(order, (int) ((long) n * b / parts), (int) ((long) n * (b + 1) / parts)));
        }
        return bags;
    }

    private static List<int[]> draws(int n, BaggingOptions options) {
        List<int[]> bags = new ArrayList<>();
        for (int b = 0; b < options.members(); b++) {
            Philox random = new Philox(options.seed(), Philox.Purpose.RESAMPLE, b);
            int[] rows = new int[options.size() == 0 ? n : options.size()];
            Arrays.setAll(rows, i -> random.nextInt(n));
            bags.add(rows);
        }
        return bags;
    }

    @Override
    public int features() {
        return members.get(0).features();
    }

    @Override
    public int outputs() {
        return members.get(0).outputs();
    }

    @Override
    public INDArray predict(INDArray points) {
        double[] sums = new double[Math.toIntExact(points.size(0)) * outputs()];
        for (M member : members) {
            double[] voice = voice(member, points);
            Arrays.setAll(sums, i -> sums[i] + voice[i]);
        }
        Arrays.setAll(sums, i -> sums[i] / members.size());
        return Nd4j.create(sums, new long[] {points.size(0), outputs()}, DataType.DOUBLE);
    }

    /** What each member says of points (n, p): n * k numbers row by row; for {@link org.latent4j.ensembles.EnsembleDiagnostics}. */
    public double[][] memberPredictions(INDArray points) {
        return members.stream().map(member -> voice(member, points)).toArray(double[][]::new);
    }

    private double[] voice(M member, INDArray points) {
        double[] predicted = Points.doubles(member.predict(points));
        int k = outputs();
        if (!options.vote() || k == 1) {
            return predicted;
        }
        double[] votes = new double[predicted.length];
        for (int i = 0; i < predicted.length; i += k) {
            votes[i + Score.largest(predicted, i, k)] = 1;
        }
        return votes;
    }

    /** Of each of the points that the bag learned from, what the members say that have not seen it: n * k; NaN where all have. */
    public double[] outOfBag(Samples samples) {
        int n = samples.size();
        int k = outputs();
        double[] sums = new double[n * k];
        int[] voices = new int[n];
        for (int b = 0; b < members.size(); b++) {
            boolean[] seen = new boolean[n];
            for (int row : bags.get(b)) {
                seen[row] = true;
            }
            double[] voice = voice(members.get(b), samples.points());
            for (int i = 0; i < n; i++) {
                if (!seen[i]) {
                    voices[i]++;
                    for (int c = 0; c < k; c++) {
                        sums[i * k + c] += voice[i * k + c];
                    }
                }
            }
        }
        Arrays.setAll(sums, i -> voices[i / k] == 0 ? Double.NaN : sums[i] / voices[i / k]);
        return sums;
    }
}
