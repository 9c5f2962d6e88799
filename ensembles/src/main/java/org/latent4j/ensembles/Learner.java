package org.latent4j.ensembles;

/** A way to learn a {@link Model} from samples: a tree, a perceptron, a network; what ensembles are made of. */
@FunctionalInterface
public interface Learner<M extends Model> {

    /**
     * Learns.
     *
     * @param seed decides every random number; the same seed and samples give the same model
     */
    M fit(Samples samples, long seed);
}
