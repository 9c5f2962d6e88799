package org.latent4j.cli.lecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.latent4j.compute.Device;

/** The quick ones; figures are asserted to have something on them, numbers to be those of the theory. */
class QuickLecturesTest {
    private static final LectureRoom ROOM = new LectureRoom(new Device(Device.Kind.CPU, 0), 1, line -> {});

    @Test
    void theoryCovarianceHasRank28() {
        Exhibit exhibit = new TheoryCovarianceLecture().compute(ROOM);
        assertThat(exhibit.explanation()).contains("its rank is 28 = 5 x 5 + 3");
        assertThat(exhibit.figures()).hasSize(2).allMatch(QuickLecturesTest::isDrawn);
        assertThat(exhibit.tables().get(0).rows()).hasSize(8).allMatch(row -> row.size() == 8);
    }

    @Test
    void oneDirectionCoversAndTheOtherSitsOnEitherPeak() {
        Exhibit exhibit = new KlAsymmetryLecture().compute(ROOM);
        List<List<String>> rows = exhibit.tables().get(0).rows();
        double weight = 0.55;
        double mean = weight * -2.5 + (1 - weight) * 3;
        assertThat(number(rows, 0, 1)).isCloseTo(mean, within(1e-3));
        assertThat(number(rows, 1, 1)).isCloseTo(-2.5, within(0.05));
        assertThat(number(rows, 2, 1)).isCloseTo(3, within(0.05));
        assertThat(number(rows, 1, 4)).isCloseTo(-Math.log(weight), within(0.01));
        assertThat(number(rows, 2, 4)).isCloseTo(-Math.log(1 - weight), within(0.01));
        assertThat(exhibit.figures()).allMatch(QuickLecturesTest::isDrawn);
    }

    @Test
    void ringsAreFoundThroughSmallClusters() {
        Exhibit exhibit = new HybridLecture().compute(ROOM);
        List<List<String>> rows = exhibit.tables().get(0).rows();
        assertThat(number(rows, 0, 1)).isEqualTo(1);
        assertThat(number(rows, 1, 1)).isLessThan(0.1);
        assertThat(exhibit.figures()).hasSize(4).allMatch(QuickLecturesTest::isDrawn);
    }

    @Test
    void theBootstrapKnowsTheErrorOfAMedian() {
        Exhibit exhibit = new BootstrapLecture().compute(ROOM);
        List<List<String>> errors = exhibit.tables().get(0).rows();
        assertThat(number(errors, 0, 1)).isCloseTo(number(errors, 1, 1), within(0.02));
        List<List<String>> shares = exhibit.tables().get(1).rows();
        double most = number(shares, 4, 1);
        assertThat(shares.get(4).get(0)).isEqualTo("studentised");
        assertThat(most).isBetween(0.87, 0.94);
        assertThat(IntStream.range(0, 4).mapToDouble(row -> number(shares, row, 1)))
                .allMatch(share -> share < most);
        assertThat(exhibit.figures()).hasSize(2).allMatch(QuickLecturesTest::isDrawn);
    }

    private static double number(List<List<String>> rows, int row, int column) {
        return Double.parseDouble(rows.get(row).get(column));
    }

    private static boolean isDrawn(Exhibit.Figure figure) {
        int width = figure.picture().getWidth();
        int[] pixels = figure.picture().getRGB(0, 0, width, figure.picture().getHeight(), null, 0, width);
        return IntStream.of(pixels).distinct().count() > 20;
    }
}
