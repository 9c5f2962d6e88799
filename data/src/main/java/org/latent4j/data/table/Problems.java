package org.latent4j.data.table;

import java.util.ArrayList;
import java.util.List;
import org.latent4j.data.DataException;

/** What is wrong with a table, gathered so that it is told at once; the first ones in full. */
final class Problems {
    private static final int NAMED = 20;

    private final List<String> first = new ArrayList<>();
    private long count;

    void add(String problem) {
        if (count++ < NAMED) {
            first.add(problem);
        }
    }

    void throwIfAny(String name) {
        if (count > 0) {
            throw new DataException(name + ": " + (count == 1 ? "" : count + " problems: ") + String.join("; ", first)
                    + (count > NAMED ? "; and " + (count - NAMED) + " more" : "")
                    + (count == 1 ? "; correct or remove it" : "; correct or remove them"));
        }
    }
}
