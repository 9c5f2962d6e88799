package org.latent4j.compute.graph;

import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossHinge;
import org.nd4j.linalg.lossfunctions.impl.LossL1;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;
import org.nd4j.linalg.lossfunctions.impl.LossWasserstein;

/** DL4J's loss functions as operations. */
final class Losses {
    private Losses() {}

    /** The loss of an output layer as an operation, or null if the layer has none or one that is not supported. */
    static Op.Loss of(Layer layer) {
        if (layer instanceof LossLayer loss) {
            return of(loss.getLossFn(), loss.getActivationFn());
        } else if (layer instanceof CnnLossLayer loss) {
            return of(loss.getLossFn(), loss.getActivationFn());
        } else if (layer instanceof BaseOutputLayer output) {
            return of(output.getLossFn(), output.getActivationFn());
        }
        return null;
    }

    private static Op.Loss of(ILossFunction function, IActivation activation) {
        if (function instanceof LossMSE mse && mse.getWeights() == null) {
            return new Op.Loss(Op.LossKind.MEAN_SQUARE, 0);
        } else if (function.getClass() == LossL2.class && ((LossL2) function).getWeights() == null) {
            return new Op.Loss(Op.LossKind.SQUARE, 0);
        } else if (function instanceof LossMAE mae && mae.getWeights() == null) {
            return new Op.Loss(Op.LossKind.MEAN_ABSOLUTE, 0);
        } else if (function.getClass() == LossL1.class && ((LossL1) function).getWeights() == null) {
            return new Op.Loss(Op.LossKind.ABSOLUTE, 0);
        } else if (function instanceof LossBinaryXENT binary
                && binary.getWeights() == null
                && !(activation instanceof ActivationSoftmax)) {
            return new Op.Loss(Op.LossKind.BINARY_CROSS_ENTROPY, binary.getClipEps());
        } else if ((function.getClass() == LossMCXENT.class || function.getClass() == LossNegativeLogLikelihood.class)
                && activation instanceof ActivationSoftmax
                && ((LossMCXENT) function).getWeights() == null) {
            return new Op.Loss(Op.LossKind.SOFTMAX_CROSS_ENTROPY, ((LossMCXENT) function).getSoftmaxClipEps());
        } else if (function instanceof LossHinge) {
            return new Op.Loss(Op.LossKind.HINGE, 0);
        } else if (function instanceof LossWasserstein) {
            return new Op.Loss(Op.LossKind.WASSERSTEIN, 0);
        }
        return null;
    }
}
