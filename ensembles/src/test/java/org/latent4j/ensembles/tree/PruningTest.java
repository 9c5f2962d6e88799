package org.latent4j.ensembles.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.latent4j.data.DataException;
import org.latent4j.ensembles.Points;
import org.latent4j.ensembles.Samples;
import org.latent4j.ensembles.Score;
import org.latent4j.ensembles.Sets;
import org.latent4j.ensembles.picture.TreePicture;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PruningTest {
    private final Samples classes = Samples.ofClasses(Sets.referencePoints(), Sets.referenceLabels());
    private final Samples numbers = Samples.ofValues(Sets.referencePoints(), Sets.referenceValues());

    /** scikit-learn 1.9.1: cost_complexity_pruning_path, and trees grown with ccp_alpha. */
    @Test
    void pathsAreThoseOfScikitLearn() {
        DecisionTree gini =
                DecisionTree.fit(classes, TreeOptions.defaults().withMinLeaf(13).withMaxDepth(4), 1);
        PruningPath path = PruningPath.of(gini);
        assertThat(path.alphas())
                .containsExactly(
                        new double[] {
                            0,
                            0.0057255323,
                            0.0231555017,
                            0.0318452663,
                            0.0405401362,
                            0.05651308,
                            0.0637572904,
                            0.1469134795
                        },
                        within(1e-9));
        assertThat(path.impurities())
                .containsExactly(
                        new double[] {
                            0.2493812192,
                            0.2551067515,
                            0.2782622533,
                            0.3419527858,
                            0.382492922,
                            0.439006002,
                            0.5027632924,
                            0.6496767719
                        },
                        within(1e-9));
        DecisionTree pruned = gini.pruned(0.02);
        assertThat(pruned.tree().leaves()).isEqualTo(8);
        assertThat(pruned.importances())
                .containsExactly(new double[] {0.2354962351, 0.1614305057, 0.3723381705, 0.2307350887}, within(1e-9));
        DecisionTree variance = DecisionTree.fit(
                numbers.withWeights(Sets.referenceWeights()),
                TreeOptions.defaults().withMinLeaf(5).withMaxDepth(3),
                1);
        assertThat(PruningPath.of(variance).alphas())
                .containsExactly(
                        new double[] {
                            0, 0.0057838956, 0.0327291832, 0.0491958915, 0.0497318663, 0.0858711686, 0.2383866361
                        },
                        within(1e-7));
        assertThat(variance.pruned(0.03).tree().leaves()).isEqualTo(7);
        assertThat(variance.pruned(0.03).importances())
                .containsExactly(new double[] {0.1620204166, 0.2728481131, 0.4714490918, 0.0936823785}, within(1e-7));
    }

    /** At each price the pruned tree is the grown one with some nodes made leaves, and the next is a sub-tree of it. */
    @Test
    void prunedTreesAreSubTrees() {
        for (Samples samples : List.of(classes, numbers)) {
            DecisionTree grown = DecisionTree.fit(samples, TreeOptions.defaults(), 1);
            PruningPath path = PruningPath.of(grown);
            assertThat(path.leaves()[path.leaves().length - 1]).isEqualTo(1);
            DecisionTree larger = grown;
            double score = 1;
            for (int i = 0; i < path.alphas().length; i++) {
                DecisionTree smaller = grown.pruned(path.alphas()[i]);
                assertThat(smaller.tree().leaves()).isEqualTo(path.leaves()[i]);
                assertSubTree(smaller.tree(), 0, larger.tree(), 0);
                assertThat(Score.of(smaller, samples)).isLessThanOrEqualTo(score + 1e-12);
                score = Score.of(smaller, samples);
                larger = smaller;
            }
        }
    }

    private static void assertSubTree(Tree small, int a, Tree large, int b) {
        assertThat(small.value(a, 0)).isEqualTo(large.value(b, 0));
        assertThat(small.statistics().rows()[a]).isEqualTo(large.statistics().rows()[b]);
        if (!small.isLeaf(a)) {
            assertThat(small.feature()[a]).isEqualTo(large.feature()[b]);
            assertThat(small.threshold()[a]).isEqualTo(large.threshold()[b]);
            assertSubTree(small, small.left()[a], large, large.left()[b]);
            assertSubTree(small, small.left()[a] + 1, large, large.left()[b] + 1);
        }
    }

    @Test
    void badPricesAreNamed() {
        DecisionTree tree = DecisionTree.fit(classes, TreeOptions.defaults(), 1);
        assertThatThrownBy(() -> tree.pruned(-1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("-1.0");
        assertThatThrownBy(() -> tree.pruned(Double.NaN)).hasMessageContaining("NaN");
        Tree nodes = tree.tree();
        DecisionTree bare = new DecisionTree(
                new Tree(
                        nodes.features(),
                        nodes.outputs(),
                        nodes.feature(),
                        nodes.threshold(),
                        nodes.left(),
                        nodes.kinds(),
                        nodes.sets(),
                        nodes.value(),
                        nodes.values(),
                        null),
                tree.criterion(),
                tree.importances(),
                tree.featureNames(),
                tree.classNames());
        assertThatThrownBy(() -> bare.pruned(0)).hasMessageContaining("no statistics");
        assertThat(new TreeWords(bare).text()).contains("->").doesNotContain("points");
    }

    @Test
    void treesAreTold() {
        INDArray points = Nd4j.create(new float[] {1, 0, 2, 1, 5, 2, 6, 3}, new long[] {4, 2}, 'c');
        Samples samples = Samples.ofClasses(points, new int[] {0, 0, 1, 1}, List.of("no \"good\"", "good"));
        DecisionTree numeric =
                DecisionTree.fit(samples, TreeOptions.defaults(), 1).withFeatureNames(List.of("size", "kind"));
        assertThat(new TreeWords(numeric).text())
                .isEqualTo(
                        """
                        size <= 3.5?  (4 points, gini 0.5)
                          yes -> no "good"  (2 points, gini 0)
                          no  -> good  (2 points, gini 0)
                        """);
        assertThat(new TreeWords(numeric).dot())
                .startsWith("digraph tree {")
                .contains("0 -> 1 [label=\"yes\"]", "0 -> 2 [label=\"no\"]", "no \\\"good\\\"\\n2 points");
        Samples kinds = Samples.ofClasses(points, new int[] {0, 1, 1, 0});
        DecisionTree categorical = DecisionTree.fit(
                        kinds, TreeOptions.defaults().withCategorical(Set.of(1)), 1)
                .withFeatureNames(List.of("size", "kind"));
        assertThat(new TreeWords(categorical).text()).startsWith("kind not in {0, 3}?");
        INDArray gaps = Nd4j.create(new float[] {1, Float.NaN, 2, 5, 6, 7}, new long[] {6, 1}, 'c');
        for (int missing = 0; missing < 2; missing++) { // of the class on the left, and of that on the right
            Samples some = Samples.ofClasses(gaps, new int[] {0, missing, 0, 1, 1, 1});
            DecisionTree tree =
                    DecisionTree.fit(some, TreeOptions.defaults(), 1).withFeatureNames(List.of("size"));
            assertThat(new TreeWords(tree).text())
                    .startsWith(missing == 0 ? "size <= 3.5 or missing?" : "size <= 3.5?");
        }
    }

    @Test
    void treesAreDrawn() {
        DecisionTree tree = DecisionTree.fit(classes, TreeOptions.defaults(), 1);
        BufferedImage whole = TreePicture.draw("A tree", tree, 100);
        BufferedImage top = TreePicture.draw("A tree", tree, 2);
        assertThat(top.getWidth()).isBetween(480, 1000).isLessThan(whole.getWidth());
        assertThat(whole.getWidth()).isLessThanOrEqualTo(8100);
        long inked = Arrays.stream(top.getRGB(0, 0, top.getWidth(), top.getHeight(), null, 0, top.getWidth()))
                .filter(rgb -> (rgb & 0xFFFFFF) != 0xFFFFFF)
                .count();
        assertThat(inked).isGreaterThan(10_000);
        DecisionTree leaf = DecisionTree.fit(classes, TreeOptions.defaults().withMinLeaf(200), 1);
        assertThat(TreePicture.draw("A leaf", leaf, 5).getHeight()).isLessThan(200);
        assertThat(Points.doubles(leaf.pruned(0).predict(classes.points()))).hasSize(621);
    }
}
