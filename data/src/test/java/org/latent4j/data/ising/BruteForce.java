package org.latent4j.data.ising;

/** All 2^(L*L) states of a tiny torus, counted by energy and magnetisation: an answer that shares nothing with the code under test. */
record BruteForce(double energy, double specificHeat, double absMagnetisation, double squaredMagnetisation) {

    static BruteForce of(int size, double temperature) {
        int spins = size * size;
        long[][] states = new long[4 * spins + 1][spins + 1]; // by energy + 2 spins, |magnetisation|
        for (int state = 0; state < 1 << spins; state++) {
            int energy = 0;
            for (int y = 0; y < size; y++) {
                for (int x = 0; x < size; x++) {
                    int spin = spin(state, y * size + x);
                    energy -= spin * spin(state, y * size + (x + 1) % size);
                    energy -= spin * spin(state, (y + 1) % size * size + x);
                }
            }
            states[energy + 2 * spins][Math.abs(2 * Integer.bitCount(state) - spins)]++;
        }
        double z = 0;
        double e = 0;
        double ee = 0;
        double m = 0;
        double mm = 0;
        for (int excess = 0; excess <= 4 * spins; excess++) {
            for (int magnetisation = 0; magnetisation <= spins; magnetisation++) {
                double weight = states[excess][magnetisation] * Math.exp(-excess / temperature);
                z += weight;
                e += weight * excess;
                ee += weight * excess * excess;
                m += weight * magnetisation;
                mm += weight * magnetisation * magnetisation;
            }
        }
        double variance = ee / z - e / z * (e / z);
        double perSpin = 1.0 / spins;
        return new BruteForce(
                e / z * perSpin - 2,
                variance * perSpin / (temperature * temperature),
                m / z * perSpin,
                mm / z * perSpin * perSpin);
    }

    private static int spin(int state, int site) {
        return (state >> site & 1) == 1 ? 1 : -1;
    }
}
