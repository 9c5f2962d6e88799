package org.latent4j.compute.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kernels' own files for the host: compiled by its C++ compiler, each with what runs its whole grid. */
final class EmulatedKernels {
    private static final Pattern KERNEL = Pattern.compile("extern \"C\" __global__ void (\\w+)\\(");
    private static final List<String> SHIMS = List.of("host-shim.h", "races-shim.h", "threads-shim.h", "warp-shim.h");
    private static final Path FOLDER = Path.of("target", "emulated-kernels").toAbsolutePath();

    /** As instrumented for g++'s thread sanitizer, without its library: the shims have what is called. */
    private static final List<String> WATCHED = List.of(
            "-DWATCH_RACES",
            "-fsanitize=thread",
            "--param=tsan-distinguish-volatile=1",
            "-nodefaultlibs",
            "-lstdc++",
            "-lm",
            "-lc",
            "-lgcc");

    /** The one of this process; there before anything native is asked for. */
    private static final EmulatedKernels INSTANCE = new EmulatedKernels();

    private final Map<String, Long> libraries = new HashMap<>();

    private EmulatedKernels() {
        String jdk = System.getProperty("java.home");
        Path library = compile(
                "emulator",
                read("emulator.cpp"),
                List.of("-I" + jdk + "/include", "-I" + jdk + "/include/linux", "-ldl"));
        System.load(library.toString());
    }

    static EmulatedKernels get() {
        return INSTANCE;
    }

    /** Why kernels can't be watched for races here; empty if they can. */
    static String problem() {
        String problem = EmulatedGpu.problem();
        if (!problem.isEmpty()) {
            return problem;
        }
        try {
            compile("nothing", "int nothing;", WATCHED);
            return "";
        } catch (IllegalStateException old) {
            return "g++ before 11 doesn't tell volatile accesses from others: " + old.getMessage();
        }
    }

    /** The address of what runs a kernel. */
    long plain(KernelName name) {
        return plain(name, source(name));
    }

    /** The same, which looks for races. */
    long watched(KernelName name) {
        return watched(name, source(name));
    }

    long plain(KernelName name, String source) {
        return address(name.module(), source, name.function(), List.of());
    }

    long watched(KernelName name, String source) {
        return address(name.module() + " watched", source, name.function(), WATCHED);
    }

    private static String source(KernelName name) {
        if (KernelSources.MODULES.stream().noneMatch(module -> module.module().equals(name.module()))) {
            throw new IllegalStateException(
                    "module " + name.module() + " is not in the list of those that are compiled");
        }
        return KernelSources.text(name);
    }

    private synchronized long address(String module, String source, String function, List<String> options) {
        long library = libraries.computeIfAbsent(
                options + source,
                key -> open(compile(module, hostCode(source), options).toString()));
        return symbol(library, "emulate_" + function);
    }

    private static String read(String name) {
        try (var in = EmulatedKernels.class.getResourceAsStream(name)) {
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
            Files.move(made, library, StandardCopyOption.REPLACE_EXISTING);
            return library;
        } catch (Exception e) {
            throw e instanceof RuntimeException known ? known : new IllegalStateException(e);
        }
    }

    /** The shims in front, and behind a function for each kernel that runs its whole grid. */
    private static String hostCode(String kernels) {
        StringBuilder text = new StringBuilder();
        SHIMS.forEach(shim -> text.append(read(shim)));
        text.append(kernels).append('\n');
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
                    "extern \"C\" void emulate_%1$s(const int* n, const long long* memory, char* told, void** a) {"
                            + " emulate(n, memory, told, %2$s, [=] { call(%1$s, a); }); }%n",
                    names.get(i), waits));
        }
        return text.toString();
    }

    private static native long open(String path);

    private static native long symbol(long library, String name);

    /**
     * Runs a grid.
     *
     * @param numbers blocks and threads as in {@link Grid}, in which order, how many pieces of memory
     * @param memory of the card: address and bytes of each piece, ascending
     * @return what was wrong with it, or null
     */
    static native String run(long function, int[] numbers, long[] memory, long arguments);

    static native void copyBytes(long to, long from, long bytes);

    static native void zeroBytes(long to, long bytes);
}
