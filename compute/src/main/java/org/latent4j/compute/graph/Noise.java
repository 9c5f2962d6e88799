package org.latent4j.compute.graph;

/** Which random numbers the next forward pass draws: a function of the seed and the pass's number, so that a run can be repeated. */
public final class Noise {
    private long seed;
    private long pass;

    public void set(long newSeed, long newPass) {
        this.seed = newSeed;
        this.pass = newPass;
    }

    public long seed() {
        return seed;
    }

    public long pass() {
        return pass;
    }
}
