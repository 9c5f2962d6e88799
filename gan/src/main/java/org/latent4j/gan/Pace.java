package org.latent4j.gan;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.latent4j.compute.graph.UpdatePace;

/**
 * How a network's updater changes over the burn-in.
 *
 * @param rateFactor multiplies the learning rate
 * @param beta2 Adam's second decay, in 1 - beta2; null: as the updater says
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Pace(Ramp rateFactor, Ramp beta2) {
    public static final Pace STEADY = new Pace(Ramp.constant(1), null);

    /** For each of the network's updates, of which there are {@code burnIn} until everything stays. */
    public UpdatePace over(double burnIn) {
        if (!rateFactor.changes() && rateFactor.from() == 1 && beta2 == null) {
            return UpdatePace.STEADY;
        }
        Ramp missing = beta2 == null ? null : new Ramp(1 - beta2.from(), 1 - beta2.to());
        return new UpdatePace() {
            @Override
            public double rateFactor(int iteration) {
                return rateFactor.at(iteration / burnIn);
            }

            @Override
            public boolean changesBeta2() {
                return missing != null;
            }

            @Override
            public double beta2(int iteration) {
                return 1 - missing.at(iteration / burnIn);
            }
        };
    }
}
