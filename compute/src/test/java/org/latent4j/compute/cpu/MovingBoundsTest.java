package org.latent4j.compute.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MovingBoundsTest {
    private static final int N = 5000;

    /** Points at 0 and 10 with centres there; every hundredth lies between them. */
    private static MovingBounds bounds(int[] labels) {
        MovingBounds bounds = new MovingBounds(N);
        int[] points = IntStream.range(0, N).toArray();
        int[] nearest = new int[N];
        float[] upper = new float[N];
        float[] lower = new float[N];
        for (int i = 0; i < N; i++) {
            boolean between = i % 100 == 0;
            nearest[i] = i % 2;
            upper[i] = between ? 4.9f : 1;
            lower[i] = between ? 5 : 9;
        }
        bounds.set(points, N, nearest, upper, lower);
        bounds.finish(new double[][] {{0}, {10}}, labels);
        return bounds;
    }

    @Test
    void onlyPointsThatACentreMayHaveLostAreLookedAt() {
        try (Team team = new Team(2)) {
            int[] labels = new int[N];
            MovingBounds bounds = bounds(labels);
            int[] open = bounds.move(new double[][] {{0.2}, {10}}, 1, team);
            assertThat(open).hasSize(N / 100).isSorted();
            assertThat(IntStream.of(open)).allMatch(i -> i % 100 == 0);
            assertThat(labels[3]).isEqualTo(1);
        }
    }

    @Test
    void boundsAddUpUntilEveryPointIsLookedAt() {
        try (Team team = new Team(2)) {
            MovingBounds bounds = bounds(new int[N]);
            double at = 0;
            for (int step = 0; step < 3; step++) {
                at += 1.5;
                double[][] centres = {{at}, {10}};
                int[] open = bounds.move(centres, 1, team);
                // Labels 0: 1 + moves below 9; labels 1: 1 below 9 - moves.
                assertThat(open).as("step %d", step).hasSize(N / 100);
                bounds.finish(centres, new int[N]);
            }
            assertThat(bounds.move(new double[][] {{at + 6}, {10}}, 1, team)).isNull();
            assertThat(bounds.move(new double[][] {{at + 6}, {10}}, 1, team))
                    .as("bounds of unknown centres")
                    .isNull();
        }
    }

    @Test
    void boundsThatLeaveNothingCertainRestLongerAndLonger() {
        try (Team team = new Team(2)) {
            MovingBounds bounds = bounds(new int[N]);
            assertThat(bounds.isResting()).isFalse();
            int[] rests = new int[3];
            for (int test = 0; test < rests.length; test++) {
                bounds.move(new double[][] {{100}, {10}}, 1, team);
                for (; bounds.isResting(); rests[test]++) {
                    assertThat(bounds.move(new double[][] {{0}, {10}}, 1, team)).isNull();
                }
                bounds.finish(new double[][] {{0}, {10}}, new int[N]);
            }
            assertThat(rests).containsExactly(2, 4, 8);
        }
    }

    @Test
    void anotherNumberOfCentresOrOneThatIsNotANumberForgetsAll() {
        try (Team team = new Team(2)) {
            assertThat(bounds(new int[N]).move(new double[][] {{0}, {10}, {20}}, 1, team))
                    .isNull();
            assertThat(bounds(new int[N]).move(new double[][] {{0}, {Double.NaN}}, 1, team))
                    .isNull();
        }
    }
}
