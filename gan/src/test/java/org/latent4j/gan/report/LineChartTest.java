package org.latent4j.gan.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.latent4j.gan.report.LineChart.Reference;
import org.latent4j.gan.report.LineChart.Series;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class LineChartTest {

    @Test
    void thinningKeepsEveryPeak() {
        double[] y = new double[12_347];
        for (int i = 0; i < y.length; i++) {
            y[i] = Math.sin(i / 500.0);
        }
        y[7_001] = 9;
        y[7_012] = -9;
        int[] kept = LineChart.thinned(y);
        assertThat(kept).hasSizeBetween(300, LineChart.MOST_POINTS).isSorted().contains(7_001, 7_012);
        assertThat(Arrays.stream(kept).distinct().count()).isEqualTo(kept.length);
        assertThat(LineChart.thinned(new double[599])).hasSize(599);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 5, '0.0,0.2,0.4,0.6,0.8,1.0'",
        "-1.7, -0.2, 5, '-1.6,-1.4,-1.2,-1.0,-0.8,-0.6,-0.4,-0.2'",
        "3, 6021, 6, '1000.0,2000.0,3000.0,4000.0,5000.0,6000.0'"
    })
    void ticksAreRound(double low, double high, int about, String expected) {
        assertThat(LineChart.ticks(low, high, about))
                .containsExactly(Arrays.stream(expected.split(","))
                        .mapToDouble(Double::parseDouble)
                        .toArray());
    }

    /** The picture is XML, and its path goes through the corners of the data: a straight line from corner to corner. */
    @Test
    void pathFollowsTheData() throws Exception {
        double[] x = IntStream.range(0, 11).asDoubleStream().toArray();
        String svg = new LineChart("a < b", x, List.of(new Series("\"y\"", x)), List.of()).svg();
        Element root = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(svg)))
                .getDocumentElement();
        String path = IntStream.range(0, root.getElementsByTagName("path").getLength())
                .mapToObj(i -> (Element) root.getElementsByTagName("path").item(i))
                .filter(element -> element.getAttribute("class").equals("curve s0"))
                .map(element -> element.getAttribute("d"))
                .findFirst()
                .orElseThrow();
        double[] numbers = Arrays.stream(path.replace("h.01", "").split("[ML ]"))
                .filter(token -> !token.isEmpty())
                .mapToDouble(Double::parseDouble)
                .toArray();
        assertThat(numbers).hasSize(22);
        assertThat(numbers[0]).isEqualTo(54);
        assertThat(numbers[20]).isEqualTo(508);
        for (int i = 2; i < 22; i += 2) {
            double slope = (numbers[i + 1] - numbers[i - 1]) / (numbers[i] - numbers[i - 2]);
            assertThat(slope).isBetween(-0.45, -0.37); // 198 pixels less 2 x 6 / 112 of them, over 454
        }
    }

    @Test
    void survivesGapsConstantsAndNothing() {
        double nan = Double.NaN;
        for (double[] y : new double[][] {
            {},
            {nan},
            {1},
            {2, 2, 2},
            {0, 0},
            {nan, 1, nan, nan, 2, 3, nan},
            {1e-30, 2e-30},
            {-1e300, 1e300},
            {Double.POSITIVE_INFINITY, 1}
        }) {
            double[] x = IntStream.range(0, y.length).asDoubleStream().toArray();
            assertThat(new LineChart("x", x, List.of(new Series("y", y)), List.of(new Reference("r", 0))).svg())
                    .endsWith("</svg>")
                    .doesNotContain("NaN", "Infinity");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0.1, 0.1",
        "1234.6, '1,235'",
        "-1.3863, −1.386",
        "12.5, 12.5",
        "0.00012, 1.20e−04",
        "99.999, 100",
        "0.5, 0.5",
        "NaN, –"
    })
    void numbersReadWell(double value, String text) {
        assertThat(Html.number(value)).isEqualTo(text);
    }
}
