package org.latent4j.compute.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.latent4j.compute.graph.Kernel;

/**
 * A card that is none: the kernels' own files, compiled by the host's C++ compiler, one thread after the other and fibres where threads wait
 * for each other. It proves the kernels' arithmetic, their launches and the plan around them; it says nothing of the real libraries.
 */
final class EmulatedGpu implements Gpu {
    private static final Pattern KERNEL = Pattern.compile("extern \"C\" __global__ void (\\w+)\\(");
    private static final Path FOLDER = Path.of("target", "emulated-kernels").toAbsolutePath();

    private static EmulatedGpu instance;
    private static String problem;

    private final Map<String, Long> modules = new HashMap<>();
    private final Map<Long, BytePointer> blocks = new HashMap<>();
    private final List<String> launches = new ArrayList<>();
    private final Steps steps = new Steps(new ListRecorder());
    private List<Kernel> recording;
    private boolean watching;
    private long limit = Long.MAX_VALUE;
    private long used;

    private EmulatedGpu() {
        String jdk = System.getProperty("java.home");
        Path library = compile(
                "emulator",
                read("emulator.cpp"),
                List.of("-I" + jdk + "/include", "-I" + jdk + "/include/linux", "-ldl"));
        System.load(library.toString());
    }

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

    private static String read(String name) {
        try (var in = EmulatedGpu.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path compile(String name, String source, List<String> options) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest((source + options).getBytes(StandardCharsets.UTF_8));
            String base = name.replaceAll("\\W", "_") + "-" + HexFormat.of().formatHex(digest, 0, 8);
            Path library = FOLDER.resolve(base + ".so");
            if (Files.exists(library)) {
                return library;
            }
            Files.createDirectories(FOLDER);
            Path file = Files.writeString(FOLDER.resolve(base + ".cpp"), source);
            Path made = Files.createTempFile(FOLDER, base, ".tmp");
            List<String> command = new ArrayList<>(List.of(
                    "g++",
                    "-std=c++17",
                    "-O1",
                    "-ffp-contract=off",
                    "-shared",
                    "-fPIC",
                    "-w",
                    "-o",
                    made.toString(),
                    file.toString()));
            command.addAll(options);
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String log = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(name + " doesn't compile:\n" + log);
            }
            Files.move(made, library, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            return library;
        } catch (Exception e) {
            throw e instanceof RuntimeException known ? known : new IllegalStateException(e);
        }
    }

    /** The shims in front, and behind a function for each kernel that runs its whole grid. */
    private static String hostCode(String kernels) {
        StringBuilder text = new StringBuilder(read("host-shim.h"))
                .append(read("warp-shim.h"))
                .append(kernels)
                .append('\n');
        Matcher matcher = KERNEL.matcher(kernels);
        List<String> names = new ArrayList<>();
        List<Integer> starts = new ArrayList<>();
        while (matcher.find()) {
            names.add(matcher.group(1));
            starts.add(matcher.start());
        }
        for (int i = 0; i < names.size(); i++) {
            String body = kernels.substring(starts.get(i), i + 1 < names.size() ? starts.get(i + 1) : kernels.length());
            // What threads wait for they read in shared memory, or from their warp.
            boolean waits = body.contains("__shared__") || body.contains("__syncthreads") || body.contains("across(");
            text.append(String.format(
                    "extern \"C\" void emulate_%1$s(const int* grid, void** a) { emulate(grid, %2$s, [=] { call(%1$s, a); }); }%n",
                    names.get(i), waits));
        }
        return text.toString();
    }

    private static native long open(String path);

    private static native long symbol(long library, String name);

    private static native void run(long function, int[] grid, long arguments);

    private static native void copyBytes(long to, long from, long bytes);

    private static native void zeroBytes(long to, long bytes);

    /** Kernels that ran since {@link #watch}, in order. */
    List<String> launches() {
        watching = false;
        return List.copyOf(launches);
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
            recording.add(() -> copyBytes(to, pinned, bytes));
        }

        @Override
        public void copyOnHost(long to, long from, long bytes) {
            copyBytes(to, from, bytes);
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
        if (used + bytes > limit) {
            throw new DeviceMemoryException(card().name(), bytes, used, limit - used);
        }
        BytePointer block = new BytePointer(bytes + 256);
        long address = (block.address() + 255) / 256 * 256;
        blocks.put(address, block);
        used += bytes;
        // Memory of a real card is not zero either.
        Pointer.memset(block, 0x7f, bytes + 256);
        return address;
    }

    @Override
    public synchronized void free(long address) {
        BytePointer block = blocks.remove(address);
        used -= block.capacity() - 256;
        block.close();
    }

    @Override
    public void upload(long to, long host, long bytes) {
        if (!steps.upload(to, host, bytes)) {
            copyBytes(to, host, bytes);
        }
    }

    @Override
    public void download(long host, long from, long bytes) {
        steps.refuse("numbers can't be read");
        copyBytes(host, from, bytes);
    }

    @Override
    public void copy(long to, long from, long bytes) {
        ask(() -> copyBytes(to, from, bytes));
    }

    @Override
    public void zero(long to, long bytes) {
        ask(() -> zeroBytes(to, bytes));
    }

    @Override
    public Kernel launch(KernelName name, Grid grid, Arguments arguments) {
        if (KernelSources.MODULES.stream().noneMatch(module -> module.module().equals(name.module()))) {
            throw new IllegalStateException(
                    "module " + name.module() + " is not in the list of those that are compiled");
        }
        long library = modules.computeIfAbsent(name.module(), key -> {
            return open(
                    compile(key, hostCode(KernelSources.text(name)), List.of()).toString());
        });
        long function = symbol(library, "emulate_" + name.function());
        int[] sizes = {grid.x(), grid.y(), grid.z(), grid.threadsX(), grid.threadsY()};
        return () -> ask(() -> {
            if (watching) {
                launches.add(name.toString());
            }
            run(function, sizes, arguments.pointers().address());
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
