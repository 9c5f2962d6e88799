package org.latent4j.compute.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.latent4j.compute.graph.Kernel;

/**
 * A card that is none: the kernels' own files, compiled by the host's C++ compiler, one thread after the other and fibres where threads wait
 * for each other. It proves the kernels' arithmetic, their launches and the plan around them; it says nothing of the real libraries.
 */
final class EmulatedGpu implements Gpu {
    private static final int ALIGNMENT = 256;
    /** What memory holds before it is written. */
    private static final byte UNWRITTEN = 0x7f;

    private static EmulatedGpu instance;
    private static String problem;

    private final LaunchCheck check = new LaunchCheck();
    private final Map<Long, BytePointer> blocks = new HashMap<>();
    private final NavigableMap<Long, Long> memory = new TreeMap<>();
    private final List<String> launches = new ArrayList<>();
    private final Steps steps = new Steps(new ListRecorder());
    private List<Kernel> recording;
    private boolean watching;
    private long limit = Long.MAX_VALUE;
    private long used;
    private String outside; // of which memory somebody wrote, and has not been told; or null

    /** The one of this process. */
    static synchronized EmulatedGpu get() {
        if (instance == null) {
            instance = new EmulatedGpu();
        }
        return instance;
    }

    /** Why there can be none here; empty if there can. */
    static synchronized String problem() {
        if (problem == null) {
            problem = "";
            if (!Files.exists(Path.of(System.getProperty("java.home"), "include", "jni.h"))) {
                problem = "the JDK has no jni.h";
            }
            try {
                Process process = new ProcessBuilder("g++", "--version")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
                    problem = "g++ doesn't work";
                }
            } catch (IOException absent) {
                problem = "there is no g++";
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                problem = "interrupted";
            }
        }
        return problem;
    }

    /** Kernels that ran since {@link #watch}, in order. */
    List<String> launches() {
        watching = false;
        return List.copyOf(launches);
    }

    /** The piece of memory that an address lies in, and its bytes; null if it lies in none. */
    private synchronized Map.Entry<Long, Long> piece(long address) {
        Map.Entry<Long, Long> found = memory.floorEntry(address);
        return found != null && address < found.getKey() + found.getValue() ? found : null;
    }

    void watch() {
        launches.clear();
        watching = true;
    }

    /** From now on so many bytes can be in use. */
    void limit(long bytes) {
        limit = bytes;
    }

    synchronized long used() {
        return used;
    }

    @Override
    public CudaCard card() {
        return new CudaCard(0, "emulated card", 90, 1, limit);
    }

    @Override
    public CudaLibraries libraries() {
        return null;
    }

    @Override
    public void enter() {
        // There is no context.
    }

    /** Does the work, or puts it into the recording that is being made. */
    private void ask(Kernel work) {
        if (steps.skips()) {
            return;
        }
        if (recording == null) {
            work.run();
        } else {
            recording.add(work);
        }
    }

    /** A recording is a list of what was asked. Uploads read page-locked memory when it is their turn, as on a card. */
    private final class ListRecorder implements Steps.Recorder {
        private final List<BytePointer> memory = new ArrayList<>();

        @Override
        public void begin() {
            recording = new ArrayList<>();
        }

        @Override
        public Kernel end() {
            List<Kernel> made = recording;
            recording = null;
            return () -> {
                if (watching) {
                    launches.add("recording of " + made.size());
                }
                made.forEach(Kernel::run);
            };
        }

        @Override
        public void abandon() {
            recording = null;
        }

        @Override
        public long pinned(long bytes) {
            BytePointer made = new BytePointer(bytes);
            memory.add(made);
            return made.address();
        }

        @Override
        public void upload(long to, long pinned, long bytes) {
            recording.add(() -> EmulatedKernels.copyBytes(to, pinned, bytes));
        }

        @Override
        public void copyOnHost(long to, long from, long bytes) {
            EmulatedKernels.copyBytes(to, from, bytes);
        }

        @Override
        public Kernel mark() {
            return () -> {};
        }
    }

    @Override
    public boolean inStep() {
        return steps.active();
    }

    @Override
    public Kernel step(Kernel work) {
        return steps.step(work);
    }

    @Override
    public synchronized long freeBytes() {
        return limit - used;
    }

    @Override
    public synchronized long allocate(long bytes) {
        steps.refuse("memory can't be taken");
        tellOutside();
        if (used + bytes > limit) {
            throw new DeviceMemoryException(card().name(), bytes, used, limit - used);
        }
        BytePointer block = new BytePointer(bytes + 2 * ALIGNMENT); // a border on either side
        long address = (block.address() / ALIGNMENT + 1) * ALIGNMENT;
        blocks.put(address, block);
        memory.put(address, bytes);
        used += bytes;
        // Memory of a real card is not zero either.
        Pointer.memset(block, UNWRITTEN, block.capacity());
        return address;
    }

    @Override
    public synchronized void free(long address) {
        BytePointer block = blocks.remove(address);
        long bytes = memory.remove(address);
        used -= bytes;
        long before = address - block.address();
        if (wasWritten(block, 0, before) || wasWritten(block, before + bytes, block.capacity())) {
            outside = "a launch before this wrote outside of a piece of " + bytes + " bytes of the card's memory";
        }
        block.close();
        if (!Thread.currentThread().getName().startsWith("Cleaner")) { // whom nobody hears
            tellOutside();
        }
    }

    private void tellOutside() {
        if (outside != null) {
            String told = outside;
            outside = null;
            throw new AssertionError(told);
        }
    }

    private static boolean wasWritten(BytePointer block, long from, long to) {
        for (long i = from; i < to; i++) {
            if (block.get(i) != UNWRITTEN) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void upload(long to, long host, long bytes) {
        if (!steps.upload(to, host, bytes)) {
            EmulatedKernels.copyBytes(to, host, bytes);
        }
    }

    @Override
    public void download(long host, long from, long bytes) {
        steps.refuse("numbers can't be read");
        EmulatedKernels.copyBytes(host, from, bytes);
    }

    @Override
    public void copy(long to, long from, long bytes) {
        ask(() -> EmulatedKernels.copyBytes(to, from, bytes));
    }

    @Override
    public void zero(long to, long bytes) {
        ask(() -> EmulatedKernels.zeroBytes(to, bytes));
    }

    @Override
    public Kernel launch(KernelName name, Grid grid, Arguments arguments) {
        long function = EmulatedKernels.get().plain(name);
        return () -> ask(() -> {
            if (watching) {
                launches.add(name.toString());
            }
            check.run(name, function, grid, arguments, this::piece);
        });
    }

    @Override
    public Kernel recorded(Kernel work) {
        return work;
    }

    @Override
    public double milliseconds(Kernel work) {
        steps.refuse("time can't be measured");
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) * 1e-6;
    }
}
