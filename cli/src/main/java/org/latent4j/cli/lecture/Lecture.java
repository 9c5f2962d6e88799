package org.latent4j.cli.lecture;

import java.io.IOException;

/** A part of the lectures that is computed anew and drawn. */
public interface Lecture {

    /** Lower-case words joined by hyphens, as typed on the command line. */
    String name();

    String title();

    /**
     * Computes and draws. The same seed gives the same exhibit on one device.
     *
     * @throws IOException as data can't be read or written
     */
    Exhibit compute(LectureRoom room) throws IOException;
}
