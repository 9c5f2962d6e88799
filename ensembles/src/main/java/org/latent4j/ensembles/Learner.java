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

    /** Whether several threads may call {@link #fit} at once and each runs on its own thread alone, so that it is worth their while. */
    default boolean concurrent() {
        return false;
    }

    /** The same learner, which may be called by several threads at once. */
    static <M extends Model> Learner<M> concurrent(Learner<M> learner) {
        return new Learner<>() {
            @Override
            public M fit(Samples samples, long seed) {
                return learner.fit(samples, seed);
            }

            @Override
            public boolean concurrent() {
                return true;
            }
        };
    }
}
