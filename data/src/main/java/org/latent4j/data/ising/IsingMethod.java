package org.latent4j.data.ising;

/** How an Ising chain moves: Wolff's clusters, Metropolis' single flips, or whichever of the two is faster at the temperature. */
public enum IsingMethod {
    AUTO,
    WOLFF,
    METROPOLIS;

    /**
     * Where Metropolis gives more independent samples per second than Wolff (measured on 40x40: time per sweep times autocorrelation time
     * is equal at 2.75; Metropolis is 4 times faster at 4). Above 20 nearly every proposal is accepted, the lattice alternates between a
     * configuration and its mirror image, and clusters win again.
     */
    private static final double METROPOLIS_FROM = 2.75;

    private static final double METROPOLIS_TO = 20;

    /** The method that is run: WOLFF or METROPOLIS. */
    public IsingMethod at(double temperature) {
        if (this != AUTO) {
            return this;
        }
        return temperature >= METROPOLIS_FROM && temperature <= METROPOLIS_TO ? METROPOLIS : WOLFF;
    }
}
