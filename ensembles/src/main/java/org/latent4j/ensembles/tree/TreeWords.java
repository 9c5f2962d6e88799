package org.latent4j.ensembles.tree;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.latent4j.ensembles.Score;

/** A tree in words: what its nodes ask and say, as indented text or in the language DOT. */
public final class TreeWords {
    private static final int MOST_CATEGORIES = 12;

    private final DecisionTree tree;
    private final Tree nodes;
    private final List<List<String>> categories;

    public TreeWords(DecisionTree tree) {
        this(tree, Collections.nCopies(tree.features(), List.of()));
    }

    /** @param categories of each feature, what its categories 0, 1, ... are called; none where they have no names */
    public TreeWords(DecisionTree tree, List<List<String>> categories) {
        this.tree = tree;
        this.nodes = tree.tree();
        this.categories = categories;
    }

    /**
     * What holds of points that go left: {@code width <= 2.45}, {@code width <= 2.45 or missing} if some were missing in training,
     * {@code colour in {0, 3}}, or {@code colour not in {1}}, as missing ones are.
     */
    public String question(int node) {
        String name = tree.featureNames().get(nodes.feature()[node]);
        boolean missingLeft = nodes.goesLeft(node, Float.NaN);
        if ((nodes.kinds()[node] & Tree.CATEGORICAL) == 0) {
            boolean said = missingLeft && (nodes.kinds()[node] & Tree.SAW_MISSING) != 0;
            return name + " <= " + number(nodes.threshold()[node]) + (said ? " or missing" : "");
        }
        // Unknown categories go where missing ones go: the other side is named, which is a short list.
        List<String> named = new ArrayList<>();
        int count = 0;
        for (int category = 0; category < Quantised.MISSING; category++) {
            if (nodes.goesLeft(node, category) != missingLeft) {
                count++;
                if (named.size() < MOST_CATEGORIES) {
                    named.add(category(nodes.feature()[node], category));
                }
            }
        }
        return name
                + (missingLeft ? " not in {" : " in {")
                + String.join(", ", named)
                + (count > named.size() ? ", ...}" : "}");
    }

    private String category(int feature, int category) {
        List<String> names = categories.get(feature);
        return category < names.size() ? names.get(category) : Integer.toString(category);
    }

    /** What a node says: its class with the share of it, or its number. */
    public String answer(int node) {
        if (tree.classNames().isEmpty()) {
            return number(nodes.value(node, 0));
        }
        double[] shares = new double[nodes.outputs()];
        for (int c = 0; c < shares.length; c++) {
            shares[c] = nodes.value(node, c);
        }
        int best = Score.largest(shares, 0, shares.length);
        return tree.classNames().get(best)
                + (shares[best] < 1 ? String.format(Locale.ROOT, " %.0f %%", 100 * shares[best]) : "");
    }

    /** Points and impurity of a node; empty where the tree does not know them. */
    public String numbers(int node) {
        return nodes.statistics() == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%,d points, %s %s",
                        nodes.statistics().rows()[node],
                        tree.criterion().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        number(nodes.statistics().impurity()[node], 3));
    }

    private static String number(double value) {
        return number(value, 4);
    }

    private static String number(double value, int digits) {
        BigDecimal rounded =
                new BigDecimal(value).round(new MathContext(digits)).stripTrailingZeros();
        boolean plain = value == 0 || Math.abs(value) >= 1e-4 && Math.abs(value) < 1e7;
        return plain ? rounded.toPlainString() : rounded.toString();
    }

    /** A line for each node, children below their parents and further to the right. */
    public String text() {
        StringBuilder text = new StringBuilder();
        write(0, "", text);
        return text.toString();
    }

    private void write(int node, String indent, StringBuilder text) {
        String numbers = nodes.statistics() == null ? "" : "  (" + numbers(node) + ")";
        if (nodes.isLeaf(node)) {
            text.append(indent)
                    .append("-> ")
                    .append(answer(node))
                    .append(numbers)
                    .append('\n');
            return;
        }
        text.append(indent).append(question(node)).append('?').append(numbers).append('\n');
        write(nodes.left()[node], indent + "  yes ", text);
        write(nodes.left()[node] + 1, indent + "  no  ", text);
    }

    /** For Graphviz. */
    public String dot() {
        StringBuilder dot =
                new StringBuilder("digraph tree {\n  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n");
        for (int node = 0; node < nodes.size(); node++) {
            String first = nodes.isLeaf(node) ? answer(node) : question(node);
            String label = quoted(first) + (nodes.statistics() == null ? "" : "\\n" + quoted(numbers(node)));
            dot.append("  ").append(node).append(" [label=\"").append(label).append("\"];\n");
            if (!nodes.isLeaf(node)) {
                int left = nodes.left()[node];
                dot.append("  ").append(node).append(" -> ").append(left).append(" [label=\"yes\"];\n");
                dot.append("  ").append(node).append(" -> ").append(left + 1).append(" [label=\"no\"];\n");
            }
        }
        return dot.append("}\n").toString();
    }

    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", " ");
    }
}
