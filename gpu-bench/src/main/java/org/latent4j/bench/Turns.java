package org.latent4j.bench;

import java.util.Arrays;

/**
 * Milliseconds of each round.
 *
 * @param peer as long as ours, or null without a peer
 */
public record Turns(double[] ours, double[] peer) {

    /**
     * The row of these times.
     *
     * @param limitShare null where no ceiling was measured
     * @param verified how both were seen to compute the same
     */
    public Row row(String name, Bench bench, String precision, String peerName, Double limitShare, String verified) {
        if (peer == null) {
            return new Row(
                    name,
                    bench.deviceName(),
                    precision,
                    oursMs(),
                    null,
                    null,
                    null,
                    limitShare,
                    Medians.spread(ours),
                    null,
                    verified);
        }
        double[] ratios = new double[ours.length];
        Arrays.setAll(ratios, i -> peer[i] / ours[i]);
        return new Row(
                name,
                bench.deviceName(),
                precision,
                oursMs(),
                peerName,
                Medians.median(peer),
                Medians.median(ratios),
                limitShare,
                Medians.spread(ratios),
                null,
                verified);
    }

    /** Median milliseconds of ours. */
    public double oursMs() {
        return Medians.median(ours);
    }
}
