package org.latent4j.gan.network;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.latent4j.data.DataException;

/**
 * Which networks to train.
 *
 * @param name {@code mlp}, {@code dcgan}, or {@code own} for the user's graphs
 * @param width units of the widest hidden layer (mlp) or channels of the first convolution (dcgan)
 * @param latent numbers in a latent vector; 0 for {@code own} means as many as the generator's first layer takes
 * @param generatorUpdater DL4J updater as {@link Updaters} writes it; null for {@code own}, where the graph has it
 * @param discriminatorUpdater likewise
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NetworkOptions(String name, int width, int latent, String generatorUpdater, String discriminatorUpdater) {

    public NetworkOptions {
        if (!name.equals(Networks.OWN)) {
            if (width < 1) {
                throw new DataException("--width must be at least 1, but is " + width);
            }
            if (latent < 1) {
                throw new DataException("--latent must be at least 1, but is " + latent);
            }
            Updaters.parse(generatorUpdater);
            Updaters.parse(discriminatorUpdater);
        }
    }

    public NetworkOptions withLatent(int value) {
        return new NetworkOptions(name, width, value, generatorUpdater, discriminatorUpdater);
    }
}
