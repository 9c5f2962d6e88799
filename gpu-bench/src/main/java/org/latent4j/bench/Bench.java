package org.latent4j.bench;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.latent4j.compute.Device;

/**
 * One run of the benchmarks: the device, the folder of the peers, and how often to measure.
 *
 * @param device runs ours
 * @param deviceName as {@code --device} names it
 * @param peers empty: ours alone
 * @param rounds how often ours and the peer take turns; at least 5
 * @param penalties asks suites of adversarial steps for those with gradient penalties
 * @param progress takes a line before each measurement
 */
public record Bench(
        Device device,
        String deviceName,
        Optional<Peers> peers,
        int rounds,
        boolean penalties,
        Consumer<String> progress) {
    private static final int WARM_TURNS = 8;
    private static final double WARM_MILLIS = 5000;

    public Bench {
        if (rounds < 1) {
            throw new IllegalArgumentException("rounds is " + rounds + "; at least 1 is needed");
        }
    }

    /**
     * Starts a peer's script, a resource {@code peers/NAME.py} of this module, or nothing without a folder of peers.
     *
     * @throws BenchException when it does not come up
     */
    public Optional<Peer> peer(String script, String... arguments) {
        return peers.map(installed -> Peer.start(installed, script, arguments));
    }

    /** Whose algorithms ours are compared with: scikit-learn's on the processor, and PyTorch's beside it where ours run on a card. */
    List<String> libraries() {
        return device.kind() == Device.Kind.CUDA && peers.isPresent()
                ? List.of("sklearn", "torch")
                : List.of("sklearn");
    }

    /** Turns of a side until it is warm: Java compiles what runs often, libraries find their kernels and memory. */
    private static void warm(Measured side, int times) {
        double worked = 0;
        for (int turn = 0; turn < WARM_TURNS && worked < WARM_MILLIS; turn++) {
            worked += times * side.millis(times);
        }
    }

    /**
     * Ours and a peer in turns, after a warm-up of each by the same rule.
     *
     * @param times how often the work is done in a turn
     */
    public Turns turns(String name, Measured ours, Measured peer, int times) {
        progress.accept(name);
        warm(ours, times);
        warm(peer, times);
        double[] oursMs = new double[rounds];
        double[] peerMs = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            // Who goes first changes, so that neither always inherits the other's heat and caches.
            if (round % 2 == 0) {
                oursMs[round] = ours.millis(times);
                peerMs[round] = peer.millis(times);
            } else {
                peerMs[round] = peer.millis(times);
                oursMs[round] = ours.millis(times);
            }
        }
        return new Turns(oursMs, peerMs);
    }

    /** Ours alone, after a warm-up. */
    public Turns turns(String name, Measured ours, int times) {
        progress.accept(name);
        warm(ours, times);
        double[] oursMs = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            oursMs[round] = ours.millis(times);
        }
        return new Turns(oursMs, null);
    }
}
