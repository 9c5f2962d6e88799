package org.latent4j.data;

/** Hears how far long work has come. Called from one thread at a time, often: an implementation decides how much of it to show. */
@FunctionalInterface
public interface Progress {
    Progress NONE = (task, done, total) -> {};

    /** {@code done} of {@code total} pieces of the task are finished. */
    void report(String task, long done, long total);
}
