package org.latent4j.bench;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * One comparison. Numbers that don't apply are null.
 *
 * @param name what was computed, with its sizes
 * @param device of ours, as {@code --device} names it
 * @param precision fp32, fp64, bf16, tf32
 * @param oursMs median milliseconds of ours
 * @param peer name and version of the peer, with the way it was called
 * @param peerMs median milliseconds of the peer
 * @param ratio median over the rounds of the peer's time by ours: above 1, ours is faster
 * @param limitShare ours' rate as a share of what the machine was measured to reach on the work that limits it (its product rate or copy
 *     bandwidth)
 * @param spread (largest - smallest) / median of the ratio over the rounds; of ours' time where there is no peer
 * @param samplesPerSecond of ours, generated and judged; of adversarial steps alone
 * @param verified how it was checked that both computed the same, with the figure
 */
public record Row(
        String name,
        String device,
        String precision,
        @JsonProperty("ours_ms") double oursMs,
        String peer,
        @JsonProperty("peer_ms") Double peerMs,
        Double ratio,
        @JsonProperty("limit_share") Double limitShare,
        Double spread,
        @JsonProperty("samples_per_s") Double samplesPerSecond,
        String verified) {

    /** Of steps that take a minibatch each. */
    Row ofBatch(int batch) {
        double perSecond = batch / (oursMs * 1e-3);
        return new Row(name, device, precision, oursMs, peer, peerMs, ratio, limitShare, spread, perSecond, verified);
    }
}
