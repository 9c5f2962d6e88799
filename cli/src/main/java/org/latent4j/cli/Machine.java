package org.latent4j.cli;

import com.sun.management.OperatingSystemMXBean;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the doctor finds out about the machine without loading native libraries of ours. */
final class Machine {
    private static final double GIB = 1L << 30;
    private static final String AMX = "amx_bf16";
    private static final String INTEL = "GenuineIntel"; // as processors name themselves
    /** Processor features that decide how fast a network trains, by their names in /proc/cpuinfo. */
    private static final Map<String, String> FEATURES = features();

    private Machine() {}

    static List<Check> checks() {
        return List.of(java(), system(), processor(), memory(), disk(), pictures());
    }

    private static Check java() {
        return Check.ok(
                "Java",
                Runtime.version() + ", " + System.getProperty("java.vendor") + ", " + System.getProperty("java.home"));
    }

    private static Check system() {
        return Check.ok(
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch"));
    }

    private static Check processor() {
        int cores = Runtime.getRuntime().availableProcessors();
        String count = cores + (cores == 1 ? " core" : " cores");
        String info = processorInfo();
        String model = firstMatch("(?m)^model name\\s*:\\s*(.*)$", info).orElse(System.getProperty("os.arch"));
        Set<String> present = flags(info);
        if (present.isEmpty()) {
            return Check.ok("processor", model + ", " + count);
        }
        List<String> with = new ArrayList<>();
        List<String> without = new ArrayList<>();
        FEATURES.forEach((flag, name) -> (present.contains(flag) ? with : without).add(name));
        String detail = model + ", " + count + (with.isEmpty() ? "" : ", with " + String.join(", ", with))
                + (without.isEmpty() ? "" : ", without " + String.join(", ", without));
        return present.contains("avx2")
                ? Check.ok("processor", detail)
                : Check.note("processor", detail, "training is slow without AVX2");
    }

    /** Whether this is known to be a processor on which products of 16-bit numbers are no faster than those of floats: Intel's are that without AMX, AMD's are not. */
    static boolean isSlowInBf16() {
        return isSlowInBf16(processorInfo());
    }

    static boolean isSlowInBf16(String processorInfo) {
        Set<String> flags = flags(processorInfo);
        return processorInfo.contains(INTEL) && !flags.isEmpty() && !flags.contains(AMX);
    }

    private static String processorInfo() {
        return read(Path.of("/proc/cpuinfo")).orElse("");
    }

    /** None where the system does not tell them. */
    private static Set<String> flags(String processorInfo) {
        return firstMatch("(?m)^flags\\s*:\\s*(.*)$", processorInfo)
                .map(flags -> Arrays.stream(flags.trim().split("\\s+")).collect(Collectors.toSet()))
                .orElse(Set.of());
    }

    private static Check memory() {
        double total =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize() / GIB;
        double heap = Runtime.getRuntime().maxMemory() / GIB;
        Optional<Double> available = read(Path.of("/proc/meminfo"))
                .flatMap(info -> firstMatch("(?m)^MemAvailable:\\s*(\\d+) kB", info))
                .map(kilobytes -> Double.parseDouble(kilobytes) * 1024 / GIB);
        String detail = gib(total)
                + available.map(free -> ", " + gib(free) + " available").orElse("") + ", Java heap at most "
                + gib(heap);
        return available.orElse(total) < 2
                ? Check.note("memory", detail, "little: take a small --batch, or end other programs")
                : Check.ok("memory", detail);
    }

    private static Check disk() {
        Path here = Path.of("").toAbsolutePath();
        try {
            double free = Files.getFileStore(here).getUsableSpace() / GIB;
            String detail = gib(free) + " free in " + here;
            if (!Files.isWritable(here)) {
                return Check.note("disk", detail + ", not writable", "give --out a folder that can be written");
            }
            return free < 2
                    ? Check.note(
                            "disk", detail, "little: checkpoints and decoded images need room; give --out another disk")
                    : Check.ok("disk", detail);
        } catch (IOException unknown) {
            return Check.note("disk", "free space of " + here + " is unknown: " + unknown.getMessage(), "");
        }
    }

    /** Slim images of Linux often lack fonts, without which Java draws no text at all. */
    private static Check pictures() {
        try {
            BufferedImage picture = new BufferedImage(40, 20, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = picture.createGraphics();
            graphics.drawString("x", 10, 15);
            graphics.dispose();
            return Check.ok("pictures", "text and images can be drawn");
        } catch (RuntimeException | Error noFonts) {
            return Check.missing(
                    "pictures",
                    "Java can't draw text, which plots need: " + noFonts,
                    "apt-get install fontconfig libfreetype6 fonts-dejavu-core");
        }
    }

    /** Maven and git, where the command runs from a checkout, which it rebuilds after changes. Nothing elsewhere. */
    static List<Check> building() {
        String home = System.getProperty("latent4j.home");
        if (home == null || !Files.isRegularFile(Path.of(home, "pom.xml"))) {
            return List.of();
        }
        return List.of(tool("Maven", "mvn", "maven"), tool("git", "git", "git"));
    }

    private static Check tool(String name, String command, String debianPackage) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(Pattern.quote(File.pathSeparator))) {
            for (String suffix : List.of("", ".exe", ".cmd")) {
                File file = new File(folder, command + suffix);
                if (file.isFile() && file.canExecute()) {
                    return Check.ok(name, file.getPath());
                }
            }
        }
        return Check.missing(name, "needed to update and rebuild, not to run", "apt-get install " + debianPackage);
    }

    private static Map<String, String> features() {
        Map<String, String> features = new LinkedHashMap<>();
        features.put("avx2", "AVX2");
        features.put("avx512f", "AVX-512");
        features.put("avx512_bf16", "AVX-512 bf16");
        features.put(AMX, "AMX bf16");
        return features;
    }

    private static Optional<String> firstMatch(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().findFirst().map(match -> match.group(1));
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException notHere) {
            return Optional.empty(); // not Linux, or not allowed
        }
    }

    private static String gib(double gib) {
        return String.format(Locale.ROOT, "%.1f GiB", gib);
    }
}
