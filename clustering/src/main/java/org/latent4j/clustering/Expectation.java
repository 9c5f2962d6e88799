package org.latent4j.clustering;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The E step of a Gaussian mixture, and sums over points that the M step needs, in one pass without a matrix (n, k).
 *
 * <p>Points are cut into parts by their number alone, so that results don't depend on the number of threads.
 */
final class Expectation {
    private static final int MOST_PARTS = 16;

    private Expectation() {}

    /**
     * Sums over points with the responsibilities of each component.
     *
     * @param mass k
     * @param first (k, p): of differences from the means so far
     * @param second (k, p, p) lower triangles of products of differences, or (k, 1, p) of their squares
     */
    record Sums(double[] mass, double[][] first, double[][][] second, double[] logLikelihood) {
        static Sums zero(int k, int p, boolean whole) {
            return new Sums(new double[k], new double[k][p], new double[k][whole ? p : 1][p], new double[1]);
        }

        private void add(Sums other) {
            logLikelihood[0] += other.logLikelihood[0];
            for (int c = 0; c < mass.length; c++) {
                mass[c] += other.mass[c];
                add(first[c], other.first[c]);
                for (int i = 0; i < second[c].length; i++) {
                    add(second[c][i], other.second[c][i]);
                }
            }
        }

        private static void add(double[] to, double[] from) {
            for (int i = 0; i < to.length; i++) {
                to[i] += from[i];
            }
        }
    }

    /** Sums with the responsibilities of a mixture. */
    static Sums of(Columns x, Gaussians gaussians, boolean whole) {
        return inParts(
                x,
                gaussians,
                whole,
                (block, work, responsibilities) -> responsibilities(x, gaussians, block, work, responsibilities));
    }

    /** Sums with each point wholly in the component of its label. */
    static Sums ofLabels(Columns x, int[] labels, Gaussians gaussians, boolean whole) {
        return inParts(x, gaussians, whole, (block, work, responsibilities) -> {
            for (int c = 0; c < responsibilities.length; c++) {
                for (int i = 0; i < x.size(block); i++) {
                    responsibilities[c][i] = labels[Columns.first(block) + i] == c ? 1 : 0;
                }
            }
            return 0;
        });
    }

    /** Fills the responsibilities of a block, by component; the sum of its points' log-likelihoods. */
    private interface Fill {
        double of(int block, Gaussians.Work work, double[][] responsibilities);
    }

    private static Sums inParts(Columns x, Gaussians gaussians, boolean whole, Fill fill) {
        int k = gaussians.k();
        int p = x.features();
        int parts = Math.min(MOST_PARTS, x.blocks());
        Sums[] sums = new Sums[parts];
        IntStream.range(0, parts).parallel().forEach(part -> {
            sums[part] = Sums.zero(k, p, whole);
            Gaussians.Work work = new Gaussians.Work(p);
            double[][] responsibilities = new double[k][Columns.BLOCK];
            int end = (int) ((long) x.blocks() * (part + 1) / parts);
            for (int block = (int) ((long) x.blocks() * part / parts); block < end; block++) {
                sums[part].logLikelihood[0] += fill.of(block, work, responsibilities);
                for (int c = 0; c < k; c++) {
                    gaussians.differences(c, x, block, work);
                    accumulate(work.differences, responsibilities[c], x.size(block), whole, sums[part], c);
                }
            }
        });
        for (int part = 1; part < parts; part++) {
            sums[0].add(sums[part]);
        }
        return sums[0];
    }

    private static void accumulate(
            double[][] differences, double[] responsibilities, int count, boolean whole, Sums sums, int component) {
        double mass = sum(responsibilities, count);
        sums.mass[component] += mass;
        if (mass == 0) {
            return;
        }
        double[] weighted = new double[Columns.BLOCK];
        for (int f = 0; f < differences.length; f++) {
            multiply(responsibilities, differences[f], weighted, count);
            sums.first[component][f] += sum(weighted, count);
            if (whole) {
                products(weighted, differences, f, count, sums.second[component][f]);
            } else {
                multiply(weighted, differences[f], weighted, count);
                sums.second[component][0][f] += sum(weighted, count);
            }
        }
    }

    private static void multiply(double[] a, double[] b, double[] out, int count) {
        for (int i = 0; i < count; i++) {
            out[i] = a[i] * b[i];
        }
    }

    /** Eight sums side by side: each waits for its own last addition only. */
    private static double sum(double[] x, int count) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        double e = 0;
        double f = 0;
        double g = 0;
        double h = 0;
        int i = 0;
        for (; i + 8 <= count; i += 8) {
            a += x[i];
            b += x[i + 1];
            c += x[i + 2];
            d += x[i + 3];
            e += x[i + 4];
            f += x[i + 5];
            g += x[i + 6];
            h += x[i + 7];
        }
        for (; i < count; i++) {
            a += x[i];
        }
        return a + b + (c + d) + (e + f + (g + h));
    }

    /** Adds the products with features 0 ... last. */
    private static void products(double[] weighted, double[][] differences, int last, int count, double[] out) {
        int f = 0;
        for (; f + 4 <= last + 1; f += 4) {
            double[] a = differences[f];
            double[] b = differences[f + 1];
            double[] c = differences[f + 2];
            double[] d = differences[f + 3];
            double sumA = 0;
            double sumB = 0;
            double sumC = 0;
            double sumD = 0;
            for (int i = 0; i < count; i++) {
                sumA += weighted[i] * a[i];
                sumB += weighted[i] * b[i];
                sumC += weighted[i] * c[i];
                sumD += weighted[i] * d[i];
            }
            out[f] += sumA;
            out[f + 1] += sumB;
            out[f + 2] += sumC;
            out[f + 3] += sumD;
        }
        for (; f <= last; f++) {
            out[f] += product(weighted, differences[f], count);
        }
    }

    private static double product(double[] a, double[] b, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** Probabilities of the components for each of a block's points, by component; the sum of the points' log-likelihoods. */
    static double responsibilities(Columns x, Gaussians gaussians, int block, Gaussians.Work work, double[][] out) {
        int count = x.size(block);
        double[] most = new double[count];
        Arrays.fill(most, Double.NEGATIVE_INFINITY);
        for (int c = 0; c < out.length; c++) {
            gaussians.logDensities(c, x, block, work, out[c]);
            for (int i = 0; i < count; i++) {
                most[i] = Math.max(most[i], out[c][i]);
            }
        }
        double[] total = new double[count];
        for (double[] ofComponent : out) {
            for (int i = 0; i < count; i++) {
                ofComponent[i] = Math.exp(ofComponent[i] - most[i]);
                total[i] += ofComponent[i];
            }
        }
        double logLikelihood = 0;
        for (int i = 0; i < count; i++) {
            logLikelihood += most[i] + Math.log(total[i]);
        }
        for (double[] ofComponent : out) {
            for (int i = 0; i < count; i++) {
                ofComponent[i] /= total[i];
            }
        }
        return logLikelihood;
    }
}
