package org.latent4j.compute.graph;

import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/**
 * DL4J's activation functions as operations. Two are left to DL4J, because its own are not the functions that their names say: the precise
 * GELU (which cubes the factor 0.044715 too) and the derivative of ELU for a scale other than 1 (which forgets the scale).
 */
final class Activations {
    /** Klambauer et al., "Self-normalizing neural networks", 2017. */
    private static final double SELU_ALPHA = 1.6732632423543772;

    private static final double SELU_SCALE = 1.0507009873554805;
    private static final double GELU_SIGMOID_FACTOR = 1.702;

    private Activations() {}

    static boolean isKnown(IActivation function) {
        return function instanceof ActivationSoftmax || elementwise(function) != null;
    }

    static Value apply(GraphBuilder builder, IActivation function, Value x) {
        if (function instanceof ActivationSoftmax) {
            if (x.shape().rank() != 2) {
                throw new IllegalArgumentException(
                        "softmax expects (N, F), but got " + x + ": on images DL4J takes it over each row of pixels");
            }
            return builder.add(new Op.Softmax(), x.shape(), x);
        }
        Value y = builder.activate(elementwise(function), x);
        return function instanceof ActivationSELU ? builder.linear(SELU_SCALE, 0, y) : y;
    }

    /** Where softmax runs over the channels of each pixel. */
    static Value applyToPixels(GraphBuilder builder, IActivation function, Value x) {
        return function instanceof ActivationSoftmax
                ? builder.add(new Op.Softmax(), x.shape(), x)
                : apply(builder, function, x);
    }

    /** The function of one number (SELU but for its scale), or null if it is unknown. */
    private static Activation elementwise(IActivation function) {
        if (function instanceof ActivationIdentity) {
            return Activation.IDENTITY;
        } else if (function instanceof ActivationReLU) {
            return new Activation(Activation.Kind.RELU, 0);
        } else if (function instanceof ActivationLReLU leaky) {
            return new Activation(Activation.Kind.LEAKY_RELU, leaky.getAlpha());
        } else if (function instanceof ActivationTanH) {
            return new Activation(Activation.Kind.TANH, 0);
        } else if (function instanceof ActivationSigmoid) {
            return new Activation(Activation.Kind.SIGMOID, 0);
        } else if (function instanceof ActivationSoftPlus) {
            return new Activation(Activation.Kind.SOFTPLUS, 0);
        } else if (function instanceof ActivationELU elu && elu.getAlpha() == 1) {
            return new Activation(Activation.Kind.ELU, 1);
        } else if (function instanceof ActivationSELU) {
            return new Activation(Activation.Kind.ELU, SELU_ALPHA);
        } else if (function instanceof ActivationSwish) {
            return new Activation(Activation.Kind.SWISH, 1);
        } else if (function instanceof ActivationGELU gelu && !gelu.isPrecise()) {
            return new Activation(Activation.Kind.SWISH, GELU_SIGMOID_FACTOR);
        }
        return null;
    }
}
