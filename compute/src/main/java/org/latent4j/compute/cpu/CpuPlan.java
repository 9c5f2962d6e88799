package org.latent4j.compute.cpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc_base;
import org.bytedeco.dnnl.reorder;
import org.latent4j.compute.graph.Backend;
import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Filters;
import org.latent4j.compute.graph.Graph;
import org.latent4j.compute.graph.Kernel;
import org.latent4j.compute.graph.MemoryPlan;
import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Noise;
import org.latent4j.compute.graph.Parameters;
import org.latent4j.compute.graph.Role;
import org.latent4j.compute.graph.Shape;
import org.latent4j.compute.graph.Tape;
import org.latent4j.compute.graph.Tensor;
import org.latent4j.compute.graph.Value;

/** What preparing one graph needs: where every value lies, scratch memory, and the kernels so far. */
final class CpuPlan {
    /** Less takes less time than timing is worth. */
    private static final double WORTH_TIMING_FLOPS = 5e6;

    private final MemoryPlan memoryPlan;
    private final Parameters parameters;
    private final Map<Integer, Tensor> border;
    private final boolean accumulate;
    private final Noise noise;
    private final Block arena;
    private final Block values;
    private final Block gradients;
    private Workspace workspace = new Workspace();
    private final Map<String, Array> ones = new HashMap<>();
    private final List<Tape.Step> steps = new ArrayList<>();
    private final List<Runnable> afterNode = new ArrayList<>();
    private final KeptArrays kept;
    private final Set<Tape.Step> shared = new HashSet<>(); // with a later node, which then needs not do them
    private final KernelChoices choices;
    private Node node;
    private int position = -1; // of the node in the graph
    private boolean trying; // nothing outside of this plan is to be changed

    CpuPlan(KernelChoices choices, Graph graph, MemoryPlan plan, Backend.Setting setting) {
        this.choices = choices;
        this.kept = new KeptArrays(graph.nodes());
        this.memoryPlan = plan;
        this.parameters = setting.parameters();
        this.border = setting.border();
        this.accumulate = setting.accumulate();
        this.noise = setting.noise();
        Tensor memory = Tensor.zeros(Shape.of(1, Math.max(1, plan.arenaBytes() / Float.BYTES)));
        this.arena = Block.fixed(memory.address(), memory);
        this.values = Block.fixed(parameters.valueAddress(), parameters);
        this.gradients = Block.fixed(parameters.gradientAddress(), parameters);
    }

    /** Prepares the next nodes of the graph. */
    Tape prepare(List<Node> nodes) {
        steps.clear();
        for (Node next : nodes) {
            node = next;
            position++;
            workspace.begin();
            Dnnl.prepare(next.flops(), next.bytes(), () -> {
                CpuBackend.prepare(this, next);
                afterNode.forEach(Runnable::run);
            });
            afterNode.clear();
            kept.done(position);
        }
        return new Tape(steps);
    }

    Workspace workspace() {
        return workspace;
    }

    Noise noise() {
        return noise;
    }

    boolean accumulates() {
        return accumulate;
    }

    Parameters.Place place(Value parameter) {
        return parameters.place(parameter.name());
    }

    /** The value in its own shape and order. */
    Array array(Value value) {
        if (value.role() == Role.PARAM || value.role() == Role.PARAM_GRADIENT) {
            Parameters.Place place = parameters.place(value.name());
            return at(value, Dnnl.desc(value.type(), place.shape().array(), strides(place)));
        }
        return at(value, Dnnl.desc(value.type(), value.shape().array(), strides(value.shape())));
    }

    /** The value's numbers in memory order, for what is done element by element or channel by channel. */
    Array flat(Value value) {
        return at(value, Dnnl.vector(value.type(), value.shape().elements()));
    }

    /** Where a node writes a value: a parameter's gradient that is to be added to goes through scratch memory. */
    Array output(Value value, memory.desc format) {
        Array target = at(value, format);
        if (!accumulate || value.role() != Role.PARAM_GRADIENT) {
            return target;
        }
        Array scratch = workspace.take(format);
        afterNode.add(() -> addReorder(scratch, target, true));
        return scratch;
    }

    Array at(Value value, memory.desc format) {
        return switch (value.role()) {
            case PARAM -> values.array(format, parameters.place(value.name()).offset() * Float.BYTES);
            case PARAM_GRADIENT ->
                gradients.array(format, parameters.place(value.name()).offset() * Float.BYTES);
            case ACTIVATION -> arena.array(format, memoryPlan.offset(value));
            case INPUT, OUTPUT -> {
                Tensor tensor = border.get(value.id());
                yield Block.fixed(tensor.address(), tensor).array(format, 0);
            }
        };
    }

