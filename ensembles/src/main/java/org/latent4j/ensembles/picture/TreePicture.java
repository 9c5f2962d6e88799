package org.latent4j.ensembles.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import org.latent4j.data.picture.Charts;
import org.latent4j.ensembles.Score;
import org.latent4j.ensembles.tree.DecisionTree;
import org.latent4j.ensembles.tree.Tree;
import org.latent4j.ensembles.tree.TreeWords;

/** A tree as a picture: questions from top to bottom, yes to the left; below the last level drawn stands how many leaves follow. */
public final class TreePicture {
    private static final int BOX = 220;
    private static final int BOX_HEIGHT = 46;
    private static final int GAP = 14;
    private static final int LEVEL = 96;
    private static final int EDGE = 24;
    private static final int TOP = 64;
    /** Pictures much wider than this can't be read. */
    private static final int MOST_WIDTH = 8000;

    private final DecisionTree tree;
    private final Tree nodes;
    private final TreeWords words;
    private final int levels;
    private final double[] centre;
    private int columns;
    private Graphics2D g;

    private TreePicture(DecisionTree tree, TreeWords words, int levels) {
        this.tree = tree;
        this.nodes = tree.tree();
        this.words = words;
        this.levels = levels;
        this.centre = new double[nodes.size()];
        place(0, 0);
    }

    /** @param levels of questions to draw at most; fewer where they would be too wide */
    public static BufferedImage draw(String title, DecisionTree tree, int levels) {
        return draw(title, tree, new TreeWords(tree), levels);
    }

    /** @param words of the tree, with the names of its categories */
    public static BufferedImage draw(String title, DecisionTree tree, TreeWords words, int levels) {
        TreePicture picture = new TreePicture(tree, words, levels);
        int fewer = levels;
        while (fewer > 1 && picture.columns * (BOX + GAP) > MOST_WIDTH) {
            picture = new TreePicture(tree, words, --fewer);
        }
        return picture.draw(title);
    }

    private boolean isEnd(int node, int level) {
        return nodes.isLeaf(node) || level == levels;
    }

    private double place(int node, int level) {
        if (isEnd(node, level)) {
            centre[node] = EDGE + columns++ * (BOX + GAP) + BOX / 2.0;
        } else {
            int left = nodes.left()[node];
            centre[node] = (place(left, level + 1) + place(left + 1, level + 1)) / 2;
        }
        return centre[node];
    }

    private BufferedImage draw(String title) {
        int depth = Math.min(levels, nodes.depth());
        int width = Math.max(480, 2 * EDGE + columns * (BOX + GAP) - GAP);
        BufferedImage image =
                new BufferedImage(width, TOP + depth * LEVEL + BOX_HEIGHT + 2 * EDGE, BufferedImage.TYPE_INT_RGB);
        g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, image.getWidth(), image.getHeight());
        g.setColor(Charts.INK);
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 18));
        g.drawString(title, (width - g.getFontMetrics().stringWidth(title)) / 2, 38);
        node(0, 0);
        g.dispose();
        return image;
    }

    private void node(int node, int level) {
        int y = TOP + level * LEVEL;
        if (!isEnd(node, level)) {
            for (int side = 0; side < 2; side++) {
                int child = nodes.left()[node] + side;
                g.setColor(Charts.INK);
                g.setStroke(new BasicStroke(1.2f));
                g.drawLine((int) centre[node], y + BOX_HEIGHT, (int) centre[child], y + LEVEL);
                g.setFont(new Font(Font.SANS_SERIF, Font.ITALIC, 12));
                int middle = (int) (centre[node] + centre[child]) / 2;
                g.drawString(side == 0 ? "yes" : "no", middle + (side == 0 ? -28 : 10), y + BOX_HEIGHT + 24);
                node(child, level + 1);
            }
        }
        int x = (int) centre[node] - BOX / 2;
        g.setColor(ground(node));
        g.fillRoundRect(x, y, BOX, BOX_HEIGHT, 12, 12);
        g.setColor(Charts.INK);
        g.setStroke(new BasicStroke(nodes.isLeaf(node) ? 2f : 1f));
        g.drawRoundRect(x, y, BOX, BOX_HEIGHT, 12, 12);
        boolean leaf = nodes.isLeaf(node);
        String first =
                leaf ? words.answer(node) : level == levels ? "... " + below(node) + " leaves" : words.question(node);
        String numbers = words.numbers(node);
        line(first, new Font(Font.SANS_SERIF, leaf ? Font.BOLD : Font.PLAIN, 13), x, y + (numbers.isEmpty() ? 28 : 19));
        line(numbers, new Font(Font.SANS_SERIF, Font.PLAIN, 11), x, y + 37);
    }

    private int below(int node) {
        return nodes.isLeaf(node) ? 1 : below(nodes.left()[node]) + below(nodes.left()[node] + 1);
    }

    private void line(String text, Font font, int x, int y) {
        g.setFont(font);
        FontMetrics metrics = g.getFontMetrics();
        String shown = text;
        while (shown.length() > 1 && metrics.stringWidth(shown) > BOX - 10) {
            shown = shown.substring(0, shown.length() - 2) + "…";
        }
        g.drawString(shown, x + (BOX - metrics.stringWidth(shown)) / 2, y);
    }

    /** The colour of the class that most points have, the fainter the more are of others; white for numbers. */
    private Color ground(int node) {
        int k = nodes.outputs();
        if (tree.classNames().isEmpty() || nodes.value()[node] < 0) {
            return Color.WHITE;
        }
        double[] shares = new double[k];
        for (int c = 0; c < k; c++) {
            shares[c] = nodes.value(node, c);
        }
        int best = Score.largest(shares, 0, k);
        double sure = (shares[best] - 1.0 / k) / (1 - 1.0 / k);
        return Charts.faded(Charts.category(best), (int) (20 + 110 * sure));
    }
}
