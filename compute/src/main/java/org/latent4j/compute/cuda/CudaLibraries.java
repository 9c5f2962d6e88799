package org.latent4j.compute.cuda;

/** The libraries' heavy operations on one card, with the algorithms that are known to be fast there. */
record CudaLibraries(CublasLt products, Cudnn convolutions, Choices choices, String versions) {}
