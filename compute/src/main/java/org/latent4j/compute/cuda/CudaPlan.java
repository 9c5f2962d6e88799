package org.latent4j.compute.cuda;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.LongPointer;
import org.latent4j.compute.graph.Backend;
import org.latent4j.compute.graph.DType;
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

/** What preparing one graph needs: where every value lies on the card, scratch memory, and the kernels so far. */
final class CudaPlan {
    private static final int ALIGNMENT = 256;

    private final Gpu gpu;
    private final CudaOptions options;
    private final MemoryPlan memoryPlan;
    private final Parameters parameters;
    private final Map<Integer, Tensor> border;
    private final boolean accumulate;
    private final Noise noise;
    private final DeviceMemory arena;
    private final DeviceMirror values;
    private final DeviceMirror gradients;
    private final DeviceMemory noiseWords;
    private final List<Tape.Step> steps = new ArrayList<>();
    private final List<Runnable> afterNode = new ArrayList<>();
    private final List<Runnable> checks = new ArrayList<>();
    private final List<Runnable> whenPlaced = new ArrayList<>();
    private DeviceMemory workspace;
    private long workspaceBytes;
    private long workspaceUsed;
    private Node node;

    CudaPlan(Gpu gpu, CudaOptions options, MemoryPlan plan, Backend.Setting setting) {
        this.gpu = gpu;
        this.options = options;
        this.memoryPlan = plan;
        this.parameters = setting.parameters();
        this.border = setting.border();
        this.accumulate = setting.accumulate();
        this.noise = setting.noise();
        this.arena = new DeviceMemory(gpu, plan.arenaBytes());
        this.values = mirror(gpu, parameters, Parameters.Part.VALUES, parameters.valueAddress());
        this.gradients = mirror(gpu, parameters, Parameters.Part.GRADIENTS, parameters.gradientAddress());
        this.noiseWords = new DeviceMemory(gpu, 2 * Long.BYTES);
    }

    static DeviceMirror mirror(Gpu gpu, Parameters parameters, Parameters.Part part, long host) {
        return (DeviceMirror) parameters.mirror(part, () -> new DeviceMirror(gpu, host, parameters.bytes(part)));
    }

    private DeviceMirror mirror(Tensor tensor) {
        return mirror(gpu, tensor);
    }

    static DeviceMirror mirror(Gpu gpu, Tensor tensor) {
        Tensor whole = tensor.whole();
        return (DeviceMirror) tensor.mirror(
                () -> new DeviceMirror(gpu, whole.address(), whole.shape().elements() * Float.BYTES));
    }

    /** Prepares a part of the graph's nodes. */
    Tape prepare(List<Node> nodes) {
        steps.clear();
        checks.clear();
        for (Node next : nodes) {
            node = next;
            workspaceUsed = 0;
            CudaBackend.prepare(this, next);
            afterNode.forEach(Runnable::run);
            afterNode.clear();
        }
        return new Tape(steps, new Pass(nodes), gpu::milliseconds);
    }

    /** Call when all parts are prepared. */
    void finish() {
        workspace = new DeviceMemory(gpu, workspaceBytes);
        whenPlaced.forEach(Runnable::run);
    }

    /** Runs when every place of the plan has its address. */
    void whenPlaced(Runnable work) {
        whenPlaced.add(work);
    }

    /** One run of a tape: what the host has changed crosses first; then comes one launch. */
    private final class Pass implements Tape.Whole {
        private final Set<DeviceMirror> touched = new LinkedHashSet<>();
        private final Set<DeviceMirror> written = new HashSet<>();
        private final boolean draws;
        private final Runnable[] afterwards = checks.toArray(Runnable[]::new);
        private final LongPointer words = new LongPointer(2);
        private final Kernel recorded;

        Pass(List<Node> nodes) {
            draws = nodes.stream().anyMatch(n -> n.op().draws());
            for (Node each : nodes) {
                each.inputs().forEach(value -> touch(value, false));
                each.outputs().forEach(value -> touch(value, true));
            }
            Kernel[] kernels = steps.stream().map(Tape.Step::kernel).toArray(Kernel[]::new);
            recorded = gpu.recorded(() -> {
                for (Kernel kernel : kernels) {
                    kernel.run();
                }
            });
        }

        private void touch(Value value, boolean writes) {
            DeviceMirror mirror =
                    switch (value.role()) {
                        case PARAM -> values;
                        case PARAM_GRADIENT -> gradients;
                        case INPUT, OUTPUT -> mirror(border.get(value.id()));
                        case ACTIVATION -> null;
                    };
            if (mirror != null) {
                touched.add(mirror);
                if (writes) {
                    written.add(mirror);
                }
            }
        }

        @Override
        public void run() {
            around(recorded::run);
        }

        @Override
        public void around(Runnable steps) {
            gpu.enter();
            touched.forEach(DeviceMirror::toDevice);
            if (draws) {
                words.put(0, noise.seed()).put(1, noise.pass());
                gpu.upload(noiseWords.address(), words.address(), 2 * Long.BYTES);
            }
            steps.run();
            written.forEach(DeviceMirror::deviceChanged);
            if (!gpu.inStep()) {
                for (Runnable check : afterwards) {
                    check.run();
                }
            }
        }
    }

