package org.latent4j.ensembles;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.latent4j.data.DataException;
import org.latent4j.data.table.Table;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Points with what is to be predicted of them.
 *
 * <p>{@code points} is (n, p) of FLOAT or DOUBLE; {@code target} holds n classes or n numbers; {@code weights} n weights, or null for 1 each.
 * Nothing is copied.
 *
 * <p>Throws {@link DataException}, all problems at once, for no points, a target of another length, labels that are none of the classes, NaN
 * or infinite numbers in the target, and weights that are negative, not finite or all 0.
 */
public record Samples(INDArray points, Table.Target target, double[] weights) {
    private static final int MOST_CLASSES = 1 << 16;

    public Samples {
        if (points.isEmpty() || points.rank() != 2) {
            throw new DataException("points must be (n, p) with at least one row and one column, but are "
                    + (points.isEmpty() ? "empty" : "of shape " + Arrays.toString(points.shape())));
        }
        List<String> problems = new ArrayList<>();
        int n = Math.toIntExact(points.size(0));
        if (target.size() != n) {
            problems.add("the target has " + target.size() + " values for " + n + " points");
        }
        if (target instanceof Table.Classes classes) {
            checkLabels(classes, problems);
        } else {
            checkFinite("target", ((Table.Values) target).values(), problems);
        }
        if (weights != null) {
            checkWeights(weights, n, problems);
        }
        if (!problems.isEmpty()) {
            throw new DataException(String.join("; ", problems));
        }
    }

    /** Points of given classes: {@code labels[i]} is an index of {@code names}. */
    public static Samples ofClasses(INDArray points, int[] labels, List<String> names) {
        return new Samples(points, new Table.Classes("target", labels, names), null);
    }

    /** Points of classes 0 ... largest label. */
    public static Samples ofClasses(INDArray points, int[] labels) {
        int classes = Math.min(MOST_CLASSES, Arrays.stream(labels).max().orElse(0) + 1);
        return ofClasses(
                points,
                labels,
                IntStream.range(0, classes).mapToObj(Integer::toString).toList());
    }

    /** Points with a number each. */
    public static Samples ofValues(INDArray points, double[] values) {
        return new Samples(points, new Table.Values("target", values), null);
    }

    public Samples withWeights(double[] newWeights) {
        return new Samples(points, target, newWeights);
    }

    public int size() {
        return (int) points.size(0);
    }

    public int features() {
        return (int) points.size(1);
    }

    public boolean classified() {
        return target instanceof Table.Classes;
    }

    /** Number of classes, or 1 where the target is numbers. */
    public int outputs() {
        return target instanceof Table.Classes classes ? classes.names().size() : 1;
    }

    /** Names of the classes; none where the target is numbers. */
    public List<String> classNames() {
        return target instanceof Table.Classes classes ? classes.names() : List.of();
    }

    /** Labels of the points; only where {@link #classified()}. */
    public int[] labels() {
        return ((Table.Classes) target).labels();
    }

    /** Numbers of the points; only where not {@link #classified()}. */
    public double[] values() {
        return ((Table.Values) target).values();
    }

    /** Points {@code rows}, each as often as it is named. All classes stay, even those that no row has. */
    public Samples subset(int[] rows) {
        Table.Target chosen = target instanceof Table.Classes classes
                ? new Table.Classes(
                        classes.column(),
                        Arrays.stream(rows).map(i -> classes.labels()[i]).toArray(),
                        classes.names())
                : new Table.Values(target.column(), choose(values(), rows));
        return new Samples(Points.rows(points, rows), chosen, weights == null ? null : choose(weights, rows));
    }

    /** Fails where all points are of one class: nothing can be told apart. Members of a bag may see such a sample, their maker may not. */
    public Samples requireTwoClasses() {
        if (classified() && Arrays.stream(labels()).distinct().count() < 2) {
            throw new DataException("all " + size() + " points are of class '"
                    + classNames().get(labels()[0]) + "'; at least two classes are needed");
        }
        return this;
    }

    /** Fails where the target is numbers. */
    public Samples requireClasses(String learner) {
        if (!classified()) {
            throw new DataException(learner + " learns classes, but the target '" + target.column()
                    + "' is numbers; use a tree, nearest neighbours or a network");
        }
        return this;
    }

    /** What perfect predictions would be, n * k row by row: 1 for the class and 0 for the others, or the number. */
    public double[] truth() {
        if (!classified()) {
            return values().clone();
        }
        double[] truth = new double[size() * outputs()];
        for (int i = 0; i < size(); i++) {
            truth[i * outputs() + labels()[i]] = 1;
        }
        return truth;
    }

    private static double[] choose(double[] values, int[] rows) {
        return Arrays.stream(rows).mapToDouble(i -> values[i]).toArray();
    }

    private static void checkLabels(Table.Classes classes, List<String> problems) {
        int k = classes.names().size();
        for (int i = 0; i < classes.labels().length; i++) {
            int label = classes.labels()[i];
            if (label < 0 || label >= k) {
                problems.add("label " + label + " of point " + (i + 1) + " is none of the " + k + " classes 0 ... "
                        + (k - 1));
                return;
            }
        }
    }

    private static void checkFinite(String name, double[] values, List<String> problems) {
        long bad = Arrays.stream(values).filter(v -> !Double.isFinite(v)).count();
        if (bad > 0) {
            int first = IntStream.range(0, values.length)
                    .filter(i -> !Double.isFinite(values[i]))
                    .findFirst()
                    .orElseThrow();
            problems.add("the " + name + " of point " + (first + 1) + " is " + values[first]
                    + (bad > 1 ? ", and of " + (bad - 1) + " more it is not finite" : "")
                    + "; remove such points or give their numbers");
        }
    }

    private static void checkWeights(double[] weights, int n, List<String> problems) {
        if (weights.length != n) {
            problems.add(weights.length + " weights for " + n + " points");
        }
        checkFinite("weight", weights, problems);
        if (Arrays.stream(weights).anyMatch(w -> w < 0)) {
            problems.add("weights must not be negative");
        } else if (Arrays.stream(weights).allMatch(w -> w == 0)) {
            problems.add("all weights are 0: no point counts");
        }
    }
}
