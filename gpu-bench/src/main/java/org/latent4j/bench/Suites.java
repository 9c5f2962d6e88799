package org.latent4j.bench;

import java.util.List;

/** All suites, in the order of the report. */
public final class Suites {
    private static final List<Suite> ALL = List.of(new GanSuite(), new OpsSuite(), new KMeansSuite(), new LinkageSuite(), new PcaSuite());

    private Suites() {}

    public static List<Suite> all() {
        return ALL;
    }
}
