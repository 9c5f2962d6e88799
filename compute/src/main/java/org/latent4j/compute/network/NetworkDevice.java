package org.latent4j.compute.network;

import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.Device;
import org.latent4j.compute.Devices;
import org.latent4j.compute.graph.Backend;
import org.latent4j.compute.graph.Compiler;

/**
 * What runs a network.
 *
 * <p>Both ways to one take the name of a device as on the command line, where {@code auto} is the best one that can run the network, and throw
 * {@link org.latent4j.compute.ComputeException} if a device that was named can't be used, or can't run the network.
 *
 * @param backend compiles it; null: DL4J runs it
 */
public record NetworkDevice(Device device, Backend backend) {

    /** For outputs in inference mode. */
    public static NetworkDevice forInference(String name, ComputationGraph graph) {
        return of(name, () -> Compiler.unsupportedInInference(graph));
    }

    /** For training by the graph's own updaters. */
    public static NetworkDevice forTraining(String name, ComputationGraph graph) {
        return of(name, () -> Compiler.unsupported(graph));
    }

    private static NetworkDevice of(String name, Supplier<List<String>> unsupported) {
        Device device = Devices.choose(name, unsupported).device();
        return new NetworkDevice(device, device.kind() == Device.Kind.ND4J ? null : Devices.backend(device));
    }

    /** Whether it compiles networks. */
    public boolean compiles() {
        return backend != null;
    }
}
