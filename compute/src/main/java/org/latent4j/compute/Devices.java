package org.latent4j.compute;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.latent4j.compute.cpu.CpuBackend;
import org.latent4j.compute.cpu.CpuPrimitives;
import org.latent4j.compute.cuda.CudaSetup;
import org.latent4j.compute.graph.Backend;
import org.latent4j.compute.nd4j.Nd4jPrimitives;

/**
 * The one place that chooses a device and says why.
 *
 * <p>A device is chosen once. A forced choice that can't work throws {@link ComputeException}; nothing falls back silently.
 */
public final class Devices {
    private static final Pattern NAME = Pattern.compile("(nd4j|cpu|cuda)(?::(\\d{1,3}))?");

    /** A device, and the reason for it in words for a person. */
    public record Choice(Device device, String reason) {}

    /**
     * What is known of one device.
     *
     * @param usable whether it can be chosen
     * @param detail what it is, or why it can't be chosen
     */
    public record State(String name, boolean usable, String detail) {}

    private Devices() {}

    /** Every device with its state, best first. */
    public static List<State> states() {
        return List.of(
                cuda(),
                new State("cpu", true, "DL4J graphs compiled to oneDNN"),
                new State("nd4j", true, "stock DL4J on the ND4J backend of the class path"));
    }

    private static State cuda() {
        CudaSetup setup = CudaSetup.ofSystem();
        return setup.problem().isEmpty()
                ? new State("cuda", false, "the compiled CUDA backend is not in this version")
                : new State("cuda", false, setup.problem());
    }

    /**
     * Chooses by name: {@code auto}, {@code nd4j}, {@code cpu}, {@code cuda} or {@code cuda:INDEX}.
     *
     * @param uncompilable asked only for compiled devices: what of the networks they can't run
     */
    public static Choice choose(String name, Supplier<List<String>> uncompilable) {
        if (name.equals("auto")) {
            List<String> problems = uncompilable.get();
            return problems.isEmpty()
                    ? new Choice(
                            new Device(Device.Kind.CPU, 0),
                            "networks compiled to oneDNN; no GPU can be used: " + cuda().detail())
                    : new Choice(
                            new Device(Device.Kind.ND4J, 0),
                            "stock DL4J, because these can't be compiled: " + String.join("; ", problems));
        }
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches() || matcher.group(2) != null && !matcher.group(1).equals("cuda")) {
            throw new ComputeException("unknown device '" + name + "'; there are auto, nd4j, cpu, cuda and cuda:INDEX");
        }
        State state = states().stream()
                .filter(s -> s.name().equals(matcher.group(1)))
                .findFirst()
                .orElseThrow();
        if (!state.usable()) {
            throw new ComputeException(
                    "device " + name + " can't be used: " + state.detail() + "; use --device nd4j (or auto)");
        }
        Device.Kind kind = Device.Kind.valueOf(matcher.group(1).toUpperCase(Locale.ROOT));
        List<String> problems = kind == Device.Kind.ND4J ? List.of() : uncompilable.get();
        if (!problems.isEmpty()) {
            throw new ComputeException("device " + name + " can't run these networks: " + String.join("; ", problems)
                    + "; use --device nd4j, which runs every DL4J network");
        }
        int index = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
        return new Choice(new Device(kind, index), "as asked");
    }

    /**
     * What runs compiled networks on a device.
     *
     * <p>Throws {@link ComputeException} for a device that compiles none.
     */
    public static Backend backend(Device device) {
        return switch (device.kind()) {
            case CPU -> new CpuBackend();
            case ND4J ->
                throw new ComputeException("device nd4j runs networks by DL4J and compiles none; use --device cpu");
            case CUDA ->
                throw new ComputeException(
                        "device " + device + " compiles no networks in this version; use --device cpu or nd4j");
        };
    }

    /**
     * The algorithms' primitives on a device.
     *
     * <p>Throws {@link ComputeException} for a device that has none.
     */
    public static Primitives primitives(Device device) {
        return new CheckedPrimitives(
                switch (device.kind()) {
                    case ND4J -> new Nd4jPrimitives();
                    case CPU -> new CpuPrimitives();
                    case CUDA ->
                        throw new ComputeException(
                                "device " + device + " has no primitives in this version; use --device cpu or nd4j");
                });
    }
}
