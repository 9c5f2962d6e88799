package org.latent4j.compute.graph;

import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationCube;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationHardTanH;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationMish;
import org.nd4j.linalg.activations.impl.ActivationRationalTanh;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationRectifiedTanh;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.activations.impl.ActivationThresholdedReLU;

/**
 * DL4J's activation functions as operations. Two are left to DL4J, because its own are not the functions that their names say: the precise
 * GELU (which cubes the factor 0.044715 too) and the derivative of ELU for a scale other than 1 (which forgets the scale). ReLU with a threshold
 * is left to it too.
 */
final class Activations {
    /** Klambauer et al., "Self-normalizing neural networks", 2017. */
    private static final double SELU_ALPHA = 1.6732632423543772;

    private static final double SELU_SCALE = 1.0507009873554805;
    private static final double GELU_SIGMOID_FACTOR = 1.702;

    /** Bound, factor of the argument and of its fourth power: Anguita et al., "Speed improvement of the back-propagation", 1993. */
    private static final double RATIONAL_SCALE = 1.7159;

    private static final double RATIONAL_SLOPE = 2.0 / 3;
    private static final double RATIONAL_FOURTH = 1.41645;

    private Activations() {}

    static boolean isKnown(IActivation function) {
        return function instanceof ActivationSoftmax || isComposed(function) || elementwise(function) != null;
    }

    /** For messages: DL4J's own words leave out the options of ReLU. */
    static String words(IActivation function) {
        return function instanceof ActivationReLU relu
                ? "relu with max " + relu.getMax() + ", threshold " + relu.getThreshold() + ", negative slope "
                        + relu.getNegativeSlope()
                : function.toString();
    }

    static Value apply(GraphBuilder builder, IActivation function, Value x) {
        if (function instanceof ActivationSoftmax) {
            if (x.shape().rank() != 2) {
                throw new IllegalArgumentException(
                        "softmax expects (N, F), but got " + x + ": on images DL4J takes it over each row of pixels");
            }
            return builder.add(new Op.Softmax(), x.shape(), x);
        }
        return isComposed(function) ? composed(builder, function, x) : builder.activate(elementwise(function), x);
    }

    private static boolean isComposed(IActivation function) {
        return function instanceof ActivationSELU
                || function instanceof ActivationHardSigmoid
                || function instanceof ActivationThresholdedReLU
                || function instanceof ActivationCube
                || function instanceof ActivationSoftSign
                || function instanceof ActivationRationalTanh
                || function instanceof ActivationRectifiedTanh;
    }

    /** Functions that are several operations. */
    private static Value composed(GraphBuilder builder, IActivation function, Value x) {
        if (function instanceof ActivationSELU) {
            Value y = builder.activate(new Activation(Activation.Kind.ELU, SELU_ALPHA), x);
            return builder.linear(SELU_SCALE, 0, y);
        } else if (function instanceof ActivationHardSigmoid) {
            return builder.activate(new Activation(Activation.Kind.CLIPPED_RELU, 1), builder.linear(0.2, 0.5, x));
        } else if (function instanceof ActivationThresholdedReLU threshold) {
            Value below = builder.binary(Op.BinaryKind.GREATER_EQUAL, builder.fill(threshold.getTheta(), x.shape()), x);
            return multiply(builder, x, builder.linear(-1, 1, below));
        } else if (function instanceof ActivationCube) {
            return multiply(builder, x, multiply(builder, x, x));
        } else if (function instanceof ActivationSoftSign) {
            Value size = builder.linear(1, 1, builder.absolutePower(1, x));
            return multiply(builder, x, builder.absolutePower(-1, size));
        } else if (function instanceof ActivationRationalTanh) {
            return rationalTanh(builder, builder.linear(RATIONAL_SLOPE, 0, x));
        }
        return builder.activate(
                new Activation(Activation.Kind.RELU, 0), builder.activate(new Activation(Activation.Kind.TANH, 0), x));
    }

    /** s (1 - 1/q) with the sign of x, where q = 1 + |x| + x^2 + c x^4; as s x (1 + |x| + c |x|^3) / q, which is exact for small x too. */
    private static Value rationalTanh(GraphBuilder builder, Value x) {
        Value size = builder.absolutePower(1, x);
        Value square = multiply(builder, x, x);
        Value fourth = builder.linear(RATIONAL_FOURTH, 0, multiply(builder, square, square));
        Value third = builder.linear(RATIONAL_FOURTH, 0, multiply(builder, size, square));
        Value begin = builder.linear(1, 1, size);
        Value quotient = add(builder, add(builder, begin, square), fourth);
        Value product = multiply(builder, x, add(builder, begin, third));
        return builder.linear(RATIONAL_SCALE, 0, multiply(builder, product, builder.absolutePower(-1, quotient)));
    }

    private static Value multiply(GraphBuilder builder, Value a, Value b) {
        return builder.binary(Op.BinaryKind.MULTIPLY, a, b);
    }

    private static Value add(GraphBuilder builder, Value a, Value b) {
        return builder.binary(Op.BinaryKind.ADD, a, b);
    }

    /** Where softmax runs over the channels of each pixel. */
    static Value applyToPixels(GraphBuilder builder, IActivation function, Value x) {
        return function instanceof ActivationSoftmax
                ? builder.add(new Op.Softmax(), x.shape(), x)
                : apply(builder, function, x);
    }

    /** The function as one operation, or null if it is unknown. */
    private static Activation elementwise(IActivation function) {
        if (function instanceof ActivationIdentity) {
            return Activation.IDENTITY;
        } else if (function instanceof ActivationReLU relu) {
            return rectifier(relu);
        } else if (function instanceof ActivationReLU6) {
            return new Activation(Activation.Kind.CLIPPED_RELU, 6);
        } else if (function instanceof ActivationHardTanH) {
            return new Activation(Activation.Kind.HARD_TANH, 1);
        } else if (function instanceof ActivationMish) {
            return new Activation(Activation.Kind.MISH, 0);
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
        } else if (function instanceof ActivationSwish) {
            return new Activation(Activation.Kind.SWISH, 1);
        } else if (function instanceof ActivationGELU gelu && !gelu.isPrecise()) {
            return new Activation(Activation.Kind.SWISH, GELU_SIGMOID_FACTOR);
        }
        return null;
    }

    /** ReLU with DL4J's options: a bound above, or a slope below zero. */
    private static Activation rectifier(ActivationReLU relu) {
        double slope = relu.getNegativeSlope() == null ? 0 : relu.getNegativeSlope();
        boolean bounded = relu.getMax() != null;
        boolean moved = relu.getThreshold() != null && relu.getThreshold() != 0;
        if (moved || bounded && (slope != 0 || relu.getMax() <= 0)) {
            return null;
        }
        return bounded
                ? new Activation(Activation.Kind.CLIPPED_RELU, relu.getMax())
                : slope == 0
                        ? new Activation(Activation.Kind.RELU, 0)
                        : new Activation(Activation.Kind.LEAKY_RELU, slope);
    }
}
