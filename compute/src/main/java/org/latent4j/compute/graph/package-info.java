/**
 * Networks as programs: from a DL4J graph to one linear list of kernels.
 *
 * <p>The passes, in order: {@code Dl4jImport} (vertices to operations), {@code Backprop} (the backward pass, as more operations),
 * {@code Fuse} (activations into the operations in front of them), {@code LowerPrecision} (16-bit activations, if asked for),
 * {@link org.latent4j.compute.graph.MemoryPlan} (one arena), and a backend's preparation of each operation;
 * {@link org.latent4j.compute.graph.Compiler} is the pipeline on one screen. Use:
 *
 * <pre>{@code
 * Parameters parameters = new Parameters(graph);            // the ComputationGraph's own arrays: nothing is copied
 * Backend backend = new CpuBackend();
 * Compiled network = Compiler.compile(parameters, backend,
 *         CompileOptions.training(64, Wanted.PARAMETERS).withInputShape("image", 3, 64, 64));
 * Updater updater = new Updater(parameters, backend);
 *
 * network.tensor("image").write(images);                    // (64, 3, 64, 64)
 * network.forward();
 * network.gradient("logit").write(slopes);                  // d loss / d logit of each sample
 * network.backward();                                       // sums over the batch, in DL4J's flat gradient
 * updater.update(64);                                       // DL4J's updater, on DL4J's state
 * }</pre>
 *
 * <p>Any number of networks can be compiled from the same parameters, for other batch sizes or other gradients. A generator that learns
 * through a discriminator is compiled with {@code withShared}: its output is the discriminator's input tensor, and the gradient of its
 * output is the gradient of that input.
 */
package org.latent4j.compute.graph;
