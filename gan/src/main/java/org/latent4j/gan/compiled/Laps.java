package org.latent4j.gan.compiled;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Times the pieces of updates as they are done; costs nothing until it is switched on. */
final class Laps {
    private Map<String, List<Double>> times; // null: off
    private String update;
    private long last;

    /** Forgets what was, and measures from now on. */
    void on() {
        times = new LinkedHashMap<>();
    }

    /** An update begins. */
    void start(String name) {
        if (times != null) {
            update = name;
            last = System.nanoTime();
        }
    }

    /** A piece of the update is done. */
    void lap(String piece) {
        if (times != null) {
            long now = System.nanoTime();
            times.computeIfAbsent(update + ": " + piece, key -> new ArrayList<>())
                    .add((now - last) * 1e-6);
            last = System.nanoTime();
        }
    }

    /** Median milliseconds of each piece in the order of the first update; switches off. */
    Map<String, Double> medians() {
        Map<String, Double> medians = new LinkedHashMap<>();
        times.forEach((piece, all) ->
                medians.put(piece, all.stream().sorted().toList().get(all.size() / 2)));
        times = null;
        return medians;
    }
}