    Gpu gpu() {
        return gpu;
    }

    CudaOptions options() {
        return options;
    }

    boolean accumulates() {
        return accumulate;
    }

    Place noise() {
        return Place.of(noiseWords);
    }

    Parameters.Place place(Value parameter) {
        return parameters.place(parameter.name());
    }

    /** Bytes from the start of the aligned memory that a value lies in. */
    private long offset(Value value) {
        return switch (value.role()) {
            case PARAM, PARAM_GRADIENT -> place(value).offset() * Float.BYTES;
            case ACTIVATION -> memoryPlan.offset(value);
            case INPUT, OUTPUT -> {
                yield border.get(value.id()).offset();
            }
        };
    }

    Place at(Value value) {
        long offset = offset(value);
        return switch (value.role()) {
            case PARAM -> values.place().plus(offset);
            case PARAM_GRADIENT -> gradients.place().plus(offset);
            case ACTIVATION -> Place.of(arena).plus(offset);
            case INPUT, OUTPUT -> mirror(border.get(value.id())).place().plus(offset);
        };
    }

    /** Whether four numbers of each value can be read at once. */
    boolean wide(Value... all) {
        for (Value value : all) {
            if (offset(value) % (4L * value.type().bytes()) != 0) {
                return false;
            }
        }
        return true;
    }

    /** A power of two, at most 16, that a value's address is a multiple of. */
    int alignment(Value value) {
        return (int) Math.min(16, Long.lowestOneBit(offset(value) | 16));
    }

    static String type(DType type) {
        return switch (type) {
            case F32 -> "float";
            case BF16 -> "bf16";
            case U8 -> "u8";
        };
    }

    static String t(Value value) {
        return "T=" + type(value.type());
    }

    /** Steps from element to element on each axis. */
    long[] strides(Value value) {
        return value.role() == Role.PARAM || value.role() == Role.PARAM_GRADIENT
                ? place(value).strides().stream().mapToLong(Long::longValue).toArray()
                : natural(value.shape());
    }

    /** Rows one after the other, images with their channels last. */
    static long[] natural(Shape shape) {
        return switch (shape.rank()) {
            case 1 -> new long[] {1};
            case 2 -> new long[] {shape.size(1), 1};
            case 5 -> { // weights in groups
                long row = shape.size(4) * shape.size(2);
                long filter = shape.size(3) * row;
                yield new long[] {shape.size(1) * filter, filter, 1, row, shape.size(2)};
            }
            default -> {
                long row = shape.size(3) * shape.size(1);
                yield new long[] {shape.size(2) * row, 1, row, shape.size(1)};
            }
        };
    }

    /** Scratch memory for the present node. */
    Place scratch(long bytes) {
        long offset = workspaceUsed;
        workspaceUsed += (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        workspaceBytes = Math.max(workspaceBytes, workspaceUsed);
        return () -> workspace.address() + offset;
    }

    /**
     * Where a node writes 32-bit numbers row by row: the value itself, or scratch memory that is moved or added to a parameter's gradient
     * afterwards.
     */
    Place output(Value value) {
        boolean asItIs = java.util.Arrays.equals(strides(value), natural(value.shape()));
        if (value.role() != Role.PARAM_GRADIENT || asItIs && !accumulate) {
            return at(value);
        }
        Place scratch = scratch(value.bytes());
        afterNode.add(() -> MoveKernels.box(
                this,
                MoveKernels.Side.of(scratch, value.type(), natural(value.shape())),
                MoveKernels.Side.of(at(value), value.type(), strides(value)),
                value.shape().array(),
                accumulate));
        return scratch;
    }

    /** A parameter's copy in another type, row by row or with its channels last, made anew after each update. */
    Place derived(Value parameter, DType type) {
        long[] order = natural(parameter.shape());
        if (type == DType.F32 && java.util.Arrays.equals(order, strides(parameter))) {
            return at(parameter);
        }
        String key = "cuda " + parameter.name() + " " + type;
        return ((Copy) parameters.derive(key, () -> {
                    DeviceMemory memory =
                            new DeviceMemory(gpu, parameter.shape().elements() * type.bytes());
                    Kernel kernel = MoveKernels.boxKernel(
                            gpu,
                            MoveKernels.Side.of(at(parameter), DType.F32, strides(parameter)),
                            MoveKernels.Side.of(Place.of(memory), type, order),
                            parameter.shape().array(),
                            false);
                    return new Copy(Place.of(memory), () -> {
                        gpu.enter();
                        values.toDevice();
                        kernel.run();
                    });
                }))
                .place();
    }

    private record Copy(Place place, Kernel kernel) implements Parameters.Derived {
        @Override
        public void run() {
            kernel.run();
        }
    }

    void launch(KernelName name, Grid grid, Arguments arguments) {
        add(name.toString(), gpu.launch(name, grid, arguments));
    }

    void add(String implementation, Kernel kernel) {
        steps.add(new Tape.Step(node, implementation, kernel));
    }

    void zero(Place place, long bytes) {
        add("memset", () -> gpu.zero(place.address(), bytes));
    }

    /** Runs on the host after each run of the tape that is being prepared, but not within recorded steps. */
    void check(Runnable check) {
        checks.add(check);
    }
}
