package org.latent4j.gan.watch;

/**
 * A look at the game in between: samples of fixed latents beside as many real ones, and what the discriminator says of them.
 *
 * @param spread mean distance between two generated samples, over that of two real ones
 * @param coverage share of real samples' neighbourhoods (k = 5) that hold a generated one
 * @param separation share of pairs of a real and a generated sample of which the discriminator holds the real one for more real: 1/2 when it can't tell
 * @param training mean logit of real samples that it learns from
 * @param heldOut mean logit of real samples that it never sees; NaN without any
 * @param generated mean logit of generated samples
 * @param error standard error of {@code training - heldOut}; NaN without held-out samples
 */
public record Sight(
        double spread,
        double coverage,
        double separation,
        double training,
        double heldOut,
        double generated,
        double error) {

    /**
     * How far held-out logits have parted from training logits on the way to the generated ones': 0 without memorising, 1 when samples that it has not
     * learnt look generated to the discriminator.
     *
     * <p>Source: Karras et al., "Training generative adversarial networks with limited data", NeurIPS 2020, equation 1 (r_v).
     */
    public double memorised() {
        return (training - heldOut) / (training - generated);
    }
}
