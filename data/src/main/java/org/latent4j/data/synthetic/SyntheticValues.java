package org.latent4j.data.synthetic;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.DoublePredicate;
import org.latent4j.data.DataException;
import org.latent4j.data.Suggest;

/** The values of one {@code name:key=value,...}; problems are gathered while it is read, and thrown together by {@link #check}. */
final class SyntheticValues {
    private final String text;
    private final Map<String, String> values = new LinkedHashMap<>();
    private final Set<String> problems = new LinkedHashSet<>(); // a value that is read twice is one problem

    SyntheticValues(String text, String options, List<SyntheticKey> keys) {
        this.text = text;
        keys.forEach(key -> values.put(key.key(), key.defaultValue()));
        List<String> given = new ArrayList<>();
        for (String option : options.isBlank() ? new String[0] : options.split(",", -1)) {
            int equals = option.indexOf('=');
            String key = (equals < 0 ? option : option.substring(0, equals)).strip();
            if (equals < 0) {
                problems.add("\"" + option.strip() + "\" is not of the form key=value");
            } else if (!values.containsKey(key)) {
                problems.add(Suggest.unknown("key", key, values.keySet()));
            } else if (given.contains(key)) {
                problems.add("the key \"" + key + "\" is given twice");
            } else {
                given.add(key);
                values.put(key, option.substring(equals + 1).strip());
            }
        }
    }

    int integer(String key, int min, int max) {
        return (int) whole(key, min, max);
    }

    long seed() {
        return whole("seed", Long.MIN_VALUE, Long.MAX_VALUE);
    }

    private long whole(String key, long min, long max) {
        String value = values.get(key);
        try {
            long number = Long.parseLong(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // The message is the same as for a number out of range.
        }
        String range = min == Long.MIN_VALUE
                ? ""
                : max == Integer.MAX_VALUE ? " of at least " + min : ", " + min + " to " + max;
        problems.add(key + " must be a whole number" + range + ", but is \"" + value + "\"");
        return min;
    }

    double number(String key) {
        return number(key, value -> true, "a number");
    }

    double positive(String key) {
        return number(key, value -> value > 0, "a number above 0");
    }

    double notNegative(String key) {
        return number(key, value -> value >= 0, "a number of at least 0");
    }

    private double number(String key, DoublePredicate valid, String expected) {
        String value = values.get(key);
        try {
            double number = Double.parseDouble(value);
            if (Double.isFinite(number) && valid.test(number)) {
                return number;
            }
        } catch (NumberFormatException e) {
            // The message is the same as for a number out of range.
        }
        problems.add(key + " must be " + expected + ", but is \"" + value + "\"");
        return 1;
    }

    <E extends Enum<E>> E choice(String key, Class<E> type) {
        String value = values.get(key);
        List<String> valid = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            String name = constant.name().toLowerCase(Locale.ROOT);
            valid.add(name);
            if (name.equals(value)) {
                return constant;
            }
        }
        problems.add(Suggest.unknown(key, value, valid));
        return type.getEnumConstants()[0];
    }

    void check() {
        if (!problems.isEmpty()) {
            throw new DataException("synthetic set \"" + text + "\": " + String.join("; ", problems));
        }
    }
}
