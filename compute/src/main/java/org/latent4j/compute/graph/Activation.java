package org.latent4j.compute.graph;

/**
 * A function of one number.
 *
 * <p>Source: DL4J's activations; its GELU is x sigmoid(1.702 x).
 *
 * @param alpha slope below zero (LEAKY_RELU), scale (ELU), factor in the sigmoid (SWISH), bound (HARD_TANH, CLIPPED_RELU); 0 elsewhere
 */
public record Activation(Kind kind, double alpha) {

    /**
     * The functions; ELU is alpha (e^x - 1) below zero, SWISH is x sigmoid(alpha x), MISH is x tanh(softplus(x)). HARD_TANH is x between -alpha
     * and alpha, CLIPPED_RELU between 0 and alpha, and the nearer bound elsewhere.
     */
    public enum Kind {
        IDENTITY,
        RELU,
        LEAKY_RELU,
        TANH,
        SIGMOID,
        SOFTPLUS,
        ELU,
        SWISH,
        HARD_TANH,
        CLIPPED_RELU,
        MISH
    }

    public static final Activation IDENTITY = new Activation(Kind.IDENTITY, 0);

    public boolean isIdentity() {
        return kind == Kind.IDENTITY;
    }

    /** True if the derivative follows from the function's value, so that the argument need not be kept. */
    public boolean differentiableFromOutput() {
        return switch (kind) {
            case IDENTITY, RELU, TANH, SIGMOID -> true;
            case LEAKY_RELU, ELU, HARD_TANH, CLIPPED_RELU -> alpha > 0;
            case SOFTPLUS, SWISH, MISH -> false;
        };
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(java.util.Locale.ROOT) + (alpha == 0 ? "" : "(" + alpha + ")");
    }
}
