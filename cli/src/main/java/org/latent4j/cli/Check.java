package org.latent4j.cli;

import java.util.Locale;

/** One line of the doctor: what was looked at, how it stands, and, where something is missing, the way to get it (else empty). */
record Check(String name, State state, String detail, String remedy) {

    enum State {
        OK,
        MISSING,
        NOTE;

        String mark() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Check ok(String name, String detail) {
        return new Check(name, State.OK, detail, "");
    }

    static Check missing(String name, String detail, String remedy) {
        return new Check(name, State.MISSING, detail, remedy);
    }

    static Check note(String name, String detail, String remedy) {
        return new Check(name, State.NOTE, detail, remedy);
    }
}
