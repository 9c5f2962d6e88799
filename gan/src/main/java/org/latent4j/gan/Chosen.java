package org.latent4j.gan;

import java.util.Arrays;

/**
 * Which of a discriminator's logits judges each sample: the one there is, or that of the sample's class. Real and generated samples with the
 * same place in a minibatch have the same class.
 *
 * <p>With a logit for each class the last layer's weights are the classes' embeddings: the logit is the product of the sample's features
 * with the embedding of its class.
 *
 * <p>Sources: Mescheder, Geiger, Nowozin, "Which training methods for GANs do actually converge?", ICML 2018, appendix; Miyato, Koyama,
 * "cGANs with projection discriminator", ICLR 2018.
 */
public final class Chosen {
    private final int classes;
    private final int[] labels;
    private final float[] wide;

    /**
     * Chooses for minibatches of m.
     *
     * @param classes 0 where there is one logit
     */
    public Chosen(int classes, int m) {
        this.classes = classes;
        this.labels = new int[m];
        this.wide = new float[m * classes];
    }

    /** Logits of each sample. */
    public int width() {
        return Math.max(1, classes);
    }

    public void read(Minibatch batch) {
        if (classes > 0) {
            batch.labels(labels);
        }
    }

    /** The class of each place of a minibatch, as a number. */
    public void classes(float[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] = labels[i];
        }
    }

    /** Where among the logits (n, width), row by row, that of a sample lies; real samples are numbered from 0, generated ones from 0 or m. */
    public int place(int sample) {
        return classes == 0 ? sample : sample * classes + labels[sample % labels.length];
    }

    /**
     * One number for each of m samples as (m, width): in the place of its logit, and 0 elsewhere. The array is used again by the next call.
     */
    public float[] spread(float[] column) {
        if (classes == 0) {
            return column;
        }
        Arrays.fill(wide, 0);
        for (int i = 0; i < column.length; i++) {
            wide[place(i)] = column[i];
        }
        return wide;
    }
}
