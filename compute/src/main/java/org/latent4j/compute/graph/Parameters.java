package org.latent4j.compute.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.latent4j.compute.ComputeException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The parameters of one network, their gradients and the updater's state: the {@link ComputationGraph}'s own flat arrays, in place.
 *
 * <p>Every tape of the network reads and writes them there, so that the graph is at any time an ordinary DL4J network of the same state.
 * Copies in the formats that kernels prefer are derived from them, and are made anew after each change. A device works on copies of the
 * arrays: {@link #synchronize} before others read them, {@link #refresh} after others have written to them.
 *
 * <p>Throws {@link ComputeException} if the network's numbers are not 32-bit floats.
 */
public final class Parameters {

    /** Where one parameter lies, as kernels see it: offset and strides count floats. The shape is DL4J's, but for weights in groups ({@link Filters}). */
    public record Place(long offset, Shape shape, List<Long> strides) {}

    private final ComputationGraph graph;
    private final INDArray values;
    private final INDArray gradients;
    private final INDArray state;
    private final Map<String, Place> places = new LinkedHashMap<>();
    private final Map<String, Derived> derived = new LinkedHashMap<>();
    private final List<Kernel> refresh = new ArrayList<>();
    private final Map<Part, Mirror> mirrors = new EnumMap<>(Part.class);

    /** The three flat arrays. */
    public enum Part {
        VALUES,
        GRADIENTS,
        STATE
    }

    /** A copy in another format, made anew by its kernel. */
    public interface Derived extends Kernel {}

    public Parameters(ComputationGraph graph) {
        this.graph = graph;
        if (graph.params() == null) {
            throw new ComputeException("the network is not initialised; call init() on it first");
        }
        if (graph.params().dataType() != DataType.FLOAT) {
            throw new ComputeException(
                    "the network's data type is " + graph.params().dataType()
                            + ", but compiled networks keep parameters as FLOAT; set dataType(DataType.FLOAT) or use --device nd4j");
        }
        if (graph.getFlattenedGradients() == null) {
            graph.initGradientsView();
        }
        this.values = graph.params();
        this.gradients = graph.getFlattenedGradients();
        this.state = graph.getUpdater().getStateViewArray();
        for (int index : graph.topologicalSortOrder()) {
            GraphVertex vertex = graph.getVertices()[index];
            Map<String, INDArray> table = vertex.paramTable(false);
            if (table != null) {
                table.forEach(
                        (name, array) -> places.put(name(vertex.getVertexName(), name), place(vertex, name, array)));
            }
        }
    }

    private Place place(GraphVertex vertex, String parameter, INDArray array) {
        Place place = new Place(
                array.offset() - values.offset(),
                Shape.of(array.shape()),
                Arrays.stream(array.stride()).boxed().toList());
        return vertex.hasLayer() ? GroupedWeights.view(vertex.getLayer().conf().getLayer(), parameter, place) : place;
    }

    /** Name of a layer's parameter, as in DL4J. */
    static String name(String layer, String parameter) {
        return layer + "_" + parameter;
    }

    public ComputationGraph graph() {
        return graph;
    }

    /** Parameter names in DL4J's order. */
    public List<String> names() {
        return List.copyOf(places.keySet());
    }

    public Place place(String name) {
        Place place = places.get(name);
        if (place == null) {
            throw new ComputeException("there is no parameter " + name + "; there are " + places.keySet());
        }
        return place;
    }

    /** Number of parameters. */
    public long count() {
        return values.length();
    }

    public long valueAddress() {
        return Tensor.address(values);
    }

    public long gradientAddress() {
        return Tensor.address(gradients);
    }

    /** 0 if the updater has no state. */
    public long stateAddress() {
        return state == null ? 0 : Tensor.address(state);
    }

    /** The copy under a key, made on first use and shared by all tapes after. */
    public Derived derive(String key, Supplier<Derived> make) {
        return derived.computeIfAbsent(key, k -> {
            Derived made = make.get();
            made.run();
            refresh.add(made);
            return made;
        });
    }

    /** A device's copy of one of the arrays, made on first use. */
    public Mirror mirror(Part part, Supplier<Mirror> make) {
        return mirrors.computeIfAbsent(part, key -> make.get());
    }

    /** Bytes of one of the arrays. */
    public long bytes(Part part) {
        INDArray array = array(part);
        return array == null ? 0 : array.length() * Float.BYTES;
    }

    private INDArray array(Part part) {
        return switch (part) {
            case VALUES -> values;
            case GRADIENTS -> gradients;
            case STATE -> state;
        };
    }

    /** Brings the graph's own arrays up to date with what a device has computed. Needed before anybody else reads them. */
    public void synchronize() {
        mirrors.values().forEach(Mirror::toHost);
    }

    /** Takes over what anybody else has written to the graph's parameters and updater state, after {@link #synchronize}. */
    public void refresh() {
        written();
        derive();
    }

    /** Takes over what anybody else has written, but for the derived copies: enough before an update, which makes them anew. */
    public void written() {
        mirrors.forEach((part, mirror) -> mirror.hostChanged(0, bytes(part)));
    }

    /** Makes all derived copies anew. Needed after kernels have changed the values. */
    public void derive() {
        for (int i = 0; i < refresh.size(); i++) {
            refresh.get(i).run();
        }
    }
}
