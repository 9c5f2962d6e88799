package org.latent4j.gan.compiled;

import org.latent4j.compute.graph.Backend;
import org.latent4j.compute.graph.GameKernels;
import org.latent4j.compute.graph.Parameters;
import org.latent4j.compute.graph.UpdatePace;
import org.latent4j.compute.graph.Updater;
import org.latent4j.gan.SpectralNorm;

/** An updater, and what is measured beside it. */
final class Learning {
    private final Updater updater;
    final Backend.Measure gradientSquares;
    private final Backend.Measure valueSquares;
    private final Parameters parameters;
    private final String gradientNorm;
    private final String updating;

    Learning(String name, Player player, Backend backend, UpdatePace pace) {
        gradientNorm = "gradient norm of " + name;
        updating = "updater of " + name;
        parameters = player.parameters;
        updater = new Updater(player.parameters, backend, pace);
        gradientSquares = backend.squares(player.parameters, true);
        valueSquares = backend.squares(player.parameters, false);
    }

    /**
     * Updates the parameters; gives the norm of the gradient.
     *
     * @param norm of the weights, or null
     * @param onDevice the same on a device, or null
     */
    double update(int minibatch, SpectralNorm norm, GameKernels.SpectralKernels onDevice, Laps laps) {
        gradientSquares.run();
        laps.lap(gradientNorm);
        if (norm == null || onDevice != null) {
            learn(minibatch, onDevice);
        } else {
            parameters.synchronize(); // the norm works on the graph's own arrays
            norm.beforeUpdate();
            parameters.written();
            updater.update(minibatch);
            parameters.synchronize();
            norm.afterUpdate();
            parameters.refresh();
        }
        laps.lap(updating);
        return Math.sqrt(gradientSquares.value()) / minibatch;
    }

    /**
     * Updates the parameters and leaves the gradient's norm on the device.
     *
     * @param norm of the weights, or null
     */
    void follow(int minibatch, GameKernels.SpectralKernels norm) {
        gradientSquares.run();
        learn(minibatch, norm);
    }

    private void learn(int minibatch, GameKernels.SpectralKernels norm) {
        if (norm == null) {
            updater.update(minibatch);
        } else {
            norm.beforeUpdate();
            updater.update(minibatch);
            norm.afterUpdate();
            parameters.derive();
        }
    }

    boolean hasFiniteParameters() {
        valueSquares.run();
        return Double.isFinite(valueSquares.value());
    }

    int iteration() {
        return updater.iteration();
    }
}
