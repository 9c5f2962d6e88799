package org.latent4j.gan;

import org.latent4j.compute.Philox;

/** The minibatch of given numbers: real draw and latent draw are functions of (data, seed, number). One instance serves a whole run. */
final class DrawnMinibatch implements Minibatch {
    private final RealSamples samples;
    private final Philox normals;
    private final Latents kinds;
    private final int[] labels; // none where latents name no classes
    private long realDraw;
    private long latentDraw;
    private long waitedNanos;

    DrawnMinibatch(RealSamples samples, int m, long seed, Latents kinds) {
        this.samples = samples;
        this.kinds = kinds;
        this.labels = new int[kinds == null || kinds.classes() == 0 ? 0 : m];
        this.normals = new Philox(seed, Philox.Purpose.LATENT, 0);
    }

    DrawnMinibatch at(long newRealDraw, long newLatentDraw) {
        realDraw = newRealDraw;
        latentDraw = newLatentDraw;
        return this;
    }

    @Override
    public void latents(float[] out) {
        normals.restart(latentDraw);
        if (kinds == null) {
            normals.fillNormal(out, 0, out.length);
        } else {
            kinds.draw(normals, out);
        }
        if (labels.length > 0) {
            labels(labels);
            kinds.label(out, labels);
        }
    }

    @Override
    public void real(float[] out) {
        long start = System.nanoTime();
        samples.minibatch(realDraw, out);
        waitedNanos += System.nanoTime() - start;
    }

    @Override
    public boolean hasPixels() {
        return samples.areImages();
    }

    @Override
    public void pixels(byte[] out) {
        long start = System.nanoTime();
        samples.pixels(realDraw, out);
        waitedNanos += System.nanoTime() - start;
    }

    @Override
    public boolean isStored() {
        return samples.areImages();
    }

    @Override
    public void indices(int[] out) {
        samples.indices(realDraw, out);
    }

    @Override
    public void labels(int[] out) {
        samples.labels(realDraw, out);
    }

    /** Time spent on reading real samples so far. */
    long waitedNanos() {
        return waitedNanos;
    }
}
