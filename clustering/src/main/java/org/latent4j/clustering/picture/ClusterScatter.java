package org.latent4j.clustering.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.latent4j.compute.Philox;
import org.latent4j.data.picture.Charts;

/**
 * Points in the plane coloured by cluster; with centres as stars, and behind the points the part of the plane that is nearest to each
 * centre (its Voronoi cell).
 *
 * <p>Points (n, 2) and centres (k, 2) are in the units of the axes. Labels are 0, 1, ...; negative ones are drawn grey. Of more than 20,000
 * points a random sample is drawn.
 *
 * @param title above the picture
 * @param xTitle below the horizontal axis
 * @param yTitle beside the vertical axis
 * @param cells whether Voronoi cells are drawn
 */
public record ClusterScatter(String title, String xTitle, String yTitle, boolean cells) {
    private static final int WIDTH = 840;
    private static final int HEIGHT = 760;
    private static final int MOST_POINTS = 20_000;
    private static final int MOST_IN_LEGEND = 8;
    private static final Color NO_CLUSTER = new Color(0xA0, 0xA6, 0xAC);

    /** Centres may be null: no stars and no cells. */
    public BufferedImage draw(double[][] points, int[] labels, double[][] centres) {
        return draw(points, labels, centres, null);
    }

    /** With an ellipse of two standard deviations around each centre, of covariances (k, 2, 2). */
    public BufferedImage draw(double[][] points, int[] labels, double[][] centres, double[][][] covariances) {
        int[] shown = sample(points.length);
        double[][] limits = limits(points, centres);
        Frame frame = frame(limits, labels);
        Graphics2D g = frame.open();
        equalize(frame, limits);
        frame = frame(limits, labels);
        g.dispose();
        g = frame.open();
        if (cells && centres != null) {
            drawCells(g, frame, limits, centres);
        }
        double radius = shown.length > 5000 ? 1.6 : shown.length > 1000 ? 2.4 : 3.4;
        for (int i : shown) {
            g.setColor(Charts.faded(colour(labels[i]), cells ? 230 : 200));
            g.fill(new Ellipse2D.Double(
                    frame.px(points[i][0]) - radius, frame.py(points[i][1]) - radius, 2 * radius, 2 * radius));
        }
        if (covariances != null) {
            for (int c = 0; c < centres.length; c++) {
                ellipse(g, frame, centres[c], covariances[c], colour(c));
            }
        }
        if (centres != null) {
            for (int c = 0; c < centres.length; c++) {
                star(g, frame.px(centres[c][0]), frame.py(centres[c][1]), centres.length > 30 ? 6 : 13, colour(c));
            }
        }
        g.dispose();
        return frame.image();
    }

    private static Color colour(int label) {
        return label < 0 ? NO_CLUSTER : Charts.category(label);
    }

    private Frame frame(double[][] limits, int[] labels) {
        Frame frame = new Frame(WIDTH, HEIGHT, title, xTitle, yTitle, limits[0], limits[1]);
        int most = Arrays.stream(labels).max().orElse(0);
        if (most < MOST_IN_LEGEND) {
            List<String> names = new ArrayList<>();
            List<Color> colours = new ArrayList<>();
            for (int c = 0; c <= most; c++) {
                int label = c;
                names.add(String.format(
                        Locale.ROOT,
                        "%d  (%,d)",
                        c,
                        Arrays.stream(labels).filter(l -> l == label).count()));
                colours.add(colour(c));
            }
            frame.legend(names, colours);
        }
        return frame;
    }

    private static int[] sample(int n) {
        int[] all = new int[n];
        Arrays.setAll(all, i -> i);
        new Philox(1, Philox.Purpose.SAMPLE_GRID, 0).shuffle(all); // no cluster always lies over the others
        return Arrays.copyOf(all, Math.min(n, MOST_POINTS));
    }

    private static double[][] limits(double[][] points, double[][] centres) {
        double[][] limits = new double[2][];
        for (int axis = 0; axis < 2; axis++) {
            int a = axis;
            double low = Arrays.stream(points).mapToDouble(row -> row[a]).min().orElse(0);
            double high = Arrays.stream(points).mapToDouble(row -> row[a]).max().orElse(1);
            if (centres != null) {
                low = Math.min(
                        low,
                        Arrays.stream(centres).mapToDouble(row -> row[a]).min().orElse(low));
                high = Math.max(
                        high,
                        Arrays.stream(centres).mapToDouble(row -> row[a]).max().orElse(high));
            }
            double around = high > low ? 0.06 * (high - low) : Math.max(1, Math.abs(low)) * 0.5;
            limits[axis] = new double[] {low - around, high + around};
        }
        return limits;
    }

