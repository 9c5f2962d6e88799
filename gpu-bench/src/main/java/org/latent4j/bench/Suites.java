package org.latent4j.bench;

import java.util.List;

/** All suites, in the order of the report. */
public final class Suites {
    private static final List<Suite> ALL = List.of(
            new GanSuite(),
            new OpsSuite(),
            new PrimsSuite(),
            new KMeansSuite(),
            new MixtureSuite(),
            new LinkageSuite(),
            new PcaSuite(),
            new ForestSuite(),
            new BootstrapSuite());

    private Suites() {}

    public static List<Suite> all() {
        return ALL;
    }
}
