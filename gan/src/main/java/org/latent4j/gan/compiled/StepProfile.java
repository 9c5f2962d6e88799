package org.latent4j.gan.compiled;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.latent4j.compute.graph.Compiled;
import org.latent4j.compute.graph.Profile;

/**
 * Where the time and the memory of one discriminator and one generator update go.
 *
 * @param passes of networks, operation by operation
 * @param pieces all that an update does, one after the other, in milliseconds (medians)
 */
public record StepProfile(List<Pass> passes, Map<String, Double> pieces) {

    /** The passes of a network; {@code memory} is in words. */
    public record Pass(String name, Profile profile, String memory) {}

    /** Takes the profiles of networks that were watched while they played. */
    static StepProfile of(Map<Compiled, String> networks, Map<String, Double> pieces) {
        List<Pass> passes = new ArrayList<>();
        networks.forEach((network, name) -> {
            Profile profile = network.profile();
            if (profile.milliseconds() > 0) {
                passes.add(new Pass(name, profile, network.memory()));
            }
        });
        return new StepProfile(passes, pieces);
    }

    /** Of one update of each. */
    public double milliseconds() {
        return pieces.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Pass pass : passes) {
            text.append(pass.name())
                    .append('\n')
                    .append(pass.profile())
                    .append(pass.memory())
                    .append('\n');
        }
        text.append(String.format(Locale.ROOT, "%-50s %9s %7s%n", "one update of each", "ms", "share"));
        pieces.forEach((piece, milliseconds) -> text.append(String.format(
                Locale.ROOT, "%-50s %9.3f %5.1f %%%n", piece, milliseconds, 100 * milliseconds / milliseconds())));
        return text.append(String.format(Locale.ROOT, "%-50s %9.3f%n", "in all", milliseconds()))
                .toString();
    }
}
