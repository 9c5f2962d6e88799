package org.latent4j.gan;

/** A loss, activation or parameter is NaN or infinite. The message names the network, the layer, the step's loss and the remedy. */
public class TrainingDivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TrainingDivergedException(String message) {
        super(message);
    }
}
