package org.latent4j.compute.cuda;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the CUDA libraries are: in {@code LATENT4J_CUDA_PATH}, {@code LD_LIBRARY_PATH}, a toolkit of {@code CUDA_HOME} or
 * {@code CUDA_PATH}, a Python environment (active, or of the python on {@code PATH}), {@code /usr/local/cuda*}, the distribution's folders,
 * in this order. It looks at names of files only and loads nothing.
 *
 * <p>All files of a library are taken from one folder, so that versions don't mix.
 */
public final class LibraryFinder {
    /** A list of folders, toolkits or Python environments, to be searched before all others. */
    public static final String OWN_PATH = "LATENT4J_CUDA_PATH";

    private static final List<String> SYSTEM_FOLDERS = List.of(
            "usr/lib/x86_64-linux-gnu",
            "usr/lib64",
            "lib/x86_64-linux-gnu",
            "lib64",
            "usr/lib",
            "usr/local/lib",
            "usr/local/nvidia/lib64",
            "usr/local/nvidia/lib",
            "usr/lib/wsl/lib",
            "usr/lib64/nvidia",
            "usr/lib/nvidia");

    private final Set<Path> folders = new LinkedHashSet<>();

    /**
     * Looks for folders.
     *
     * @param environment environment variables
     * @param root of the file system
     * @param home the user's folder
     */
    public LibraryFinder(Map<String, String> environment, Path root, Path home) {
        paths(environment, OWN_PATH).forEach(this::everythingIn);
        folders.addAll(paths(environment, "LD_LIBRARY_PATH"));
        for (String name : List.of("CUDA_HOME", "CUDA_PATH", "CUDA_ROOT", "VIRTUAL_ENV", "CONDA_PREFIX")) {
            paths(environment, name).forEach(this::everythingIn);
        }
        for (Path folder : paths(environment, "PATH")) {
            if (Files.exists(folder.resolve("python3")) || Files.exists(folder.resolve("python"))) {
                pythonIn(folder.resolveSibling("."));
            }
        }
        matching(root.resolve("usr/local"), "cuda*").stream()
                .sorted(Comparator.comparing((Path path) -> path.getFileName().toString())
                        .reversed())
                .forEach(this::everythingIn);
        everythingIn(root.resolve("opt/cuda"));
        SYSTEM_FOLDERS.forEach(name -> folders.add(root.resolve(name)));
        pythonIn(home.resolve(".local"));
        pythonIn(root.resolve("usr/local"));
        pythonIn(root.resolve("usr"));
        folders.removeIf(folder -> !Files.isDirectory(folder));
    }

    /** For this process on this machine. */
    public static LibraryFinder ofSystem() {
        return new LibraryFinder(System.getenv(), Path.of("/"), Path.of(System.getProperty("user.home")));
    }

    /** A toolkit, a Python environment, its site-packages, or a folder of libraries: whatever the user thought of. */
    private void everythingIn(Path place) {
        folders.add(place);
        for (String name : List.of("lib64", "lib", "targets/x86_64-linux/lib", "lib/x86_64-linux-gnu")) {
            folders.add(place.resolve(name));
        }
        packagesIn(place);
        pythonIn(place);
    }

    private void pythonIn(Path environment) {
        for (Path python : matching(environment.resolve("lib"), "python3*")) {
            packagesIn(python.resolve("site-packages"));
            packagesIn(python.resolve("dist-packages"));
        }
    }

    private void packagesIn(Path packages) {
        matching(packages.resolve("nvidia"), "*").forEach(one -> folders.add(one.resolve("lib")));
    }

    private static List<Path> paths(Map<String, String> environment, String name) {
        List<Path> paths = new ArrayList<>();
        for (String entry : environment.getOrDefault(name, "").split(":")) {
            if (!entry.isBlank()) {
                paths.add(Path.of(entry.trim()).toAbsolutePath());
            }
        }
        return paths;
    }

    private static List<Path> matching(Path folder, String pattern) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, pattern)) {
            stream.forEach(found::add);
        } catch (IOException unreadable) {
            return List.of(); // as good as not there
        }
        found.sort(Comparator.naturalOrder());
        return found;
    }

    /** The folders that exist, in the order of the search. */
    public Collection<Path> folders() {
        return List.copyOf(folders);
    }

    /** The folder that has all files of a library. */
    public Optional<Path> folder(CudaLibrary library) {
        return folders.stream()
                .filter(folder -> library.files().stream().allMatch(file -> Files.isRegularFile(folder.resolve(file))))
                .findFirst()
                .map(Path::normalize);
    }

    /** All that are there. */
    public Map<CudaLibrary, Path> all() {
        Map<CudaLibrary, Path> found = new EnumMap<>(CudaLibrary.class);
        for (CudaLibrary library : CudaLibrary.values()) {
            folder(library).ifPresent(folder -> found.put(library, folder));
        }
        return found;
    }

    /** The full version of a library's file by the name behind its link, "libcublas.so.13.1.0.3"; else the one it was asked by. */
    public static String version(Path folder, CudaLibrary library) {
        Path file = folder.resolve(library.files().get(0));
        String name = file.getFileName().toString();
        try {
            String real = file.toRealPath().getFileName().toString();
            name = real.contains(".so.") && real.length() >= name.length() ? real : name;
        } catch (IOException unreadable) {
            // The short name will do.
        }
        return name.substring(name.indexOf(".so.") + ".so.".length());
    }
}
