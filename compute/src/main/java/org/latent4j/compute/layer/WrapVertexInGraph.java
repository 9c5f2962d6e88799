package org.latent4j.compute.layer;

import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** {@link WrapVertex} at work in a network, by ND4J operations: first the rows, then the columns of what came out. */
final class WrapVertexInGraph extends PlainVertexInGraph {
    private static final int ROWS = 2;
    private static final int COLUMNS = 3;

    private final WrapVertex wrap;

    WrapVertexInGraph(ComputationGraph graph, String name, int index, WrapVertex wrap, DataType type) {
        super(graph, name, index, type);
        this.wrap = wrap;
    }

    private static INDArray part(INDArray x, int axis, long from, long to) {
        INDArrayIndex[] places = {NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.all()};
        places[axis] = NDArrayIndex.interval(from, to);
        return x.get(places);
    }

    private static INDArray wrap(INDArray x, int axis, int margin) {
        long size = x.size(axis);
        return margin == 0 ? x : Nd4j.concat(axis, part(x, axis, size - margin, size), x, part(x, axis, 0, margin));
    }

    /** Adds what fell on the margins to where they came from. */
    private static INDArray fold(INDArray dy, int axis, int margin) {
        if (margin == 0) {
            return dy;
        }
        long size = dy.size(axis) - 2L * margin;
        INDArray dx = part(dy, axis, margin, margin + size).dup('c');
        part(dx, axis, size - margin, size).addi(part(dy, axis, 0, margin));
        part(dx, axis, 0, margin).addi(part(dy, axis, margin + size, size + 2L * margin));
        return dx;
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        INDArray x = inputs[0];
        wrap.require(x.size(ROWS), x.size(COLUMNS));
        INDArray y = wrap(wrap(x, ROWS, wrap.rows()), COLUMNS, wrap.columns());
        return workspaces.leverageTo(ArrayType.ACTIVATIONS, y);
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
        INDArray dx = fold(fold(epsilon, COLUMNS, wrap.columns()), ROWS, wrap.rows());
        return new Pair<>(null, new INDArray[] {workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, dx)});
    }

    @Override
    public String toString() {
        return "WrapVertex(" + wrap.rows() + ", " + wrap.columns() + ")";
    }
}