    private static long[] strides(Parameters.Place place) {
        return place.strides().stream().mapToLong(Long::longValue).toArray();
    }

    static long[] strides(Shape shape) {
        return switch (shape.rank()) {
            case 1 -> new long[] {1};
            case 2 -> new long[] {shape.size(1), 1};
            case 5 -> shape.rowMajor(); // weights in groups
            default -> {
                long row = shape.size(3) * shape.size(1);
                yield new long[] {shape.size(2) * row, 1, row, shape.size(1)};
            }
        };
    }

    /** A row of ones, for sums as products. */
    Array ones(DType type, long count) {
        return ones.computeIfAbsent(type + " " + count, key -> {
            Array floats = ofItsOwn(Dnnl.matrix(DType.F32, 1, count));
            FloatMemory numbers = new FloatMemory(floats);
            for (long i = 0; i < count; i++) {
                numbers.put(i, 1);
            }
            Array result = ofItsOwn(Dnnl.matrix(type, 1, count));
            reorder(floats, result, false, new Workspace()).run();
            return result;
        });
    }

    /**
     * A parameter's copy in the wanted format; {@code source} is the parameter in the shape that the format is about. Another type comes first,
     * in a copy that all formats share, and then the format: the library is slower at both in one go.
     */
    Array derived(Value parameter, memory.desc source, memory.desc wanted) {
        memory.data_type type = wanted.get_data_type();
        Array from = source.get_data_type().value == type.value
                ? at(parameter, source)
                : convertedTo(type, parameter, source);
        return from.desc().equals(wanted) ? from : copied(parameter.name(), from, wanted);
    }

    /** The parameter's copy of another type, in the shape of {@code source}. */
    private Array convertedTo(memory.data_type type, Value parameter, memory.desc source) {
        Parameters.Place place = parameters.place(parameter.name());
        if (hasWindows(place)) {
            Filters filters = Filters.of(place.shape());
            return convertedByPlace(type, parameter, source, filters.height() * filters.width());
        }
        long count = parameter.shape().elements();
        return copied(parameter.name(), flat(parameter), new memory.desc(new long[] {count}, type, new long[] {1}))
                .view(Dnnl.like(source, type));
    }

    /** Whether these are weights of windows of more than one pixel, window by window as DL4J has them. */
    private static boolean hasWindows(Parameters.Place place) {
        if (place.shape().rank() < 4) {
            return false;
        }
        Filters filters = Filters.of(place.shape());
        int width = place.shape().rank() - 1;
        return filters.height() * filters.width() > 1
                && place.strides().get(width) == 1
                && place.strides().get(width - 1) == filters.width();
    }

    /**
     * Weights of one place in the windows after those of another: the library blocks channels several times as fast where these lie side by side. For
     * strides, the parameter is a matrix with a window in each row, and this its transpose.
     */
    private Array convertedByPlace(memory.data_type type, Value parameter, memory.desc source, long places) {
        long[] sizes = {parameter.shape().elements() / places, places};
        Array windows = at(parameter, Dnnl.matrix(DType.F32, sizes[0], sizes[1]));
        Array transposed = copied(parameter.name(), windows, new memory.desc(sizes, type, new long[] {1, sizes[0]}));
        long[] strides = new long[source.get_ndims()];
        long[] shape = new long[strides.length];
        source.get_strides().get(strides);
        source.get_dims().get(shape);
        for (int i = 0; i < strides.length; i++) {
            strides[i] = strides[i] < places ? strides[i] * sizes[0] : strides[i] / places;
        }
        return transposed.view(new memory.desc(shape, type, strides));
    }

    /** Likewise of a copy that {@link #derived} gave, seen in another shape. */
    Array derived(Value parameter, Array copy, memory.desc wanted) {
        return copy.desc().equals(wanted)
                ? copy
                : copied(parameter.name() + " by way of " + copy.offset() + "@" + copy.address(), copy, wanted);
    }

    /** What a kernel makes of a parameter, or of a copy that {@link #derived} gave; anew after each change. */
    Array derived(Value parameter, String what, memory.desc format, Function<Array, Kernel> maker) {
        return derived(parameter.name() + " " + what, format, maker);
    }

    private Array derived(String name, memory.desc format, Function<Array, Kernel> maker) {
        if (trying) {
            return workspace.take(format);
        }
        String key = name + " " + Dnnl.describe(format);
        return ((Copy) parameters.derive(key, () -> {
                    Array made = ofItsOwn(format);
                    return new Copy(made, maker.apply(made));
                }))
                .array();
    }

