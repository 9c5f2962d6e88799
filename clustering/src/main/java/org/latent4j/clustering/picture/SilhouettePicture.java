package org.latent4j.clustering.picture;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.latent4j.clustering.Silhouette;
import org.latent4j.data.picture.Charts;

/** Silhouettes of the scored points as bars, sorted within each cluster, and their mean as a dashed line. */
public final class SilhouettePicture {
    private static final int WIDTH = 840;
    private static final int HEIGHT = 700;
    private static final int MOST_NAMES = 25;

    private SilhouettePicture() {}

    public static BufferedImage draw(Silhouette silhouette, String title) {
        int clusters = Arrays.stream(silhouette.labels()).max().orElse(0) + 1;
        int n = silhouette.values().length;
        double gap = Math.max(1, 0.15 * n / clusters);
        double height = n + gap * (clusters + 1);
        double low = Math.min(-0.1, Arrays.stream(silhouette.values()).min().orElse(0) - 0.05);
        Frame frame = new Frame(
                        WIDTH,
                        HEIGHT,
                        title,
                        String.format(Locale.ROOT, "silhouette  (mean %.3f, dashed)", silhouette.mean()),
                        String.format(Locale.ROOT, "%,d scored points by cluster", n),
                        new double[] {low, 1},
                        new double[] {0, height})
                .withoutYTicks();
        Graphics2D g = frame.open();
        double at = height - gap;
        for (int c = 0; c < clusters; c++) {
            int cluster = c;
            double[] values = IntStream.range(0, n)
                    .filter(i -> silhouette.labels()[i] == cluster)
                    .mapToDouble(i -> silhouette.values()[i])
                    .sorted()
                    .toArray();
            band(g, frame, values, at, c);
            at -= values.length + gap;
        }
        g.setColor(Charts.INK);
        g.setStroke(new BasicStroke(1.6f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {7, 6}, 0));
        double mean = frame.px(silhouette.mean());
        g.draw(new Line2D.Double(mean, frame.py(0), mean, frame.py(height)));
        if (clusters <= MOST_NAMES) {
            names(g, frame, silhouette, clusters, height, gap, low);
        }
        g.dispose();
        return frame.image();
    }

    private static void band(Graphics2D g, Frame frame, double[] values, double top, int cluster) {
        Path2D outline = new Path2D.Double();
        outline.moveTo(frame.px(0), frame.py(top));
        for (int i = 0; i < values.length; i++) {
            double value = frame.px(values[values.length - 1 - i]);
            outline.lineTo(value, frame.py(top - i));
            outline.lineTo(value, frame.py(top - i - 1));
        }
        outline.lineTo(frame.px(0), frame.py(top - values.length));
        outline.closePath();
        g.setColor(Charts.faded(Charts.category(cluster), 215));
        g.fill(outline);
    }

    private static void names(
            Graphics2D g, Frame frame, Silhouette silhouette, int clusters, double height, double gap, double low) {
        g.setFont(g.getFont().deriveFont(13f));
        g.setColor(Charts.INK);
        double at = height - gap;
        for (int c = 0; c < clusters; c++) {
            int cluster = c;
            long size =
                    Arrays.stream(silhouette.labels()).filter(l -> l == cluster).count();
            if (size > 0) {
                g.drawString(String.valueOf(c), (float) frame.px(low) + 6, (float) frame.py(at - size / 2.0) + 5);
            }
            at -= size + gap;
        }
    }
}
