package org.latent4j.gan;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import org.latent4j.data.Suggest;

/**
 * Losses of the adversarial game on the discriminator's logits a (real) and b (generated), never on log(sigmoid): they stay finite and keep
 * their gradients for logits of any size.
 *
 * <p>Minibatch losses are means over m real and m generated samples; what is written as slopes are derivatives with respect to every single
 * sample's own loss term, that is m times the derivative of the mean: DL4J's updaters divide by the minibatch size m themselves.
 *
 * <p>Sources: Goodfellow et al., "Generative adversarial nets", NeurIPS 2014, equation 1 and section 3; Lim and Ye, "Geometric GAN", 2017;
 * Mao et al., "Least squares generative adversarial networks", ICCV 2017; Arjovsky et al., "Wasserstein GAN", ICML 2017;
 * Jolicoeur-Martineau, "The relativistic discriminator", ICLR 2019; Huang et al., "The GAN is dead; long live the GAN!", NeurIPS 2024.
 */
public enum Loss {
    /** The generator descends log(1 - D(G(z))): the game as it is written. Its gradient vanishes while D rejects G's samples. */
    MINIMAX("minimax") {
        @Override
        double ofGenerator(double b) {
            return -softplus(b);
        }

        @Override
        double generatorSlope(double b) {
            return -sigmoid(b);
        }
    },

    /** The generator descends -log D(G(z)): same fixed point, strong gradient from the start. */
    NON_SATURATING("non-saturating") {
        @Override
        double ofGenerator(double b) {
            return softplus(-b);
        }

        @Override
        double generatorSlope(double b) {
            return -sigmoid(-b);
        }
    },

    /** D: max(0, 1 - a) + max(0, 1 + b); G: -b. */
    HINGE("hinge") {
        @Override
        double ofReal(double a) {
            return Math.max(0, 1 - a);
        }

        @Override
        double realSlope(double a) {
            return a < 1 ? -1 : 0;
        }

        @Override
        double ofFake(double b) {
            return Math.max(0, 1 + b);
        }

        @Override
        double fakeSlope(double b) {
            return b > -1 ? 1 : 0;
        }

        @Override
        double ofGenerator(double b) {
            return -b;
        }

        @Override
        double generatorSlope(double b) {
            return -1;
        }
    },

    /** D: (a - 1)^2 / 2 + b^2 / 2; G: (b - 1)^2 / 2. */
    LEAST_SQUARES("least-squares") {
        @Override
        double ofReal(double a) {
            return (a - 1) * (a - 1) / 2;
        }

        @Override
        double realSlope(double a) {
            return a - 1;
        }

        @Override
        double ofFake(double b) {
            return b * b / 2;
        }

        @Override
        double fakeSlope(double b) {
            return b;
        }

        @Override
        double ofGenerator(double b) {
            return (b - 1) * (b - 1) / 2;
        }

        @Override
        double generatorSlope(double b) {
            return b - 1;
        }
    },

    /** D: b - a, without bound unless D's slope has one (a penalty); G: -b. */
    WASSERSTEIN("wasserstein") {
        @Override
        double ofReal(double a) {
            return -a;
        }

        @Override
        double realSlope(double a) {
            return -1;
        }

        @Override
        double ofFake(double b) {
            return b;
        }

        @Override
        double fakeSlope(double b) {
            return 1;
        }

        @Override
        double ofGenerator(double b) {
            return -b;
        }

        @Override
        double generatorSlope(double b) {
            return -1;
        }
    },

    /** Sample by sample against a real one, as in R3GAN. D: log(1 + e^(b - a)); G: log(1 + e^(a - b)). */
    RELATIVISTIC("relativistic") {
        @Override
        public double discriminator(double[] real, double[] fake, double[] realSlopes, double[] fakeSlopes) {
            double sum = 0;
            for (int i = 0; i < real.length; i++) {
                double lead = real[i] - fake[i];
                double doubt = sigmoid(-lead);
                sum += softplus(-lead);
                realSlopes[i] = -doubt;
                fakeSlopes[i] = doubt;
            }
            return sum / real.length;
        }

        @Override
        public double generator(double[] real, double[] fake, double[] slopes) {
            double sum = 0;
            for (int i = 0; i < fake.length; i++) {
                double lead = fake[i] - real[i];
                sum += softplus(-lead);
                slopes[i] = -sigmoid(-lead);
            }
            return sum / fake.length;
        }

        @Override
        public boolean pairs() {
            return true;
        }

        @Override
        double ofGenerator(double b) {
            throw new IllegalStateException("a pair's loss has no term of one sample");
        }

        @Override
        double generatorSlope(double b) {
            throw new IllegalStateException("a pair's loss has no term of one sample");
        }
    };

