package org.latent4j.reduction.divergence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.latent4j.data.DataException;

/**
 * Entropies and divergences of discrete distributions, in nats. 0 ln 0 counts as 0.
 *
 * <p>Throws {@link DataException} for distributions of different lengths, of negative or not finite numbers, or with a sum that is further from
 * 1 than 1e-6; a sum within that is divided out.
 *
 * <p>Source: Cover, Thomas, "Elements of information theory", 2006; Lin, IEEE Trans. Inf. Theory 37 (1991) 145; Endres, Schindelin, ibid. 49
 * (2003) 1858, for the metric.
 */
public final class Discrete {
    static final double TOLERANCE = 1e-6;

    private Discrete() {}

    /**
     * What two distributions have to do with each other.
     *
     * @param klPq KL(p||q) = sum p ln(p/q); infinite where q is 0 and p is not
     * @param klQp KL(q||p)
     * @param js (KL(p||m) + KL(q||m)) / 2 with m = (p + q) / 2, in 0 ... ln 2
     * @param entropyP S(p) = -sum p ln p
     * @param crossEntropy -sum p ln q = S(p) + KL(p||q)
     * @param impossible places (from 1) where p is above 0 and q is 0: the reason of an infinite KL(p||q)
     * @param reverseImpossible places where q is above 0 and p is 0: the reason of an infinite KL(q||p)
     */
    public record Comparison(
            double klPq,
            double klQp,
            double js,
            double entropyP,
            double entropyQ,
            double crossEntropy,
            List<Integer> impossible,
            List<Integer> reverseImpossible) {

        /** The square root of JS: a metric. */
        public double jsDistance() {
            return Math.sqrt(js);
        }
    }

    public static Comparison compare(double[] p, double[] q) {
        double[][] both = checked(p, q);
        return new Comparison(
                relative(both[0], both[1]),
                relative(both[1], both[0]),
                jensenShannon(both[0], both[1]),
                entropyOf(both[0]),
                entropyOf(both[1]),
                crossed(both[0], both[1]),
                impossible(both[0], both[1]),
                impossible(both[1], both[0]));
    }

    private static List<Integer> impossible(double[] p, double[] q) {
        return IntStream.range(0, p.length)
                .filter(i -> p[i] > 0 && q[i] == 0)
                .mapToObj(i -> i + 1)
                .toList();
    }

    /** KL(p||q) = sum p ln(p/q); infinite where q is 0 and p is not. */
    public static double kl(double[] p, double[] q) {
        double[][] both = checked(p, q);
        return relative(both[0], both[1]);
    }

    /** The Jensen-Shannon divergence, in 0 ... ln 2. */
    public static double js(double[] p, double[] q) {
        double[][] both = checked(p, q);
        return jensenShannon(both[0], both[1]);
    }

    public static double entropy(double[] p) {
        return entropyOf(checked(p));
    }

    /** -sum p ln q: minus the mean log-likelihood of q over data from p. */
    public static double crossEntropy(double[] p, double[] q) {
        double[][] both = checked(p, q);
        return crossed(both[0], both[1]);
    }

    private static double relative(double[] p, double[] q) {
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            if (p[i] > 0) {
                sum += q[i] == 0 ? Double.POSITIVE_INFINITY : p[i] * Math.log(p[i] / q[i]);
            }
        }
        return Math.max(0, sum); // rounding may leave -1e-17 of equal ones
    }

    private static double jensenShannon(double[] p, double[] q) {
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            double mean = (p[i] + q[i]) / 2;
            sum += p[i] > 0 ? p[i] / 2 * Math.log(p[i] / mean) : 0;
            sum += q[i] > 0 ? q[i] / 2 * Math.log(q[i] / mean) : 0;
        }
        return Math.max(0, Math.min(Math.log(2), sum));
    }

    private static double entropyOf(double[] p) {
        double sum = 0;
        for (double x : p) {
            sum -= x > 0 ? x * Math.log(x) : 0;
        }
        return sum;
    }

    private static double crossed(double[] p, double[] q) {
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            sum -= p[i] > 0 ? p[i] * Math.log(q[i]) : 0;
        }
        return sum;
    }

    private static double[][] checked(double[] p, double[] q) {
        List<String> problems = new ArrayList<>(problems("p", p));
        problems.addAll(problems("q", q));
        if (p.length != q.length) {
            problems.add("p has " + p.length + " probabilities, q has " + q.length);
        }
        refuse(problems);
        return new double[][] {normalized(p), normalized(q)};
    }

    private static double[] checked(double[] p) {
        refuse(problems("the distribution", p));
        return normalized(p);
    }

    private static void refuse(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new DataException(String.join("; ", problems));
        }
    }

    private static List<String> problems(String name, double[] p) {
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < p.length && problems.size() < 5; i++) {
            if (!(p[i] >= 0 && p[i] < Double.POSITIVE_INFINITY)) {
                problems.add(name + "'s probability " + (i + 1) + " is " + p[i] + "; it must be 0 or above");
            }
        }
        double sum = Arrays.stream(p).sum();
        if (problems.isEmpty() && !(Math.abs(sum - 1) <= TOLERANCE)) {
            problems.add(name + " sums to " + sum + ", not to 1; divide by the sum if these are counts");
        }
        return problems;
    }

    private static double[] normalized(double[] p) {
        double sum = Arrays.stream(p).sum();
        return Arrays.stream(p).map(x -> x / sum).toArray();
    }
}
