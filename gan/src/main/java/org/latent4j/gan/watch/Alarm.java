package org.latent4j.gan.watch;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * Something that goes wrong in a run, and what helps.
 *
 * @param kind what it is about
 * @param since the step at which it was first seen
 * @param text what is seen, with the numbers that show it
 * @param remedy what to do
 */
public record Alarm(Kind kind, long since, String text, String remedy) {

    /** What can go wrong. */
    public enum Kind {
        /** The discriminator tells real from generated so surely that the generator learns nothing from it. */
        DISCRIMINATOR_WINS,
        /** The generator's samples become alike. */
        COLLAPSE,
        /** The discriminator knows the training samples by heart. */
        MEMORISES;

        /** The word in files, as in {@code discriminator-wins}. */
        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
