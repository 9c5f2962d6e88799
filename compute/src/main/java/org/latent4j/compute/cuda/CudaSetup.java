package org.latent4j.compute.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.latent4j.compute.nd4j.Nd4jBackends;

/**
 * What there is of CUDA on this machine, found out once. Without a driver nothing is loaded.
 *
 * <p>{@link #requireCard} throws {@link CudaException} that names what is missing and how to get it.
 */
public final class CudaSetup {
    private static final int NEEDED_DRIVER = 13000;
    /** What the networks need; the primitives' decompositions take cuSOLVER as well. */
    private static final Set<CudaLibrary> FOR_NETWORKS =
            EnumSet.of(CudaLibrary.RUNTIME, CudaLibrary.NVRTC, CudaLibrary.CUBLAS, CudaLibrary.CUDNN);

    private static CudaSetup found;

    /**
     * One library or the cards, for a report.
     *
     * @param good whether all is well
     * @param remedy what to do about it; empty if nothing
     */
    public record Line(String name, boolean good, String detail, String remedy) {}

    private final Map<CudaLibrary, Path> folders;
    private final Set<CudaLibrary> loaded = EnumSet.noneOf(CudaLibrary.class);
    private final List<Line> lines = new ArrayList<>();
    private final Map<String, String> versions = new LinkedHashMap<>();
    private final List<CudaCard> cards = new ArrayList<>();
    private String problem = "";

    CudaSetup(LibraryFinder finder) {
        folders = finder.all();
        kernelModule().ifPresent(version -> tell("NVIDIA kernel module", version));
        if (folders.containsKey(CudaLibrary.DRIVER)) {
            for (CudaLibrary library : CudaLibrary.values()) {
                load(library);
            }
            look();
        } else {
            problem =
                    "no NVIDIA driver was found (" + CudaLibrary.DRIVER.files().get(0) + ")";
            for (CudaLibrary library : CudaLibrary.values()) {
                lines.add(unloaded(library));
            }
        }
    }

    /** Nothing is looked for. */
    private CudaSetup(String problem) {
        this.folders = Map.of();
        this.problem = problem;
    }

    /** Of this process, made on first use. */
    public static synchronized CudaSetup ofSystem() {
        if (found == null) {
            found = Nd4jBackends.ofClassPath().areOnCards()
                    ? new CudaSetup("the bindings on the class path are those of nd4j-cuda-11.6")
                    : new CudaSetup(LibraryFinder.ofSystem());
        }
        return found;
    }

    /** Each library, then the cards. */
    public List<Line> lines() {
        return List.copyOf(lines);
    }

    /** Versions of what was loaded, by name, in the order of {@link #lines}. */
    public Map<String, String> versions() {
        return Collections.unmodifiableMap(versions);
    }

    /** Cards that can be used. */
    public List<CudaCard> cards() {
        return List.copyOf(cards);
    }

    /** Why no card can be used; empty if one can. */
    public String problem() {
        return problem;
    }

    boolean has(CudaLibrary library) {
        return loaded.contains(library);
    }

    /** The card of this index, if it can be used. */
    public CudaCard requireCard(int index) {
        if (!problem.isEmpty()) {
            throw new CudaException(problem + "; latent4j doctor tells what is missing");
        }
        return cards.stream()
                .filter(card -> card.index() == index)
                .findFirst()
                .orElseThrow(() -> new CudaException("there is no usable card cuda:" + index + "; there are " + cards));
    }

    /** The version of the NVIDIA driver's part in the kernel, where one is loaded. */
    private static Optional<String> kernelModule() {
        try {
            return Pattern.compile("Kernel Module.*?\\s(\\d+\\.\\d+(?:\\.\\d+)?)\\s")
                    .matcher(Files.readString(Path.of("/proc/driver/nvidia/version")))
                    .results()
                    .findFirst()
                    .map(match -> match.group(1));
        } catch (IOException none) {
            return Optional.empty(); // no driver, or not Linux
        }
    }

    private void tell(String name, String version) {
        versions.put(name, version);
        lines.add(new Line(name, true, version, ""));
    }

    private Line unloaded(CudaLibrary library) {
        Path folder = folders.get(library);
        return folder == null
                ? new Line(library.title(), false, "not found", library.remedy())
                : new Line(
                        library.title(),
                        true,
                        LibraryFinder.version(folder, library) + " in " + folder + ", not tried without a driver",
                        "");
    }

    private void load(CudaLibrary library) {
        Path folder = folders.get(library);
        if (folder == null) {
            lines.add(unloaded(library));
            return;
        }
        String number = LibraryFinder.version(folder, library);
        String version = number + " in " + folder;
        try {
            for (String file : library.files()) {
                System.load(folder.resolve(file).toRealPath().toString());
            }
            loaded.add(library);
            versions.put(library.title(), number);
            lines.add(new Line(library.title(), true, version, ""));
        } catch (IOException | UnsatisfiedLinkError broken) {
            lines.add(new Line(
                    library.title(), false, version + " can't be loaded: " + broken.getMessage(), library.remedy()));
        }
    }

    private void look() {
        if (!loaded.contains(CudaLibrary.DRIVER) || !loaded.contains(CudaLibrary.RUNTIME)) {
            problem = "the NVIDIA driver or the CUDA runtime can't be loaded";
            return;
        }
        try {
            int driver = Cuda.driverVersion();
            if (driver < NEEDED_DRIVER) {
                problem =
                        "the NVIDIA driver speaks CUDA " + words(driver) + ", but 13.0 or newer (driver 580) is needed";
                lines.add(new Line("CUDA of the driver", false, words(driver), CudaLibrary.DRIVER.remedy()));
                return;
            }
            tell("CUDA of the driver", words(driver));
            int count = Cuda.cards();
            for (int i = 0; i < count; i++) {
                CudaCard card = Cuda.card(i);
                if (card.isSupported()) {
                    cards.add(card);
                }
                lines.add(new Line(
                        "card " + i,
                        card.isSupported(),
                        card.toString(),
                        card.isSupported()
                                ? ""
                                : "older than sm_" + CudaCard.OLDEST
                                        + ": build with -Pnd4j-cuda and use --device nd4j"));
            }
            List<String> missing = FOR_NETWORKS.stream()
                    .filter(library -> !loaded.contains(library))
                    .map(CudaLibrary::title)
                    .toList();
            if (cards.isEmpty()) {
                problem = count == 0 ? "there is no NVIDIA card" : "no card is of sm_" + CudaCard.OLDEST + " or newer";
            } else if (!missing.isEmpty()) {
                problem = "these libraries are missing: " + String.join(", ", missing);
            }
        } catch (CudaException | UnsatisfiedLinkError broken) {
            problem = "the NVIDIA driver doesn't work: " + broken.getMessage();
            lines.add(new Line("driver's answer", false, broken.getMessage(), CudaLibrary.DRIVER.remedy()));
        }
    }

    private static String words(int version) {
        return version / 1000 + "." + version % 1000 / 10;
    }
}
