package org.latent4j.compute.cuda;

import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.cuda.cudart.CUctx_st;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUgraphExec_st;
import org.bytedeco.cuda.cudart.CUmod_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.latent4j.compute.graph.Kernel;

/** A card of this machine. There is one of these for each, for the life of the process. */
final class CudaGpu implements Gpu {
    /** Environment variable; "off" leaves each pass a launch of its own, where a library can't be recorded. */
    private static final String STEP_GRAPHS = "LATENT4J_CUDA_STEP_GRAPHS";

    /** More than steps that are under way; waiting for a later mark than one's own only takes longer. */
    private static final int MARKS = 16;

    private static final Map<Integer, CudaGpu> OPEN = new ConcurrentHashMap<>();

    private final CudaCard card;
    private final CUctx_st context;
    private final CUstream_st stream;
    private final CudaLibraries libraries;
    private final KernelCache cache;
    private final Map<String, CUmod_st> modules = new HashMap<>();
    private final Steps steps = new Steps(new StreamRecorder());
    private Decompositions decompositions;
    private final CUevent_st[] marks = new CUevent_st[MARKS];
    private int nextMark;
    private final CUevent_st before;
    private final CUevent_st after;

    private CudaGpu(CudaCard card) {
        this.card = card;
        this.context = Cuda.context(card.index());
        enter();
        this.stream = Cuda.stream();
        Arrays.setAll(marks, i -> Cuda.mark());
        this.before = Cuda.event();
        this.after = Cuda.event();
        Path folder = Choices.cacheFolder();
        this.cache = new KernelCache(folder.resolve("cuda-kernels"), card.sm());
        String versions =
                "cudnn " + Cudnn.version() + " cublas " + CublasLt.version() + " driver " + Cuda.driverVersion();
        this.libraries = new CudaLibraries(
                new CublasLt(stream),
                new Cudnn(stream),
                new Choices(folder.resolve("cuda-algorithms.properties")),
                versions);
    }

    static CudaGpu of(CudaSetup setup, int index) {
        CudaCard card = setup.requireCard(index);
        return OPEN.computeIfAbsent(index, key -> new CudaGpu(card));
    }

    /** Throws {@link CudaException} if cuSOLVER is missing. */
    synchronized Decompositions decompositions() {
        if (decompositions == null) {
            if (!CudaSetup.ofSystem().has(CudaLibrary.CUSOLVER)) {
                throw new CudaException("cuSOLVER is missing, which decompositions on " + card + " need: "
                        + CudaLibrary.CUSOLVER.remedy());
            }
            enter();
            decompositions = new Cusolver(this, stream);
        }
        return decompositions;
    }

    @Override
    public CudaCard card() {
        return card;
    }

    @Override
    public CudaLibraries libraries() {
        return libraries;
    }

    @Override
    public void enter() {
        Cuda.enter(context);
    }

    @Override
    public long freeBytes() {
        return Cuda.freeBytes();
    }

    @Override
    public long allocate(long bytes) {
        steps.refuse("memory can't be taken");
        return Cuda.allocate(card.toString(), bytes);
    }

    @Override
    public void free(long address) {
        Cuda.free(address);
    }

    @Override
    public void upload(long to, long host, long bytes) {
        if (steps.upload(to, host, bytes)) {
            return;
        }
        Cuda.upload(to, Address.of(host), bytes, stream);
        // A driver that reads the host's memory itself, without staging, may still be reading it.
        Cuda.synchronize(stream);
    }

    @Override
    public void download(long host, long from, long bytes) {
        steps.refuse("numbers can't be read");
        Cuda.download(Address.of(host), from, bytes, stream);
        Cuda.synchronize(stream);
    }

    @Override
    public void copy(long to, long from, long bytes) {
        if (!steps.skips()) {
            Cuda.copy(to, from, bytes, stream);
        }
    }

    @Override
    public void zero(long to, long bytes) {
        if (!steps.skips()) {
            Cuda.zero(to, bytes, stream);
        }
    }

    @Override
    public Kernel launch(KernelName name, Grid grid, Arguments arguments) {
        CUfunc_st function = Cuda.function(module(name), name.function());
        String title = name.toString();
        return () -> {
            if (!steps.skips()) {
                Cuda.launch(function, grid, arguments.pointers(), stream, title);
                Reference.reachabilityFence(arguments); // has what the pointers point to
            }
        };
    }

    private synchronized CUmod_st module(KernelName name) {
        return modules.computeIfAbsent(name.module(), key -> {
            enter();
            try (BytePointer image = new BytePointer(cache.code(name))) {
                return Cuda.module(image);
            }
        });
    }

    @Override
    public Kernel recorded(Kernel work) {
        return new Recording(work);
    }

    /** The first run is an ordinary one, in which libraries set up what a recording must not. */
    private final class Recording implements Kernel {
        private final Kernel work;
        private boolean warm;
        private CUgraphExec_st graph;

        Recording(Kernel work) {
            this.work = work;
        }

        @Override
        public void run() {
            if (steps.active()) {
                if (!steps.skips()) {
                    work.run();
                }
                return;
            }
            if (graph == null && warm) {
                record();
            }
            if (graph == null) {
                work.run();
                warm = true;
            } else {
                Cuda.launch(graph, stream);
            }
        }

        private void record() {
            Cuda.beginCapture(stream);
            try {
                work.run();
            } catch (RuntimeException failure) {
                Cuda.abandonCapture(stream);
                throw failure;
            }
            graph = Cuda.endCapture(stream);
        }
    }

    @Override
    public Kernel step(Kernel work) {
        return "off".equals(System.getenv(STEP_GRAPHS)) ? work : steps.step(work);
    }

    @Override
    public boolean inStep() {
        return steps.active();
    }

    /** Records by capturing the stream. */
    private final class StreamRecorder implements Steps.Recorder {
        @Override
        public void begin() {
            enter();
            Cuda.beginCapture(stream);
        }

        @Override
        public Kernel end() {
            CUgraphExec_st graph = Cuda.endCapture(stream);
            return () -> {
                enter();
                Cuda.launch(graph, stream);
            };
        }

        @Override
        public void abandon() {
            Cuda.abandonCapture(stream);
        }

        @Override
        public long pinned(long bytes) {
            return Cuda.pinned(bytes);
        }

        @Override
        public void upload(long to, long pinned, long bytes) {
            Cuda.upload(to, Address.of(pinned), bytes, stream);
        }

        @Override
        public void copyOnHost(long to, long from, long bytes) {
            Pointer.memcpy(Address.of(to), Address.of(from), bytes);
        }

        @Override
        public Kernel mark() {
            CUevent_st event = marks[nextMark];
            nextMark = (nextMark + 1) % marks.length;
            Cuda.record(event, stream);
            return () -> {
                enter();
                Cuda.await(event);
            };
        }
    }

    @Override
    public double milliseconds(Kernel work) {
        steps.refuse("time can't be measured");
        enter();
        Cuda.record(before, stream);
        work.run();
        Cuda.record(after, stream);
        return Cuda.milliseconds(before, after);
    }
}
