package org.latent4j.data.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.latent4j.compute.Philox;
import org.latent4j.data.PointSet;

class ScatterTest {

    /** Corners of a square, far from each other: the orange marks in the picture must form a square as well. */
    @Test
    void unitsAreEqualOnBothAxes() {
        PointSet wide = new PointSet("wide", List.of("x", "y"), normals(1001, 2, 30, 2));
        float[] corners = {-20, -20, 20, -20, -20, 20, 20, 20};
        BufferedImage picture = new Scatter(wide).draw(corners, "wide");
        int left = Integer.MAX_VALUE;
        int right = 0;
        int top = Integer.MAX_VALUE;
        int bottom = 0;
        int legend = picture.getHeight() - 90;
        for (int y = 0; y < legend; y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                if (isOrange(picture.getRGB(x, y))) {
                    left = Math.min(left, x);
                    right = Math.max(right, x);
                    top = Math.min(top, y);
                    bottom = Math.max(bottom, y);
                }
            }
        }
        assertThat(right - left).isGreaterThan(100);
        assertThat(bottom - top).isCloseTo(right - left, within(3));
    }

    @Test
    void axesDependOnTheRealPointsAlone() {
        PointSet real = new PointSet("ring", List.of("x", "y"), normals(207, 2, 1, 1));
        Scatter scatter = new Scatter(real);
        double[][] limits = scatter.limits();
        BufferedImage near = scatter.draw(new float[] {0, 0}, "t");
        BufferedImage far = scatter.draw(new float[] {1e6f, -1e6f}, "t");
        assertThat(scatter.limits()).isEqualTo(limits);
        assertThat(limits[0][1]).isLessThan(8);
        // Axis labels: the same pixels. The plot's inside and the legend differ.
        for (int y = 60; y < near.getHeight() - 60; y++) {
            for (int x = 0; x < 60; x++) {
                assertThat(far.getRGB(x, y)).isEqualTo(near.getRGB(x, y));
            }
        }
    }

    @Test
    void oneFeatureAndManyFeaturesAreDrawn() {
        PointSet one = new PointSet("one", List.of("x"), normals(313, 1, 1, 1));
        BufferedImage densities = new Scatter(one).draw(normals(207, 1, 1, 1), "density");
        assertThat(densities.getWidth()).isGreaterThan(densities.getHeight());
        assertThat(hasOrange(densities)).isTrue();

        PointSet five = new PointSet("five", List.of("a", "b", "c", "d", "e"), normals(13, 5, 1, 1));
        assertThat(hasOrange(new Scatter(five).draw(normals(7, 5, 1, 1), "five")))
                .isTrue();

        PointSet same = new PointSet("same", List.of("a", "b"), new float[] {3, 3, 3, 3});
        assertThat(hasOrange(new Scatter(same).draw(new float[] {3, 3}, "same")))
                .isTrue();
    }

    @Test
    void refusesBrokenRows() {
        Scatter scatter = new Scatter(new PointSet("p", List.of("a", "b"), new float[] {1, 2, 3, 4}));
        assertThatThrownBy(() -> scatter.draw(new float[3], "t")).hasMessageContaining("3 generated values");
    }

    static float[] normals(int n, int p, float first, float others) {
        float[] points = new float[n * p];
        new Philox(5, Philox.Purpose.SYNTHETIC, p).fillNormal(points, 0, n * p);
        for (int i = 0; i < points.length; i++) {
            points[i] *= i % p == 0 ? first : others;
        }
        return points;
    }

    private static boolean isOrange(int rgb) {
        return (rgb >> 16 & 255) > 190 && (rgb >> 8 & 255) < 160 && (rgb & 255) < 100;
    }

    private static boolean hasOrange(BufferedImage picture) {
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                if (isOrange(picture.getRGB(x, y))) {
                    return true;
                }
            }
        }
        return false;
    }
}
