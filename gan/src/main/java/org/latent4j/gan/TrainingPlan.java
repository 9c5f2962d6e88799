package org.latent4j.gan;

import org.latent4j.compute.Devices;

/**
 * What a run is about to do, decided and checked.
 *
 * @param device where it runs and why
 * @param data name of the data
 * @param held where stored images are, in words; empty where they are on the host as ever
 * @param size stored samples; 0 for endless data
 * @param shapes how networks and data fit
 */
public record TrainingPlan(
        Devices.Choice device,
        String data,
        String held,
        int size,
        NetworkShapes shapes,
        long generatorParameters,
        long discriminatorParameters,
        TrainingOptions options) {}
