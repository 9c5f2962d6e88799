package org.latent4j.gan.evaluate;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * Histograms of one quantity of generated samples and of a replica in the same bins, for drawing.
 *
 * <p>Bins are equally wide, from {@code low} on, {@code width} each, over all values of both; {@code generated} and {@code replica} are
 * (bins), densities: shares divided by the width. A quantity that takes a single value has one bin of width 1 around it.
 */
public record Histograms(double low, double width, double[] generated, double[] replica) {
    private static final int MOST_BINS = 40;

    /**
     * Histograms of both.
     *
     * @param step least distance between two values that the quantity can take: bins are whole multiples of it, or else some would hold more
     *     possible values than others and the picture a comb
     */
    static Histograms of(double[] generated, double[] replica, double step) {
        double least = DoubleStream.concat(Arrays.stream(generated), Arrays.stream(replica))
                .min()
                .orElseThrow();
        double most = DoubleStream.concat(Arrays.stream(generated), Arrays.stream(replica))
                .max()
                .orElseThrow();
        if (least == most) {
            return new Histograms(least - 0.5, 1, new double[] {1}, new double[] {1});
        }
        double low = least - step / 2;
        double width = step * Math.ceil((most + step / 2 - low) / step / MOST_BINS);
        int bins = (int) Math.ceil((most - low) / width);
        return new Histograms(low, width, densities(generated, low, width, bins), densities(replica, low, width, bins));
    }

    private static double[] densities(double[] values, double low, double width, int bins) {
        double[] densities = new double[bins];
        for (double value : values) {
            densities[(int) Math.min(bins - 1, (value - low) / width)] += 1 / (width * values.length);
        }
        return densities;
    }
}
