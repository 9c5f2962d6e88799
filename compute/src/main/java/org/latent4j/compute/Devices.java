package org.latent4j.compute;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
                new State("cuda", false, "the compiled CUDA backend is not in this version"),
                new State("cpu", false, "the compiled oneDNN backend is not in this version"),
                new State("nd4j", true, "stock DL4J on the ND4J backend of the class path"));
    }

    /** Chooses by name: {@code auto}, {@code nd4j}, {@code cpu}, {@code cuda} or {@code cuda:INDEX}. */
    public static Choice choose(String name) {
        if (name.equals("auto")) {
            return new Choice(new Device(Device.Kind.ND4J, 0), "the only device of this version");
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
        int index = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
        return new Choice(
                new Device(Device.Kind.valueOf(matcher.group(1).toUpperCase(Locale.ROOT)), index), "as asked");
    }
}
