package org.latent4j.reduction.pca;

import java.util.Arrays;
import java.util.List;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Shift vectors of missing higher orders by the 9-point prescription: the factorisation scale varies for all processes together, the
 * renormalisation scale for each process by itself.
 *
 * <p>For g processes the covariance S S^T has rank 5 g + 3 at most: for each of the factorisation scales up and down two vectors a process and
 * one in common, for the central one a vector a process and one in common.
 *
 * <p>Throws {@link DataException} for another shape than (p, 8).
 *
 * <p>Source: Abdul Khalek et al. (NNPDF), Eur. Phys. J. C 79 (2019) 931.
 */
public final class NinePoint {
    /** (factorisation, renormalisation) of the columns of shifts: doubled (+), halved (-) or central (0). */
    public static final List<String> COLUMNS = List.of("+0", "++", "+-", "-0", "-+", "--", "0+", "0-");

    private static final int[][] FAMILIES = {{0, 1, 2}, {3, 4, 5}, {6, 7}};

    private NinePoint() {}

    /** Columns of S (p, 5 g + 3) from each point's changes (p, 8), in the order of {@link #COLUMNS}. */
    public static INDArray vectors(INDArray changes, DataPoints points) {
        int p = points.size();
        if (changes.rank() != 2 || changes.size(1) != COLUMNS.size() || changes.size(0) != p) {
            throw new DataException("the 9-point prescription takes changes (" + p + ", 8), columns " + COLUMNS
                    + ", but the shape is " + Arrays.toString(changes.shape()));
        }
        List<String> groups = points.distinctGroups();
        double[] d = Numbers.of(changes);
        double[][] s = new double[p][5 * groups.size() + 3];
        for (int i = 0; i < p; i++) {
            int group = groups.indexOf(points.groups().get(i));
            int column = 0;
            for (int[] family : FAMILIES) {
                int size = family.length;
                double mean = 0;
                for (int f : family) {
                    mean += d[i * 8 + f] / size;
                }
                // A quarter of the sum of squares is a quarter of the deviations' and size / 4 of the mean's square.
                s[i][column] = Math.sqrt(size / 4.0) * mean;
                int own = column + 1 + group * (size - 1);
                double a = d[i * 8 + family[0]];
                double b = d[i * 8 + family[1]];
                s[i][own] = 0.5 * (a - b) / Math.sqrt(2);
                if (size == 3) {
                    double c = d[i * 8 + family[2]];
                    s[i][own + 1] = 0.5 * (a + b - 2 * c) / Math.sqrt(6);
                }
                column += 1 + groups.size() * (size - 1);
            }
        }
        return Nd4j.createFromArray(s);
    }
}