    /** Where both features have similar ranges, a unit becomes as long across as up. */
    private static void equalize(Frame frame, double[][] limits) {
        double[] pixels = {
            Math.abs(frame.px(limits[0][1]) - frame.px(limits[0][0])),
            Math.abs(frame.py(limits[1][1]) - frame.py(limits[1][0]))
        };
        double[] perPixel = new double[2];
        for (int axis = 0; axis < 2; axis++) {
            perPixel[axis] = (limits[axis][1] - limits[axis][0]) / pixels[axis];
        }
        double most = Math.max(perPixel[0], perPixel[1]);
        if (most > 4 * Math.min(perPixel[0], perPixel[1])) {
            return;
        }
        for (int axis = 0; axis < 2; axis++) {
            double more = (most * pixels[axis] - (limits[axis][1] - limits[axis][0])) / 2;
            limits[axis][0] -= more;
            limits[axis][1] += more;
        }
    }

    private static void drawCells(Graphics2D g, Frame frame, double[][] limits, double[][] centres) {
        int left = (int) Math.ceil(frame.px(limits[0][0]));
        int right = (int) Math.floor(frame.px(limits[0][1]));
        int top = (int) Math.ceil(frame.py(limits[1][1]));
        int bottom = (int) Math.floor(frame.py(limits[1][0]));
        int[][] owner = new int[bottom - top][right - left];
        for (int row = 0; row < owner.length; row++) {
            double y = frame.y(top + row + 0.5);
            for (int column = 0; column < owner[row].length; column++) {
                owner[row][column] = nearest(frame.x(left + column + 0.5), y, centres);
            }
        }
        BufferedImage layer = new BufferedImage(right - left, bottom - top, BufferedImage.TYPE_INT_ARGB);
        for (int row = 0; row < owner.length; row++) {
            for (int column = 0; column < owner[row].length; column++) {
                int own = owner[row][column];
                boolean border = row + 1 < owner.length && owner[row + 1][column] != own
                        || column + 1 < owner[row].length && owner[row][column + 1] != own;
                Color colour = border ? Charts.faded(Charts.INK, 110) : Charts.faded(colour(own), 38);
                layer.setRGB(column, row, colour.getRGB());
            }
        }
        g.drawImage(layer, left, top, null);
    }

    private static int nearest(double x, double y, double[][] centres) {
        int nearest = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int c = 0; c < centres.length; c++) {
            double dx = x - centres[c][0];
            double dy = y - centres[c][1];
            double squared = dx * dx + dy * dy;
            if (squared < least) {
                least = squared;
                nearest = c;
            }
        }
        return nearest;
    }

    /** Two standard deviations away from a mean. */
    private static void ellipse(Graphics2D g, Frame frame, double[] mean, double[][] covariance, Color colour) {
        double l11 = Math.sqrt(covariance[0][0]);
        double l21 = covariance[1][0] / l11;
        double l22 = Math.sqrt(Math.max(0, covariance[1][1] - l21 * l21));
        Path2D path = new Path2D.Double();
        for (int i = 0; i <= 120; i++) {
            double u = 2 * Math.cos(Math.PI * i / 60);
            double v = 2 * Math.sin(Math.PI * i / 60);
            double px = frame.px(mean[0] + l11 * u);
            double py = frame.py(mean[1] + l21 * u + l22 * v);
            if (i == 0) {
                path.moveTo(px, py);
            } else {
                path.lineTo(px, py);
            }
        }
        g.setStroke(new BasicStroke(4f));
        g.setColor(Color.WHITE);
        g.draw(path);
        g.setStroke(new BasicStroke(2f));
        g.setColor(colour);
        g.draw(path);
    }

    /** A star of five points, outlined so that it is seen on its own cluster. */
    private static void star(Graphics2D g, double x, double y, double radius, Color colour) {
        Path2D star = new Path2D.Double();
        for (int i = 0; i < 10; i++) {
            double r = i % 2 == 0 ? radius : radius * 0.42;
            double angle = Math.PI * i / 5 - Math.PI / 2;
            double px = x + r * Math.cos(angle);
            double py = y + r * Math.sin(angle);
            if (i == 0) {
                star.moveTo(px, py);
            } else {
                star.lineTo(px, py);
            }
        }
        star.closePath();
        g.setStroke(new BasicStroke(radius > 8 ? 5f : 3f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        g.setColor(Color.WHITE);
        g.draw(star);
        g.setStroke(new BasicStroke(radius > 8 ? 2f : 1.2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        g.setColor(Charts.INK);
        g.draw(star);
        g.setColor(colour);
        g.fill(star);
    }
}
