package org.latent4j.clustering.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.latent4j.clustering.LinkageTable;
import org.latent4j.data.picture.Charts;

class DendrogramPictureTest {

    /** Each merge takes in one more point: the deepest tree there is. */
    private static LinkageTable chain(int n) {
        int[] left = IntStream.range(0, n - 1).map(i -> i == 0 ? 0 : i + 1).toArray();
        int[] right = IntStream.range(0, n - 1).map(i -> i == 0 ? 1 : n + i - 1).toArray();
        double[] height = IntStream.range(0, n - 1).mapToDouble(i -> 1 + i).toArray();
        int[] size = IntStream.range(0, n - 1).map(i -> i + 2).toArray();
        return new LinkageTable(left, right, height, size);
    }

    @Test
    void aChainOfManyLeavesIsDrawn() {
        LinkageTable chain = chain(100_000);
        assertThat(chain.leafOrder()).hasSize(100_000).doesNotHaveDuplicates();
        assertThat(branches(new DendrogramPicture(chain, 3).draw("chain", "distance")))
                .isPositive();
    }

    @Test
    void twoPointsAreATree() {
        assertThat(branches(new DendrogramPicture(chain(2), 1).draw("two", "distance")))
                .isPositive();
    }

    /** Pixels in the colour of the first cluster. */
    private static long branches(BufferedImage picture) {
        int colour = Charts.category(0).getRGB();
        return IntStream.range(0, picture.getWidth() * picture.getHeight())
                .filter(i -> picture.getRGB(i % picture.getWidth(), i / picture.getWidth()) == colour)
                .count();
    }
}
