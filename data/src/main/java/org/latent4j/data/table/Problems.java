package org.latent4j.data.table;

import java.util.ArrayList;
import java.util.List;
import org.latent4j.data.DataException;

/** What is wrong with a table, gathered so that it is told at once; the first ones in full. */
final class Problems {
    private static final int NAMED = 10;

    private final List<String> first = new ArrayList<>();
    private long count;

    void add(String problem) {
        add(problem, 1);
    }

    /** Several of a kind, of which the first is told. */
    void add(String problem, long times) {
        if (first.size() < NAMED) {
            first.add(problem);
        }
        count += times;
    }

    boolean isEmpty() {
        return count == 0;
    }

    void throwIfAny(String name) {
        if (count > 0) {
            throw new DataException(name + ": " + (count == 1 ? "" : count + " problems: ") + String.join("; ", first)
                    + (count > first.size() ? "; and " + (count - first.size()) + " more" : "")
                    + (count == 1 ? "; correct or remove it" : "; correct or remove them"));
        }
    }
}
