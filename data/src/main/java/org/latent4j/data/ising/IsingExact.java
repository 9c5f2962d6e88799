package org.latent4j.data.ising;

/**
 * Exact results for the two-dimensional Ising model on the square lattice (J = k_B = 1, no field).
 *
 * <p>Energies, magnetisations and specific heats are per spin; lengths in lattice spacings. Temperatures must be above 0; others throw
 * {@link IllegalArgumentException}.
 *
 * <p>Source: Onsager, Phys. Rev. 65 (1944) 117; Yang, Phys. Rev. 85 (1952) 808; for the torus Kaufman, Phys. Rev. 76 (1949) 1232, in the
 * form of Ferdinand and Fisher, Phys. Rev. 185 (1969) 832, equations 2.2 to 2.9.
 */
public final class IsingExact {
    /** 2 / ln(1 + sqrt 2). */
    public static final double CRITICAL_TEMPERATURE = 2 / Math.log(1 + Math.sqrt(2));

    private static final double FROZEN_COUPLING = 20; // e^(-8 K) is then below the last bit of a double

    /** The finite torus: mean energy and specific heat per spin. */
    public record Torus(int size, double temperature, double energy, double specificHeat) {}

    private IsingExact() {}

    /** Spontaneous magnetisation of the infinite lattice: (1 - sinh(2/T)^-4)^(1/8) below the critical temperature, 0 above. */
    public static double magnetisation(double temperature) {
        double sinh = Math.sinh(2 * coupling(temperature));
        return sinh > 1 ? Math.pow(1 - Math.pow(sinh, -4), 0.125) : 0;
    }

    /** Mean energy per spin of the infinite lattice. */
    public static double energy(double temperature) {
        double coupling = coupling(temperature);
        if (coupling > FROZEN_COUPLING) {
            return -2;
        }
        double sinh = Math.sinh(2 * coupling);
        double cosh = Math.cosh(2 * coupling);
        double complement =
                (sinh * sinh - 1) / (cosh * cosh); // 2 tanh^2 - 1; its magnitude is the complementary modulus
        double integral = complement == 0 ? 0 : complement / geometricMean(1, Math.abs(complement)); // (2/pi) (..) K(k)
        return -cosh / sinh * (1 + integral);
    }

    /** Decay length of the (connected) spin correlation along an axis; infinite at the critical temperature. */
    public static double correlationLength(double temperature) {
        double coupling = coupling(temperature);
        double mass = StrictMath.log(StrictMath.tanh(coupling)) + 2 * coupling; // strict: samples are thinned by it
        return mass > 0 ? 1 / (2 * mass) : 1 / -mass;
    }

    /**
     * The periodic L x L lattice (for L = 2 each pair of neighbours has two bonds). ln Z is differentiated analytically: every factor of
     * the four products carries its value and two derivatives in the coupling, scaled to stay in range.
     */
    public static Torus torus(int size, double temperature) {
        if (size < 2) {
            throw new IllegalArgumentException("the lattice size must be at least 2, but is " + size);
        }
        double coupling = coupling(temperature);
        if (coupling > FROZEN_COUPLING) {
            return new Torus(size, temperature, -2, 0);
        }
        double sinh = Math.sinh(2 * coupling);
        double cosh = Math.cosh(2 * coupling);
        Product[] products = new Product[4]; // cosh over odd, sinh over odd, cosh over even, sinh over even modes
        for (int i = 0; i < 4; i++) {
            products[i] = new Product();
        }
        for (int mode = 0; mode < 2 * size; mode++) {
            int pair = mode % 2 == 1 ? 0 : 2;
            double[] gamma = mode == 0
                    ? new double[] {
                        2 * coupling + Math.log(Math.tanh(coupling)), 2 + 2 / sinh, -4 * cosh / (sinh * sinh)
                    }
                    : gamma(mode, size, sinh, cosh);
            products[pair].times(size, gamma, 1);
            products[pair + 1].times(size, gamma, -1);
        }
        double scale = Double.NEGATIVE_INFINITY;
        for (Product product : products) {
            scale = Math.max(scale, product.logScale);
        }
        double value = 0;
        double first = 0;
        double second = 0;
        for (Product product : products) {
            double weight = Math.exp(product.logScale - scale);
            value += weight * product.value;
            first += weight * product.first;
            second += weight * product.second;
        }
        double spins = (double) size * size;
        double slope = first / value / spins;
        double curvature = (second / value - first / value * (first / value)) / spins;
        double energy = -(cosh / sinh + slope);
        double specificHeat = coupling * coupling * (curvature - 2 / (sinh * sinh));
        return new Torus(size, temperature, energy, specificHeat);
    }

    /** gamma and its two derivatives: cosh gamma = cosh^2(2K) / sinh(2K) - cos(pi mode / L). */
    private static double[] gamma(int mode, int size, double sinh, double cosh) {
        double half = Math.sin(Math.PI * mode / (2.0 * size));
        double aboveOne = (sinh - 1) * (sinh - 1) / sinh + 2 * half * half; // cosh gamma - 1 without cancellation
        double gamma = 2 * asinh(Math.sqrt(aboveOne / 2));
        double sinhGamma = Math.sqrt(aboveOne * (aboveOne + 2));
        double inverse = 1 / sinh;
        double first = 2 * cosh * (1 - inverse * inverse) / sinhGamma;
        double second = (4 * sinh
                        - 4 * inverse
                        + 8 * cosh * cosh * inverse * inverse * inverse
                        - first * first * (1 + aboveOne))
                / sinhGamma;
        return new double[] {gamma, first, second};
    }

    private static double asinh(double x) {
        return Math.log1p(x + x * x / (1 + Math.sqrt(1 + x * x)));
    }

    private static double geometricMean(double a, double b) {
        while (Math.abs(a - b) > 1e-15 * a) {
            double mean = (a + b) / 2;
            b = Math.sqrt(a * b);
            a = mean;
        }
        return a;
    }

    private static double coupling(double temperature) {
        if (!(temperature > 0)) {
            throw new IllegalArgumentException("the temperature must be above 0, but is " + temperature);
        }
        return 1 / temperature;
    }

    /** A product as a function of the coupling: value and two derivatives, times e^logScale. */
    private static final class Product {
        double logScale;
        double value = 1;
        double first;
        double second;

        /** Times e^x + sign e^-x, x = L gamma / 2, both divided by e^|x|. */
        void times(int size, double[] gamma, int sign) {
            double x = size * gamma[0] / 2;
            double dx = size * gamma[1] / 2;
            double ddx = size * gamma[2] / 2;
            double growing = Math.exp(x - Math.abs(x));
            double falling = Math.exp(-x - Math.abs(x));
            double f = growing + sign * falling;
            double odd = growing - sign * falling;
            double f1 = dx * odd;
            double f2 = ddx * odd + dx * dx * f;
            second = second * f + 2 * first * f1 + value * f2;
            first = first * f + value * f1;
            value *= f;
            logScale += Math.abs(x);
            double largest = Math.max(Math.abs(value), Math.max(Math.abs(first), Math.abs(second)));
            logScale += Math.log(largest);
            value /= largest;
            first /= largest;
            second /= largest;
        }
    }
}
