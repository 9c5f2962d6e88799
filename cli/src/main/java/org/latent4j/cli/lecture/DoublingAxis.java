package org.latent4j.cli.lecture;

import java.util.Arrays;
import org.knowm.xchart.XYChart;
import org.latent4j.data.picture.Charts;

/** A horizontal axis on which each step doubles. XChart's own logarithmic axis has its labels at the wrong places. */
final class DoublingAxis {
    private DoublingAxis() {}

    static double[] places(int[] numbers) {
        return Arrays.stream(numbers)
                .mapToDouble(n -> Math.log(n) / Math.log(2))
                .toArray();
    }

    /** Writes the numbers themselves where they are powers of 2. */
    static void label(XYChart chart) {
        chart.getStyler()
                .setxAxisTickLabelsFormattingFunction(
                        x -> Math.abs(x - Math.rint(x)) < 0.01 ? Charts.tickLabel(Math.rint(Math.pow(2, x))) : "");
    }
}
