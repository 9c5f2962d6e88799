package org.latent4j.compute.layer;

/**
 * Points with sines and cosines of their coordinates behind them: a row x of p numbers becomes
 * {@code [x, sin f_0 x, cos f_0 x, sin f_1 x, cos f_1 x, ...]} of p (1 + 2 octaves), f_k = frequency 2^k.
 *
 * <p>A network sees small differences of place in them that it is slow to learn from the coordinates. Arrays are row-major; derivatives
 * follow from the features themselves.
 *
 * <p>Source: Tancik et al., "Fourier features let networks learn high frequency functions in low dimensional domains", NeurIPS 2020.
 *
 * @param size p
 * @param frequency f_0 in radians for each unit of x
 * @param octaves at least 1
 */
public record FourierFeatures(int size, double frequency, int octaves) {

    public FourierFeatures {
        if (octaves < 1 || !(frequency > 0 && Double.isFinite(frequency))) {
            throw new IllegalArgumentException(
                    "Fourier features need at least one octave and a positive frequency, but got " + octaves + " and "
                            + frequency);
        }
    }

    /** Numbers in a row of features. */
    public int width() {
        return size * (1 + 2 * octaves);
    }

    public void forward(float[] x, float[] y) {
        int width = width();
        for (int from = 0, row = 0; from < x.length; from += size, row += width) {
            for (int i = 0; i < size; i++) {
                double value = x[from + i];
                double sine = Math.sin(frequency * value);
                double cosine = Math.cos(frequency * value);
                int at = row + i;
                y[at] = (float) value;
                for (int k = 0; k < octaves; k++) {
                    y[at += size] = (float) sine;
                    y[at += size] = (float) cosine;
                    double twice = 2 * sine * cosine; // the sine and cosine of twice the angle
                    cosine = 1 - 2 * sine * sine;
                    sine = twice;
                }
            }
        }
    }

    /** dL/dx from the features and dL/dy. */
    public void gradient(float[] y, float[] dy, float[] dx) {
        int width = width();
        for (int from = 0, row = 0; from < dx.length; from += size, row += width) {
            for (int i = 0; i < size; i++) {
                double sum = dy[row + i];
                double f = frequency;
                for (int sine = row + i + size; sine < row + width; sine += 2 * size) {
                    int cosine = sine + size;
                    sum += f * ((double) y[cosine] * dy[sine] - (double) y[sine] * dy[cosine]);
                    f *= 2;
                }
                dx[from + i] = (float) sum;
            }
        }
    }

    /** What a small change dx does to the features y. */
    public void tangent(float[] y, float[] dx, float[] dy) {
        int width = width();
        for (int from = 0, row = 0; from < dx.length; from += size, row += width) {
            for (int i = 0; i < size; i++) {
                double change = dx[from + i];
                dy[row + i] = (float) change;
                change *= frequency;
                for (int sine = row + i + size; sine < row + width; sine += 2 * size) {
                    int cosine = sine + size;
                    dy[sine] = (float) (y[cosine] * change);
                    dy[cosine] = (float) (-y[sine] * change);
                    change *= 2;
                }
            }
        }
    }
}
