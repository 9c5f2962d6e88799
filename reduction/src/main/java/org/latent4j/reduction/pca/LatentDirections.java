package org.latent4j.reduction.pca;

import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Directions in a generator's latent space along which what its first layers make of the latents varies most.
 *
 * <p>Principal components of the features (n, f) of n latents (n, z), and for each the change of the latents that goes with one standard
 * deviation of its score, by least squares; scores are uncorrelated, so that each is fitted by itself. A step t moves a latent to z + t d.
 *
 * <p>Throws {@link DataException} for different numbers of latents and features.
 *
 * <p>Source: Harkonen, Hertzmann, Lehtinen, Paris, "GANSpace: discovering interpretable GAN controls", NeurIPS 2020, section 2.2.
 *
 * @param directions (k, z)
 * @param explainedVarianceRatio k shares of the features' variance
 */
public record LatentDirections(double[][] directions, double[] explainedVarianceRatio) {

    public static LatentDirections find(INDArray latents, INDArray features, int k, long seed, Primitives primitives) {
        if (latents.size(0) != features.size(0)) {
            throw new DataException(latents.size(0) + " latents, but features of " + features.size(0));
        }
        PcaModel model = Pca.fit(features, PcaOptions.components(k).withSeed(seed), primitives);
        int n = Math.toIntExact(latents.size(0));
        int width = Math.toIntExact(latents.size(1));
        try (INDArray scores = model.transform(features, primitives)) {
            double[][] y = scores.castTo(DataType.DOUBLE).toDoubleMatrix();
            double[][] z = latents.castTo(DataType.DOUBLE).toDoubleMatrix();
            double[][] directions = new double[k][width];
            for (int c = 0; c < k; c++) {
                double square = 0;
                for (int i = 0; i < n; i++) {
                    square += y[i][c] * y[i][c];
                    for (int j = 0; j < width; j++) {
                        directions[c][j] += z[i][j] * y[i][c]; // scores have mean 0: that of the latents drops out
                    }
                }
                double deviation = Math.sqrt(model.explainedVariance()[c]);
                for (int j = 0; j < width && square > 0; j++) {
                    directions[c][j] *= deviation / square;
                }
            }
            return new LatentDirections(directions, model.explainedVarianceRatio());
        }
    }
}
