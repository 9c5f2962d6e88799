package org.latent4j.gan.compiled;

import org.latent4j.compute.graph.Backend;
import org.latent4j.compute.graph.Parameters;
import org.latent4j.compute.graph.UpdatePace;
import org.latent4j.compute.graph.Updater;
import org.latent4j.gan.SpectralNorm;

/** An updater, and what is measured beside it. */
final class Learning {
    final Updater updater;
    final Backend.Measure gradientSquares;
    private final Backend.Measure valueSquares;
    private final Parameters parameters;

    Learning(Player player, Backend backend, UpdatePace pace) {
        parameters = player.parameters;
        updater = new Updater(player.parameters, backend, pace);
        gradientSquares = backend.squares(player.parameters, true);
        valueSquares = backend.squares(player.parameters, false);
    }

    /**
     * Updates the parameters; gives the norm of the gradient.
     *
     * @param norm of the weights, or null
     */
    double update(int minibatch, SpectralNorm norm) {
        gradientSquares.run();
        if (norm == null) {
            updater.update(minibatch);
        } else {
            parameters.synchronize(); // the norm works on the graph's own arrays
            norm.beforeUpdate();
            parameters.written();
            updater.update(minibatch);
            parameters.synchronize();
            norm.afterUpdate();
            parameters.refresh();
        }
        return Math.sqrt(gradientSquares.value()) / minibatch;
    }

    boolean hasFiniteParameters() {
        valueSquares.run();
        return Double.isFinite(valueSquares.value());
    }

    int iteration() {
        return updater.iteration();
    }
}
