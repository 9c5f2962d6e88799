package org.latent4j.compute;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.latent4j.compute.cpu.CpuBackend;
import org.latent4j.compute.cpu.CpuHistograms;
import org.latent4j.compute.cpu.CpuPrimitives;
import org.latent4j.compute.cpu.KernelChoices;
import org.latent4j.compute.cuda.CudaBackend;
import org.latent4j.compute.cuda.CudaHistograms;
import org.latent4j.compute.cuda.CudaOptions;
import org.latent4j.compute.cuda.CudaPrimitives;
import org.latent4j.compute.cuda.CudaSetup;
import org.latent4j.compute.graph.Backend;
import org.latent4j.compute.nd4j.Nd4jBackends;
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
        Nd4jBackends nd4j = Nd4jBackends.ofClassPath();
        String problem = nd4j.problem();
        if (!problem.isEmpty()) {
            // Arrays of every device are ND4J's.
            return Stream.of("cuda", "cpu", "nd4j")
                    .map(name -> new State(name, false, problem))
                    .toList();
        }
        if (nd4j.areOnCards()) {
            String other = "this is a build with -Pnd4j-cuda, in which ND4J's arrays lie on the card; build without it";
            return List.of(
                    new State("cuda", false, other),
                    new State("cpu", false, other),
                    new State("nd4j", true, "stock DL4J on nd4j-cuda-11.6"));
        }
        return List.of(
                cuda(),
                new State("cpu", true, "DL4J graphs compiled to oneDNN"),
                new State("nd4j", true, "stock DL4J on the ND4J backend of the class path"));
    }

    private static State state(String name) {
        return states().stream()
                .filter(state -> state.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static State cuda() {
        CudaSetup setup = CudaSetup.ofSystem();
        return setup.problem().isEmpty()
                ? new State("cuda", true, setup.cards().get(0).toString())
                : new State("cuda", false, setup.problem());
    }

    /**
     * Chooses by name: {@code auto}, {@code nd4j}, {@code cpu}, {@code cuda} or {@code cuda:INDEX}.
     *
     * @param uncompilable asked only for compiled devices: what of the networks they can't run
     */
    public static Choice choose(String name, Supplier<List<String>> uncompilable) {
        if (name.equals("auto")) {
            return best(uncompilable.get());
        }
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches() || matcher.group(2) != null && !matcher.group(1).equals("cuda")) {
            throw new ComputeException("unknown device '" + name + "'; there are auto, nd4j, cpu, cuda and cuda:INDEX");
        }
        State state = state(matcher.group(1));
        if (!state.usable()) {
            throw new ComputeException("device " + name + " can't be used: " + state.detail()
                    + "; use --device auto, which takes the best that is here");
        }
        Device.Kind kind = Device.Kind.valueOf(matcher.group(1).toUpperCase(Locale.ROOT));
        List<String> problems = kind == Device.Kind.ND4J ? List.of() : uncompilable.get();
        if (!problems.isEmpty()) {
            throw new ComputeException("device " + name + " can't run these networks: " + String.join("; ", problems)
                    + "; use --device nd4j, which runs every DL4J network");
        }
        int index = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
        if (kind == Device.Kind.CUDA) {
            CudaSetup.ofSystem().requireCard(index);
        }
        return new Choice(new Device(kind, index), "as asked");
    }

    private static Choice best(List<String> problems) {
        State cuda = state("cuda");
        State cpu = state("cpu");
        State nd4j = state("nd4j");
        if (!nd4j.usable()) {
            throw new ComputeException(nd4j.detail());
        }
        if (problems.isEmpty() && cuda.usable()) {
            int index = CudaSetup.ofSystem().cards().get(0).index();
            return new Choice(new Device(Device.Kind.CUDA, index), cuda.detail());
        }
        if (problems.isEmpty() && cpu.usable()) {
            return new Choice(
                    new Device(Device.Kind.CPU, 0), "oneDNN on the processor; no GPU can be used: " + cuda.detail());
        }
        return new Choice(
                new Device(Device.Kind.ND4J, 0),
                problems.isEmpty()
                        ? nd4j.detail()
                        : "stock DL4J, because these can't be compiled: " + String.join("; ", problems));
    }

    /**
     * What runs compiled networks on a device.
     *
     * <p>Throws {@link ComputeException} for a device that compiles none.
     */
    public static Backend backend(Device device) {
        return backend(device, DeviceOptions.DEFAULT);
    }

    /** The same, with a choice of how it computes. */
    public static Backend backend(Device device, DeviceOptions options) {
        return switch (device.kind()) {
            case CPU -> new CpuBackend(KernelChoices.ofUser(), options.force());
            case ND4J ->
                throw new ComputeException("device nd4j runs networks by DL4J and compiles none; use --device cpu");
            case CUDA -> new CudaBackend(device.index(), new CudaOptions(options.tf32(), options.deterministic()));
        };
    }

    /**
     * Sums by bin on a device.
     *
     * @param columns p columns of n codes; not copied
     */
    public static Histograms histograms(Device device, byte[][] columns) {
        return switch (device.kind()) {
            case ND4J -> new ReferenceHistograms(columns);
            case CPU -> new CpuHistograms(columns);
            case CUDA -> new CudaHistograms(device.index(), columns);
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
                    case CUDA -> new CudaPrimitives(device.index());
                });
    }
}
