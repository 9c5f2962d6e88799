package org.latent4j.ensembles.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import org.latent4j.data.picture.Charts;
import org.latent4j.ensembles.Model;
import org.latent4j.ensembles.Points;
import org.latent4j.ensembles.Samples;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The plane of two features: where a model says which class, points of classes, and straight boundaries. Draw in that order, then take it. */
public final class PlanePicture {
    private static final int SIDE = 640;
    private static final int LEFT = 70;
    private static final int TOP = 56;
    private static final int BOTTOM = 92;
    private static final int RIGHT = 24;
    private static final int CELL = 4;

    private final BufferedImage image =
            new BufferedImage(LEFT + SIDE + RIGHT, TOP + SIDE + BOTTOM, BufferedImage.TYPE_INT_RGB);
    private final Graphics2D g = image.createGraphics();
    private final double[] x;
    private final double[] y;
    private int legend = LEFT;

    private PlanePicture(String title, List<String> features, double[] x, double[] y) {
        this.x = x;
        this.y = y;
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, image.getWidth(), image.getHeight());
        g.setColor(Charts.INK);
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 18));
        g.drawString(title, LEFT + (SIDE - g.getFontMetrics().stringWidth(title)) / 2, 36);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
        axes(features);
    }

    /** An empty plane that holds all points of samples of two features. */
    public static PlanePicture around(Samples samples, String title, List<String> features) {
        double[] values = Points.doubles(samples.points());
        double[][] limits = {
            {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}, {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}
        };
        for (int i = 0; i < values.length; i++) {
            if (Double.isFinite(values[i])) {
                limits[i % 2][0] = Math.min(limits[i % 2][0], values[i]);
                limits[i % 2][1] = Math.max(limits[i % 2][1], values[i]);
            }
        }
        for (double[] axis : limits) {
            double around = axis[1] > axis[0] ? 0.05 * (axis[1] - axis[0]) : 0.5;
            axis[0] -= around;
            axis[1] += around;
        }
        return new PlanePicture(title, features, limits[0], limits[1]);
    }

    private void axes(List<String> features) {
        g.setColor(Charts.FAINT);
        g.drawRect(LEFT, TOP, SIDE, SIDE);
        g.setColor(Charts.INK);
        for (int tick = 0; tick < 2; tick++) {
            String across = Charts.tickLabel(Float.parseFloat(String.format(Locale.ROOT, "%.3g", x[tick])));
            String up = Charts.tickLabel(Float.parseFloat(String.format(Locale.ROOT, "%.3g", y[tick])));
            int width = g.getFontMetrics().stringWidth(across);
            g.drawString(across, LEFT + tick * (SIDE - width), TOP + SIDE + 20);
            g.drawString(
                    up,
                    LEFT - 8 - g.getFontMetrics().stringWidth(up),
                    tick == 0 ? TOP + SIDE : TOP + g.getFontMetrics().getAscent());
        }
        int middle = LEFT + SIDE / 2 - g.getFontMetrics().stringWidth(features.get(0)) / 2;
        g.drawString(features.get(0), middle, TOP + SIDE + 20);
        g.rotate(-Math.PI / 2);
        g.drawString(
                features.get(1), -(TOP + SIDE / 2 + g.getFontMetrics().stringWidth(features.get(1)) / 2), LEFT - 14);
        g.rotate(Math.PI / 2);
    }

    /** Colours the plane by what a model of classes says: the surer, the stronger. */
    public PlanePicture regions(Model model) {
        int cells = SIDE / CELL;
        float[] grid = new float[cells * cells * 2];
        for (int i = 0; i < cells * cells; i++) {
            grid[2 * i] = (float) (x[0] + (x[1] - x[0]) * (i % cells + 0.5) / cells);
            grid[2 * i + 1] = (float) (y[1] - (y[1] - y[0]) * (i / cells + 0.5) / cells);
        }
        INDArray points = Nd4j.create(grid, new long[] {(long) cells * cells, 2}, 'c');
        double[] shares = Points.doubles(model.predict(points));
        int k = model.outputs();
        for (int i = 0; i < cells * cells; i++) {
            g.setColor(mixed(shares, i * k, k));
            g.fillRect(LEFT + i % cells * CELL, TOP + i / cells * CELL, CELL, CELL);
        }
        return this;
    }

    private static Color mixed(double[] shares, int at, int k) {
        float[] sum = new float[3];
        for (int c = 0; c < k; c++) {
            float[] colour = Charts.category(c).getRGBColorComponents(null);
            for (int channel = 0; channel < 3; channel++) {
                sum[channel] += (float) shares[at + c] * (0.55f + 0.45f * colour[channel]);
            }
        }
        return new Color(Math.min(1, sum[0]), Math.min(1, sum[1]), Math.min(1, sum[2]));
    }

    /** Points of classes, named below the plane. */
    public PlanePicture points(Samples samples) {
        double[] values = Points.doubles(samples.points());
        double radius = samples.size() > 2000 ? 1.8 : samples.size() > 600 ? 2.6 : 3.4;
        for (int i = 0; i < samples.size(); i++) {
            if (Double.isFinite(values[2 * i]) && Double.isFinite(values[2 * i + 1])) {
                Shape dot = new Ellipse2D.Double(
                        across(values[2 * i]) - radius, up(values[2 * i + 1]) - radius, 2 * radius, 2 * radius);
                g.setColor(Charts.category(samples.labels()[i]));
                g.fill(dot);
                g.setStroke(new BasicStroke(0.6f));
                g.setColor(Color.WHITE);
                g.draw(dot);
            }
        }
        List<String> names = samples.classNames();
        for (int c = 0; c < Math.min(8, names.size()); c++) {
            g.setColor(Charts.category(c));
            g.fill(new Ellipse2D.Double(legend, TOP + SIDE + 42, 12, 12));
            named(names.get(c), legend + 18);
        }
        return this;
    }

    private void named(String name, int at) {
        g.setColor(Charts.INK);
        g.drawString(name, at, TOP + SIDE + 53);
        legend = at + g.getFontMetrics().stringWidth(name) + 26;
    }

    /** The line a x + b y + c = 0, dashed. */
    public PlanePicture line(double a, double b, double c, Color colour, float width) {
        Shape whole = g.getClip();
        g.setClip(LEFT, TOP, SIDE, SIDE);
        g.setColor(colour);
        g.setStroke(dashes(width));
        if (Math.abs(b) * (y[1] - y[0]) > Math.abs(a) * (x[1] - x[0])) {
            g.draw(new Line2D.Double(across(x[0]), up(-(a * x[0] + c) / b), across(x[1]), up(-(a * x[1] + c) / b)));
        } else if (a != 0) {
            g.draw(new Line2D.Double(across(-(b * y[0] + c) / a), up(y[0]), across(-(b * y[1] + c) / a), up(y[1])));
        }
        g.setClip(whole);
        return this;
    }

    /** Names lines of a kind below the plane. */
    public PlanePicture lineLegend(String name, Color colour, float width) {
        g.setColor(colour);
        g.setStroke(dashes(width));
        g.draw(new Line2D.Double(legend, TOP + SIDE + 48, legend + 40, TOP + SIDE + 48));
        named(name, legend + 48);
        return this;
    }

    private static BasicStroke dashes(float width) {
        return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {9, 6}, 0);
    }

    private double across(double value) {
        return LEFT + SIDE * (value - x[0]) / (x[1] - x[0]);
    }

    private double up(double value) {
        return TOP + SIDE * (y[1] - value) / (y[1] - y[0]);
    }

    public BufferedImage picture() {
        return image;
    }
}
