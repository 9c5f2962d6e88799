package org.latent4j.gan.network;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.latent4j.data.DataException;
import org.latent4j.data.Suggest;
import org.latent4j.gan.Pace;
import org.latent4j.gan.Ramp;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * DL4J's updaters by name, {@code name:key=value,...}, as in {@code adam:lr=2e-4,beta1=0.5}; {@code lr=2e-3..2e-5} changes over the
 * burn-in. AdaDelta has no learning rate, {@code adadelta:rho=0.95,eps=1e-6}. DL4J's AdaBelief is left out: DL4J 1.0.0-M2.1 fails to make its state.
 *
 * <p>Throws {@link DataException} that names the unknown updater or key, or the value that is no number in range, and what there is.
 */
public final class Updaters {
    private static final List<String> ADAM_KEYS = List.of("lr", "beta1", "beta2", "eps");

    /** Names, and the keys of each. */
    public static final Map<String, List<String>> KEYS = keys();

    private Updaters() {}

    private static Map<String, List<String>> keys() {
        Map<String, List<String>> keys = new LinkedHashMap<>();
        keys.put("adam", ADAM_KEYS);
        keys.put("adamax", ADAM_KEYS);
        keys.put("amsgrad", ADAM_KEYS);
        keys.put("nadam", ADAM_KEYS);
        keys.put("rmsprop", List.of("lr", "decay", "eps"));
        keys.put("nesterovs", List.of("lr", "momentum"));
        keys.put("adadelta", List.of("rho", "eps"));
        keys.put("adagrad", List.of("lr", "eps"));
        keys.put("sgd", List.of("lr"));
        return keys;
    }

    /** How the updater's numbers change that are written as two, {@code lr=2e-3..2e-5}: learning rates, and Adam's beta2. */
    public static Pace pace(String text) {
        int colon = text == null ? -1 : text.indexOf(':');
        Ramp rate = Ramp.constant(1);
        Ramp beta2 = null;
        for (String assignment :
                colon < 0 ? new String[0] : text.substring(colon + 1).split(",")) {
            String[] sides = assignment.split("=", 2);
            if (sides.length == 2 && sides[1].contains("..")) {
                Ramp ramp = Ramp.of(sides[1]);
                if (sides[0].strip().equals("lr")) {
                    rate = new Ramp(1, ramp.to() / ramp.from());
                } else {
                    beta2 = ramp;
                }
            }
        }
        return new Pace(rate, beta2);
    }

    /** The updater at its start. */
    public static IUpdater parse(String text) {
        int colon = text.indexOf(':');
        String name = (colon < 0 ? text : text.substring(0, colon)).trim().toLowerCase(Locale.ROOT);
        List<String> known = KEYS.get(name);
        if (known == null) {
            throw new DataException(Suggest.unknown("updater", name, KEYS.keySet()));
        }
        Map<String, Double> values = colon < 0 ? Map.of() : values(text, text.substring(colon + 1), known);
        double lr = values.getOrDefault("lr", 1e-3);
        double beta1 = values.getOrDefault("beta1", 0.9);
        double beta2 = values.getOrDefault("beta2", 0.999);
        double eps = values.getOrDefault("eps", 1e-8);
        return switch (name) {
            case "adam" -> new Adam(lr, beta1, beta2, eps);
            case "adamax" -> new AdaMax(lr, beta1, beta2, eps);
            case "amsgrad" -> new AMSGrad(lr, beta1, beta2, eps);
            case "nadam" -> new Nadam(lr, beta1, beta2, eps);
            case "rmsprop" -> new RmsProp(lr, values.getOrDefault("decay", 0.95), eps);
            case "nesterovs" -> new Nesterovs(lr, values.getOrDefault("momentum", 0.9));
            case "adadelta" ->
                new AdaDelta(
                        values.getOrDefault("rho", AdaDelta.DEFAULT_ADADELTA_RHO),
                        values.getOrDefault("eps", AdaDelta.DEFAULT_ADADELTA_EPSILON));
            case "adagrad" -> new AdaGrad(lr, values.getOrDefault("eps", 1e-6));
            default -> new Sgd(lr);
        };
    }

    private static Map<String, Double> values(String text, String assignments, List<String> known) {
        Map<String, Double> values = new TreeMap<>();
        for (String assignment : assignments.split(",")) {
            String[] sides = assignment.split("=", 2);
            String key = sides[0].trim();
            if (sides.length != 2 || !known.contains(key)) {
                throw new DataException("updater '" + text + "': '" + assignment.trim() + "' is not one of "
                        + String.join("=..., ", known) + "=...");
            }
            boolean adam = text.strip().toLowerCase(Locale.ROOT).startsWith("adam:");
            boolean changes = sides[1].contains("..");
            if (changes && !key.equals("lr") && !(key.equals("beta2") && adam)) {
                throw new DataException(
                        "updater '" + text + "': only lr, and beta2 of adam, can change from one value to"
                                + " another; give one number for " + key);
            }
            double value;
            double last;
            try {
                value = changes ? Ramp.of(sides[1]).from() : Double.parseDouble(sides[1].trim());
                last = changes ? Ramp.of(sides[1]).to() : value;
            } catch (NumberFormatException e) {
                throw new DataException(
                        "updater '" + text + "': " + key + " must be a number, but is '" + sides[1].trim() + "'");
            }
            boolean rate = key.equals("lr") || key.equals("eps");
            if (!(rate ? value > 0 && Double.isFinite(value) : value >= 0 && Math.max(value, last) < 1)) {
                throw new DataException("updater '" + text + "': " + key + " must be "
                        + (rate ? "a positive number" : "at least 0 and below 1") + ", but is " + sides[1].trim());
            }
            values.put(key, value);
        }
        return values;
    }
}