    private Array copied(String name, Array from, memory.desc wanted) {
        String conversion = Dnnl.describe(from.desc()) + " ->";
        return derived(name + " " + conversion, wanted, copy -> reorder(from, copy, false, new Workspace()));
    }

    static Array ofItsOwn(memory.desc format) {
        Tensor memory = Tensor.zeros(Shape.of(1, (format.get_size() + Float.BYTES - 1) / Float.BYTES));
        return Block.fixed(memory.address(), memory).array(new memory.desc(format), 0);
    }

    private record Copy(Array array, Kernel maker) implements Parameters.Derived {
        @Override
        public void run() {
            maker.run();
        }
    }

    void add(primitive_desc_base description, primitive primitive, Dnnl.Arguments arguments) {
        Dnnl.Call call = arguments.call(description, primitive, workspace);
        add(call.implementation(), call);
    }

    void add(String implementation, Kernel kernel) {
        steps.add(new Tape.Step(node, implementation, kernel));
    }

    /**
     * Does the present node, or a part of it, in the fastest of several ways, within which there may be a choice of ways again.
     *
     * @param operation with its shapes
     * @param circumstances what else the time depends on
     */
    void fastest(String operation, String circumstances, Map<String, Runnable> ways) {
        String chosen = choices.choose(
                operation,
                circumstances + " by " + String.join("|", ways.keySet()) + " threads " + Dnnl.threads() + " on "
                        + Dnnl.platform(),
                List.copyOf(ways.keySet()),
                node.flops() > WORTH_TIMING_FLOPS && !trying, // choices within trials would take too long
                names -> seconds(names.stream().map(ways::get).toList()));
        ways.get(chosen).run();
    }

    /** Times ways, in memory that they leave again. */
    private double[] seconds(List<Runnable> ways) {
        Workspace own = workspace;
        workspace = Workspace.passing(choices.scratch());
        trying = true;
        try {
            return WayTimer.leastSeconds(ways.stream().map(this::tried).toList(), shared);
        } finally {
            trying = false;
            workspace = own;
        }
    }

    /** The steps of a way, which touch nothing outside of this plan. */
    private List<Tape.Step> tried(Runnable way) {
        int before = steps.size();
        int after = afterNode.size();
        long used = workspace.used();
        way.run();
        workspace.free(used);
        List<Tape.Step> tried = List.copyOf(steps.subList(before, steps.size()));
        steps.subList(before, steps.size()).clear();
        afterNode.subList(after, afterNode.size()).clear();
        return tried;
    }

    /**
     * Memory of its own for what later nodes read again; zero at first. {@code fill} adds the kernels that fill it, once.
     *
     * @param what of the value
     */
    Array kept(Value value, String what, memory.desc format, Consumer<Array> fill) {
        return kept(value, what, format, () -> kept.add(value, what, format), fill);
    }

    /** Likewise where {@code fill} writes all of it, so that after the value's last reader other values can have the memory. */
    Array keptInTurn(Value value, String what, memory.desc format, Consumer<Array> fill) {
        return kept(value, what, format, () -> kept.addInTurn(value, what, format), fill);
    }

    private Array kept(Value value, String what, memory.desc format, Supplier<Array> memory, Consumer<Array> fill) {
        Array known = kept.find(value, what);
        if (known != null) {
            return known;
        }
        Array made = trying ? workspace.take(format) : memory.get();
        int before = steps.size();
        fill.accept(made);
        if (trying && isConvolvedLater(value)) {
            shared.addAll(steps.subList(before, steps.size()));
        }
        return made;
    }

    /** What of a value is kept so far. */
    String keptOf(Value value) {
        return kept.of(value);
    }

    /** Whether a later node convolves a value, or with it: what is made of it may be made for both. */
    boolean isConvolvedLater(Value value) {
        return kept.isConvolvedAfter(position, value);
    }

    long keptBytes() {
        return kept.bytes();
    }

    void addReorder(Array from, Array to, boolean sum) {
        Dnnl.Call call = reorder(from, to, sum, workspace);
        add(call.implementation(), call);
    }

    static Dnnl.Call reorder(Array from, Array to, boolean sum, Workspace workspace) {
        primitive_attr attributes = Dnnl.attributes();
        if (sum) {
            attributes.set_post_ops(new PostOps().sum(1).ops());
        }
        reorder.primitive_desc description =
                new reorder.primitive_desc(Dnnl.ENGINE, from.desc(), Dnnl.ENGINE, to.desc(), attributes, false);
        return new Dnnl.Arguments()
                .with(org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM, from)
                .with(org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO, to)
                .call(description, new reorder(description), workspace);
    }
}
