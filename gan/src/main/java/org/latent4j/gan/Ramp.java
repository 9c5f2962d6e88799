package org.latent4j.gan;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.latent4j.data.DataException;

/**
 * A number that goes from one positive value to another along a cosine, on a scale of ratios: half of the way is the geometric mean.
 * Written {@code 2e-3..2e-5}, or {@code 0.1} for one that stays.
 *
 * <p>{@link #of} throws {@link DataException} for anything else.
 */
public record Ramp(double from, double to) {

    public Ramp {
        if (!(from > 0 && to > 0 && Double.isFinite(from) && Double.isFinite(to))) {
            throw new DataException(
                    "a number that changes goes from one positive value to another, as in 0.1..0.001, but is " + from
                            + ".." + to);
        }
    }

    public static Ramp constant(double value) {
        return new Ramp(value, value);
    }

    @JsonCreator
    public static Ramp of(String text) {
        String[] ends = text.split("\\.\\.", 2);
        try {
            double from = Double.parseDouble(ends[0].strip());
            return new Ramp(from, ends.length == 1 ? from : Double.parseDouble(ends[1].strip()));
        } catch (NumberFormatException e) {
            throw new DataException(
                    "'" + text + "' is neither a number nor two of them with dots between, as in 0.1..0.001");
        }
    }

    public boolean changes() {
        return from != to;
    }

    /** The value at a share of the way; beyond 1 it stays at the end. */
    public double at(double share) {
        if (!changes() || share <= 0) {
            return from;
        }
        if (share >= 1) {
            return to;
        }
        double left = (1 + Math.cos(Math.PI * share)) / 2;
        return Math.exp(left * Math.log(from) + (1 - left) * Math.log(to));
    }

    @JsonValue
    @Override
    public String toString() {
        return changes() ? from + ".." + to : String.format(Locale.ROOT, "%s", from);
    }
}
