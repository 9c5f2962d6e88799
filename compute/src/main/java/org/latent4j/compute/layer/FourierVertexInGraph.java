package org.latent4j.compute.layer;

import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/** {@link FourierVertex} at work in a network, by ND4J operations in the network's own precision. */
final class FourierVertexInGraph extends PlainVertexInGraph {
    private final FourierFeatures features;

    FourierVertexInGraph(ComputationGraph graph, String name, int index, FourierFeatures features, DataType type) {
        super(graph, name, index, type);
        this.features = features;
    }

    /** The part of one octave: 0 and 1 are the sines and cosines of the first. */
    private INDArray part(INDArray wide, int part) {
        long from = (long) (1 + part) * features.size();
        return wide.get(NDArrayIndex.all(), NDArrayIndex.interval(from, from + features.size()));
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        INDArray x = inputs[0];
        INDArray y = workspaces.createUninitialized(
                ArrayType.ACTIVATIONS, x.dataType(), new long[] {x.size(0), features.width()}, 'c');
        y.get(NDArrayIndex.all(), NDArrayIndex.interval(0, features.size())).assign(x);
        double f = features.frequency();
        for (int k = 0; k < features.octaves(); k++) {
            INDArray angle = x.mul(f);
            part(y, 2 * k).assign(Transforms.sin(angle, true));
            part(y, 2 * k + 1).assign(Transforms.cos(angle, true));
            f *= 2;
        }
        return y;
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
        INDArray x = inputs[0];
        INDArray sum = Nd4j.createUninitialized(x.dataType(), x.shape());
        sum.assign(epsilon.get(NDArrayIndex.all(), NDArrayIndex.interval(0, features.size())));
        double f = features.frequency();
        for (int k = 0; k < features.octaves(); k++) {
            INDArray angle = x.mul(f);
            sum.addi(Transforms.cos(angle, true).muli(part(epsilon, 2 * k)).muli(f));
            sum.subi(Transforms.sin(angle, true).muli(part(epsilon, 2 * k + 1)).muli(f));
            f *= 2;
        }
        return new Pair<>(null, new INDArray[] {workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, sum)});
    }

    @Override
    public String toString() {
        return "FourierVertex(" + features + ")";
    }
}
