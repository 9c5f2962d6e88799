package org.latent4j.clustering.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.Locale;
import org.latent4j.clustering.LinkageTable;
import org.latent4j.data.picture.Charts;

/**
 * A hierarchy as a tree: merges at their heights, the points below.
 *
 * <p>Of more than 60 points the last 59 merges are drawn; what hangs below them is named by its number of points, in brackets. Points are
 * named by their rows from 1. Nothing recurses.
 */
public final class DendrogramPicture {
    private static final int WIDTH = 1000;
    private static final int HEIGHT = 640;
    private static final int MOST_LEAVES = 60;
    private static final int UPRIGHT_NAMES = 26;

    private final LinkageTable table;
    private final int clusters;
    private final int leaves;
    private final int firstMerge; // the first that is drawn
    private final LinkageTable top; // of the drawn merges, over the drawn leaves
    private final int[] hanging; // by leaf: the cluster of the whole table that hangs there
    private final int[] labels;

    /**
     * @param clusters the cut that colours the branches, 1 ... n
     */
    public DendrogramPicture(LinkageTable table, int clusters) {
        this.table = table;
        this.clusters = clusters;
        this.leaves = Math.min(table.n(), MOST_LEAVES);
        this.firstMerge = table.n() - leaves;
        this.hanging = new int[leaves];
        this.top = truncated();
        this.labels = table.cutInto(clusters);
    }

    private LinkageTable truncated() {
        int n = table.n();
        int merges = leaves - 1;
        int[] left = new int[merges];
        int[] right = new int[merges];
        double[] height = new double[merges];
        int[] size = new int[merges];
        int next = 0;
        for (int i = 0; i < merges; i++) {
            int[] children = {table.left()[firstMerge + i], table.right()[firstMerge + i]};
            for (int c = 0; c < 2; c++) {
                int inner = children[c] - n - firstMerge;
                size[i] += inner >= 0 ? size[inner] : 1;
                if (inner >= 0) {
                    children[c] = leaves + inner;
                } else {
                    hanging[next] = children[c];
                    children[c] = next++;
                }
            }
            left[i] = children[0];
            right[i] = children[1];
            height[i] = table.height()[firstMerge + i];
        }
        return new LinkageTable(left, right, height, size);
    }

    public BufferedImage draw(String title, String heightTitle) {
        double most = 0;
        for (double height : top.height()) {
            most = Math.max(most, height);
        }
        most = most > 0 ? most : 1;
        Frame frame = new Frame(
                        WIDTH,
                        HEIGHT,
                        title,
                        table.n() > leaves
                                ? String.format(
                                        Locale.ROOT,
                                        "%,d points; the last %d merges are drawn, in brackets the points below",
                                        table.n(),
                                        leaves - 1)
                                : "points by row",
                        heightTitle,
                        new double[] {0, leaves},
                        new double[] {-0.1 * most, 1.05 * most})
                .withoutXTicks();
        Graphics2D g = frame.open();
        drawTree(g, frame);
        if (clusters > 1 && clusters <= leaves) {
            drawCut(g, frame);
        }
        g.dispose();
        return frame.image();
    }

    private void drawTree(Graphics2D g, Frame frame) {
        int[] order = top.leafOrder();
        double[] x = new double[2 * leaves - 1];
        double[] y = new double[2 * leaves - 1];
        int[] label = new int[2 * leaves - 1]; // of all points below, or -1
        for (int at = 0; at < leaves; at++) {
            int leaf = order[at];
            x[leaf] = at + 0.5;
            y[leaf] = hanging[leaf] < table.n() ? 0 : table.height()[hanging[leaf] - table.n()];
            label[leaf] = labelBelow(hanging[leaf]);
            name(g, frame, leaf, x[leaf]);
            if (y[leaf] > 0) {
                stroke(g, label[leaf]);
                g.draw(new Line2D.Double(frame.px(x[leaf]), frame.py(0), frame.px(x[leaf]), frame.py(y[leaf])));
            }
        }
        for (int i = 0; i < leaves - 1; i++) {
            int l = top.left()[i];
            int r = top.right()[i];
            int id = leaves + i;
            x[id] = (x[l] + x[r]) / 2;
            y[id] = top.height()[i];
            label[id] = firstMerge + i < table.n() - clusters && label[l] == label[r] ? label[l] : -1;
            Path2D bracket = new Path2D.Double();
            bracket.moveTo(frame.px(x[l]), frame.py(y[l]));
            bracket.lineTo(frame.px(x[l]), frame.py(y[id]));
            bracket.lineTo(frame.px(x[r]), frame.py(y[id]));
            bracket.lineTo(frame.px(x[r]), frame.py(y[r]));
            stroke(g, label[id]);
            g.draw(bracket);
        }
    }

    /** The cluster of the cut that holds everything below, or -1 where there are several. */
    private int labelBelow(int id) {
        int point = id;
        while (point >= table.n()) {
            point = table.left()[point - table.n()];
        }
        return id < table.n() || id - table.n() < table.n() - clusters ? labels[point] : -1;
    }

    private static void stroke(Graphics2D g, int label) {
        g.setStroke(new BasicStroke(1.8f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND));
        g.setColor(label < 0 ? new Color(0x8A, 0x92, 0x9A) : Charts.category(label));
    }

    private void name(Graphics2D g, Frame frame, int leaf, double x) {
        int id = hanging[leaf];
        String name = id < table.n() ? String.valueOf(id + 1) : "(" + table.size()[id - table.n()] + ")";
        g.setColor(Charts.INK);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, leaves > 40 ? 11 : 12));
        float width = g.getFontMetrics().stringWidth(name);
        float px = (float) frame.px(x);
        float py = (float) frame.py(0);
        if (leaves <= UPRIGHT_NAMES) {
            g.drawString(name, px - width / 2, py + 17);
        } else {
            AffineTransform before = g.getTransform();
            g.translate(px + 4, py + 6 + width);
            g.rotate(-Math.PI / 2);
            g.drawString(name, 0, 0);
            g.setTransform(before);
        }
    }

    private void drawCut(Graphics2D g, Frame frame) {
        int above = table.n() - clusters;
        double high = table.height()[above];
        double low = above > 0 ? table.height()[above - 1] : 0;
        if (low > high) {
            return; // an inversion: no height separates these clusters
        }
        double at = frame.py((low + high) / 2);
        g.setColor(Charts.faded(Charts.INK, 170));
        g.setStroke(new BasicStroke(1.4f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {7, 6}, 0));
        g.draw(new Line2D.Double(frame.px(0), at, frame.px(leaves), at));
    }
}
