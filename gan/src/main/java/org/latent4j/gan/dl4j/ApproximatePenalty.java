package org.latent4j.gan.dl4j;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The gradient of gamma / 2 |v|^2, v = dD/dx, by finite differences: gamma times the derivative of dD/dw along v, from two passes at
 * x + h v / |v| and x - h v / |v|.
 */
final class ApproximatePenalty {
    /** How far finite differences reach, for each coordinate on average: near enough to cross few kinks, far enough for floats. */
    private static final double REACH = 1e-3;

    private ApproximatePenalty() {}

    /**
     * Adds to the discriminator's flat gradient.
     *
     * @param seed the derivative of each sample's D with respect to the logits
     * @param beforePass sets the noise that each of the passes draws
     */
    static void add(
            GraphPass discriminator, INDArray samples, INDArray seed, double gamma, Runnable beforePass, Arena arena) {
        INDArray total = discriminator.flatGradient().dup();
        long m = samples.size(0);
        long elements = samples.length() / m;
        beforePass.run();
        discriminator.forward(samples, true, arena);
        INDArray slopes = discriminator.backward(seed, arena).dup('c').reshape('c', new long[] {m, elements});
        INDArray norms = slopes.norm2(1).reshape('c', new long[] {m, 1});
        double reach = REACH * Math.sqrt(elements);
        INDArray weights = norms.mul(gamma / (2 * reach));
        // Where the slope is 0 there is nothing to add, and nowhere to go.
        INDArray shift = slopes.diviColumnVector(norms.add(1e-30)).muli(reach).reshape('c', samples.shape());
        for (int side = 1; side >= -1; side -= 2) {
            beforePass.run();
            discriminator.forward(samples.add(shift.mul(side)), true, arena);
            discriminator.backward(seed.mulColumnVector(weights.mul(side)), arena);
            total.addi(discriminator.flatGradient());
        }
        discriminator.flatGradient().assign(total);
    }
}
