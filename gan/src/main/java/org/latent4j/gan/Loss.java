package org.latent4j.gan;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import org.latent4j.data.Suggest;

/**
 * Losses of the adversarial game on the discriminator's logits a (real) and b (generated), never on log(sigmoid): they stay finite and keep
 * their gradients for logits of any size.
 *
 * <p>Each method returns the minibatch mean of the loss and writes its derivative with respect to every single sample's own loss term, that
 * is m times the derivative of the mean: DL4J's updaters divide by the minibatch size m themselves.
 *
 * <p>Source: Goodfellow et al., "Generative adversarial nets", NeurIPS 2014, equation 1 and section 3.
 */
public enum Loss {
    /** The generator descends log(1 - D(G(z))): the game as it is written. Its gradient vanishes while D rejects G's samples. */
    MINIMAX("minimax") {
        @Override
        public double generator(double[] fake, double[] slopes) {
            double sum = 0;
            for (int i = 0; i < fake.length; i++) {
                sum -= softplus(fake[i]);
                slopes[i] = -sigmoid(fake[i]);
            }
            return sum / fake.length;
        }
    },

    /** The generator descends -log D(G(z)): same fixed point, strong gradient from the start. */
    NON_SATURATING("non-saturating") {
        @Override
        public double generator(double[] fake, double[] slopes) {
            double sum = 0;
            for (int i = 0; i < fake.length; i++) {
                sum += softplus(-fake[i]);
                slopes[i] = -sigmoid(-fake[i]);
            }
            return sum / fake.length;
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

    /** The discriminator's loss of real samples: -mean log D(x). Both losses share the discriminator of V. */
    public double real(double[] logits, double[] slopes) {
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            sum += softplus(-logits[i]);
            slopes[i] = -sigmoid(-logits[i]);
        }
        return sum / logits.length;
    }

    /** The discriminator's loss of generated samples: -mean log(1 - D(G(z))). */
    public double fake(double[] logits, double[] slopes) {
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            sum += softplus(logits[i]);
            slopes[i] = sigmoid(logits[i]);
        }
        return sum / logits.length;
    }

    /** The generator's loss of a minibatch. */
    public abstract double generator(double[] fake, double[] slopes);

    /** V(G, D) = mean log D(x) + mean log(1 - D(G(z))), from logits; -log 4 where D can't tell. */
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
