package org.latent4j.compute.graph;

/** Where a value lives, and for how long. */
public enum Role {
    /** Written from outside: a network's inputs, labels, and gradients with respect to its outputs. */
    INPUT,
    /** Read from outside: a network's outputs and the gradients with respect to its inputs. */
    OUTPUT,
    /** A parameter, in the network's flat view and DL4J's element order. */
    PARAM,
    /** The gradient with respect to the parameter of the same name, in the flat gradient and DL4J's element order. */
    PARAM_GRADIENT,
    /** Anything between, in an arena that is shared by values that are not alive at the same time. */
    ACTIVATION
}