    private final String label;

    Loss(String label) {
        this.label = label;
    }

    /** The name on the command line and in run directories. */
    @JsonValue
    public String label() {
        return label;
    }

    /** The loss of a label; throws {@link org.latent4j.data.DataException} with the nearest valid one. */
    @JsonCreator
    public static Loss of(String label) {
        return Suggest.choice(Loss.class, "--loss", label);
    }

    /** Whether each generated sample is judged beside a real one: the generator's loss then needs real logits too. */
    public boolean pairs() {
        return false;
    }

    /** The discriminator's loss of a minibatch. */
    public double discriminator(double[] real, double[] fake, double[] realSlopes, double[] fakeSlopes) {
        double sumReal = 0;
        double sumFake = 0;
        for (int i = 0; i < real.length; i++) {
            sumReal += ofReal(real[i]);
            realSlopes[i] = realSlope(real[i]);
            sumFake += ofFake(fake[i]);
            fakeSlopes[i] = fakeSlope(fake[i]);
        }
        return sumReal / real.length + sumFake / fake.length;
    }

    /** The generator's loss of a minibatch; real logits are read by losses of {@link #pairs} only. */
    public double generator(double[] real, double[] fake, double[] slopes) {
        double sum = 0;
        for (int i = 0; i < fake.length; i++) {
            sum += ofGenerator(fake[i]);
            slopes[i] = generatorSlope(fake[i]);
        }
        return sum / fake.length;
    }

    /** The discriminator's term of a real sample: -log D(x), unless a loss has another. */
    double ofReal(double a) {
        return softplus(-a);
    }

    double realSlope(double a) {
        return -sigmoid(-a);
    }

    /** The discriminator's term of a generated sample: -log(1 - D(G(z))), unless a loss has another. */
    double ofFake(double b) {
        return softplus(b);
    }

    double fakeSlope(double b) {
        return sigmoid(b);
    }

    /** The generator's term of a generated sample. */
    abstract double ofGenerator(double b);

    abstract double generatorSlope(double b);

    /**
     * V(G, D) = mean log D(x) + mean log(1 - D(G(z))), from logits; -log 4 where D can't tell. For any D at all, (V + log 4) / 2 is a lower
     * bound of the Jensen-Shannon divergence, so it is reported with every loss.
     */
    public static double value(double[] real, double[] fake) {
        double sumReal = 0;
        for (double a : real) {
            sumReal -= softplus(-a);
        }
        double sumFake = 0;
        for (double b : fake) {
            sumFake -= softplus(b);
        }
        return sumReal / real.length + sumFake / fake.length;
    }

    /** Mean logit of real samples, less that of generated ones. */
    public static double lead(double[] real, double[] fake) {
        double sum = 0;
        for (int i = 0; i < real.length; i++) {
            sum += real[i] - fake[i];
        }
        return sum / real.length;
    }

    /** Share of pairs of which the real sample has the larger logit; equal ones count half. */
    public static double pairsWon(double[] real, double[] fake) {
        double sum = 0;
        for (int i = 0; i < real.length; i++) {
            sum += real[i] > fake[i] ? 1 : real[i] == fake[i] ? 0.5 : 0;
        }
        return sum / real.length;
    }

    /** log(1 + e^x) without overflow. */
    static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    static double sigmoid(double x) {
        return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
    }

    /** Mean of D(x) = sigmoid(logit). */
    public static double meanProbability(double[] logits) {
        double sum = 0;
        for (double a : logits) {
            sum += sigmoid(a);
        }
        return sum / logits.length;
    }
}
