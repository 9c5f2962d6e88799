package org.latent4j.compute.cpu;

/**
 * The maps of minimal filtering along one axis: {@code block} outputs y of pixels d and weights g, y_i = sum_k d_(i+k) g_k, are y = A ((G g) * (B d)), *
 * number by number, with one product for each pixel instead of one for each output and weight.
 *
 * <p>They evaluate polynomials with the coefficients g at points, multiply there, and interpolate; transposed. Errors of rounding grow with the number of
 * points: those of sums of 256 random channels in floats are 1.7e-6 for blocks of 4 and 2 weights, twice those for blocks of 2, and 2.3e-6 for 3 weights, five times those.
 *
 * <p>Source: Winograd, "Arithmetic complexity of computations", 1980; Toom and Cook's points at infinity and elsewhere.
 *
 * @param ofPixels B (products, products)
 * @param ofWeights G (products, weights)
 * @param ofProducts A (block, products)
 */
record FilterMaps(float[][] ofPixels, float[][] ofWeights, float[][] ofProducts) {
    /** Beside infinity: those that give the smallest errors. */
    private static final double[] POINTS_OF_TWO = {0, 1, -1, 2};

    private static final double[] POINTS_OF_THREE = {0, 1, -1, 0.5, -2};

    /**
     * The maps for a number of outputs and weights.
     *
     * @param block 2 or 4
     * @param weights 2 or 3
     */
    static FilterMaps of(int block, int weights) {
        int products = block + weights - 1;
        int last = products - 1; // infinity
        double[] points = weights == 2 ? POINTS_OF_TWO : POINTS_OF_THREE;
        float[][] ofPixels = new float[products][products];
        float[][] ofWeights = new float[products][weights];
        float[][] ofProducts = new float[block][products];
        for (int j = 0; j < last; j++) {
            double distances = 1;
            for (int i = 0; i < last; i++) {
                distances *= i == j ? 1 : points[j] - points[i];
            }
            for (int k = 0; k < weights; k++) {
                ofWeights[j][k] = (float) (Math.pow(points[j], k) / distances);
            }
            for (int i = 0; i < block; i++) {
                ofProducts[i][j] = (float) Math.pow(points[j], i);
            }
            ofPixels[j] = polynomial(points, last, j, products);
        }
        ofWeights[last][weights - 1] = 1;
        ofProducts[block - 1][last] = 1;
        ofPixels[last] = polynomial(points, last, last, products);
        return new FilterMaps(ofPixels, ofWeights, ofProducts);
    }

    /** Coefficients of the product of (x - point) over the first points but one. */
    private static float[] polynomial(double[] points, int count, int without, int length) {
        double[] coefficients = new double[length];
        coefficients[0] = 1;
        for (int i = 0; i < count; i++) {
            if (i != without) {
                for (int k = length - 1; k >= 0; k--) {
                    coefficients[k] = (k == 0 ? 0 : coefficients[k - 1]) - points[i] * coefficients[k];
                }
            }
        }
        float[] result = new float[length];
        for (int k = 0; k < length; k++) {
            result[k] = (float) coefficients[k];
        }
        return result;
    }

    int block() {
        return ofProducts.length;
    }

    /** Products, and pixels that they depend on. */
    int products() {
        return ofPixels.length;
    }
}
