package org.latent4j.gan.report;

import java.io.IOException;
import java.util.Locale;

/** Writes HTML: markup as it is, everything else escaped. */
public record Html(Appendable out) {

    public Html markup(String markup) throws IOException {
        out.append(markup);
        return this;
    }

    /** Text or the value of a quoted attribute. */
    public Html text(String text) throws IOException {
        out.append(escape(text));
        return this;
    }

    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(c < ' ' && c != '\n' && c != '\t' ? '\uFFFD' : c);
            }
        }
        return escaped.toString();
    }

    /** Four significant digits, as a person writes them; a dash for what is no number. */
    static String number(double value) {
        if (!Double.isFinite(value)) {
            return Double.isNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
        }
        double size = Math.abs(value);
        if (size >= 1000 && size < 1e9) {
            return signed(String.format(Locale.ROOT, "%,.0f", value));
        }
        if (size != 0 && (size < 1e-3 || size >= 1e9)) {
            return signed(String.format(Locale.ROOT, "%.2e", value));
        }
        int decimals = size >= 100 ? 1 : size >= 10 ? 2 : 3;
        String digits = String.format(Locale.ROOT, "%." + decimals + "f", value);
        return signed(digits.contains(".") ? digits.replaceFirst("\\.?0+$", "") : digits);
    }

    private static String signed(String digits) {
        return digits.replace('-', '−');
    }
}
