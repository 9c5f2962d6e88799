package org.latent4j.gan.compiled;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.latent4j.compute.graph.Compiled;
import org.latent4j.compute.graph.Kernel;
import org.latent4j.compute.graph.Profile;

/**
 * Where the time and the memory of one discriminator and one generator update go: the passes in the order in which they run, each with its
 * operations, and what stands between them.
 */
public final class StepProfile {

    /** A piece of work; {@code profile} is null for what is no pass of a network. Milliseconds are medians. */
    public record Part(String name, double milliseconds, Profile profile, String memory) {}

    private final int runs;
    private final List<Part> parts = new ArrayList<>();

    StepProfile(int runs) {
        this.runs = runs;
    }

    void pass(String name, Compiled network) {
        Profile profile = network.profile(runs);
        parts.add(new Part(name, profile.milliseconds(), profile, network.memory()));
    }

    void kernel(String name, Kernel kernel) {
        double[] times = new double[runs];
        kernel.run();
        for (int i = 0; i < runs; i++) {
            long start = System.nanoTime();
            kernel.run();
            times[i] = (System.nanoTime() - start) * 1e-6;
        }
        Arrays.sort(times);
        parts.add(new Part(name, times[runs / 2], null, null));
    }

    public List<Part> parts() {
        return List.copyOf(parts);
    }

    /** Of one update of each network. */
    public double milliseconds() {
        return parts.stream().mapToDouble(Part::milliseconds).sum();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            if (part.profile() != null) {
                text.append(part.name())
                        .append('\n')
                        .append(part.profile())
                        .append(part.memory())
                        .append('\n');
            }
        }
        text.append(String.format(Locale.ROOT, "%-44s %9s %7s%n", "one update of each", "ms", "share"));
        for (Part part : parts) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-44s %9.3f %5.1f %%%n",
                    part.name(),
                    part.milliseconds(),
                    100 * part.milliseconds() / milliseconds()));
        }
        return text.append(String.format(Locale.ROOT, "%-44s %9.3f%n", "in all", milliseconds()))
                .toString();
    }
}
