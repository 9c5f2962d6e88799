package org.latent4j.ensembles.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.latent4j.data.picture.Charts;

/** Named numbers as horizontal bars, the largest on top, with spreads where they are known; at most 30 of them. */
public final class BarPicture {
    private static final int WIDTH = 840;
    private static final int ROW = 26;
    private static final int MOST = 30;
    private static final int EDGE = 24;

    private BarPicture() {}

    /** @param spreads as many as values, or null: drawn as whiskers of that length to both sides */
    public static BufferedImage draw(String title, List<String> names, double[] values, double[] spreads) {
        int[] order = IntStream.range(0, values.length)
                .boxed()
                .sorted((a, b) -> Double.compare(values[b], values[a]))
                .limit(MOST)
                .mapToInt(Integer::intValue)
                .toArray();
        String heading =
                order.length < values.length ? title + " (the largest " + MOST + " of " + values.length + ")" : title;
        BufferedImage picture = new BufferedImage(WIDTH, 74 + ROW * order.length + EDGE, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = picture.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, picture.getWidth(), picture.getHeight());
        g.setColor(Charts.INK);
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 18));
        g.drawString(heading, (WIDTH - g.getFontMetrics().stringWidth(heading)) / 2, 40);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
        FontMetrics metrics = g.getFontMetrics();
        int nameWidth = 0;
        double largest = 0;
        double least = 0;
        for (int i : order) {
            nameWidth = Math.max(nameWidth, metrics.stringWidth(shortened(names.get(i))));
            double spread = spreads == null ? 0 : spreads[i];
            largest = Math.max(largest, values[i] + spread);
            least = Math.min(least, values[i] - spread);
        }
        int left = EDGE + nameWidth + 12;
        double scale = (WIDTH - EDGE - 70 - left) / Math.max(1e-300, largest - least);
        int zero = left + (int) Math.round(-least * scale);
        for (int row = 0; row < order.length; row++) {
            int i = order[row];
            int top = 62 + row * ROW;
            String name = shortened(names.get(i));
            g.setColor(Charts.INK);
            g.drawString(name, left - 12 - metrics.stringWidth(name), top + 17);
            int length = (int) Math.round(Math.abs(values[i]) * scale);
            g.setColor(Charts.BLUE);
            g.fillRect(values[i] < 0 ? zero - length : zero, top + 4, Math.max(1, length), ROW - 8);
            int end = zero + (int) Math.round(Math.max(0, values[i]) * scale);
            if (spreads != null) {
                int whisker = (int) Math.round(spreads[i] * scale);
                int at = zero + (int) Math.round(values[i] * scale);
                g.setColor(Charts.INK);
                g.setStroke(new BasicStroke(1.6f));
                g.drawLine(at - whisker, top + ROW / 2, at + whisker, top + ROW / 2);
                end = Math.max(end, at + whisker);
            }
            g.setColor(Charts.INK);
            g.drawString(String.format(Locale.ROOT, "%.3g", values[i]), end + 8, top + 17);
        }
        g.setColor(Charts.FAINT.darker());
        g.drawLine(zero, 58, zero, 62 + order.length * ROW);
        g.dispose();
        return picture;
    }

    private static String shortened(String name) {
        return name.length() <= 32 ? name : name.substring(0, 31) + "…";
    }
}
