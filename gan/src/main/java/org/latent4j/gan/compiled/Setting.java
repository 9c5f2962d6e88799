package org.latent4j.gan.compiled;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.graph.Backend;
import org.latent4j.compute.graph.GameKernels;
import org.latent4j.compute.graph.Precision;
import org.latent4j.compute.graph.Tensor;
import org.latent4j.data.SampleShape;
import org.latent4j.gan.Chosen;
import org.latent4j.gan.Divergence;
import org.latent4j.gan.Loss;
import org.latent4j.gan.NetworkShapes;
import org.latent4j.gan.Recipe;
import org.latent4j.gan.TrainingOptions;
import org.latent4j.gan.Views;

/** What both sides of a game share. */
final class Setting {
    final NetworkShapes shapes;
    final TrainingOptions options;
    final Backend backend;
    final Divergence divergence;
    final Loss loss;
    final int m;
    final long seed;
    final Chosen chosen;
    final Views views;
    final Laps laps = new Laps();
    private final List<Player> players = new ArrayList<>();
    private final List<Feed> feeds = new ArrayList<>();
    private final float[] seen;

    Setting(NetworkShapes shapes, TrainingOptions options, Backend backend, Divergence divergence) {
        this.shapes = shapes;
        this.options = options;
        this.backend = backend;
        this.divergence = divergence;
        this.loss = options.loss();
        this.m = options.batch();
        this.seed = options.seed();
        this.chosen = new Chosen(shapes.classes(), m);
        this.views = new Views(recipe().augmentation(), shapes.sample(), shapes.discriminatorTakesImages(), seed);
        this.seen = new float[views.any() ? m * shapes.sample().elements() : 0];
    }

    Recipe recipe() {
        return options.recipe();
    }

    /** Steps over which what changes does so. */
    double burnIn() {
        return recipe().burnIn(options.steps());
    }

    Player player(ComputationGraph graph, long... inputShape) {
        Precision precision = options.precision().equals("bf16") ? Precision.BF16 : Precision.F32;
        Player player = new Player(graph, backend, precision, inputShape);
        players.add(player);
        return player;
    }

    /** Brings what the device has learned to the graphs' own parameters. */
    void synchronize() {
        players.forEach(player -> player.parameters.synchronize());
    }

    /** Takes over what somebody has written to the graphs' own parameters. */
    void refresh() {
        players.forEach(player -> player.parameters.refresh());
    }

    /** Of what the discriminator takes. */
    long[] sampleShape() {
        return shapes.discriminatorTakesImages() && shapes.sample() instanceof SampleShape.Image image
                ? new long[] {image.channels(), image.height(), image.width()}
                : new long[] {shapes.sample().elements()};
    }

    Feed feed(Logits logits) {
        boolean byteOrder = shapes.discriminatorTakesImages()
                || shapes.sample() instanceof SampleShape.Image image && image.channels() == 1;
        Feed feed = new Feed(logits.samples, byteOrder, backend);
        feeds.add(feed);
        return feed;
    }

    /** Real samples of a set that is on the device are gathered there. */
    void hold(GameKernels.Store images) {
        feeds.forEach(feed -> feed.hold(images));
    }

    /** Turns samples into what the discriminator sees of them. */
    void show(Tensor samples, long noise) {
        if (views.any()) {
            samples.get(seen);
            views.show(seen, noise);
            samples.put(seen);
        }
    }

    /** Turns the gradient of what the discriminator saw into that of the samples. */
    void back(Tensor gradient, long noise) {
        if (views.any()) {
            gradient.get(seen);
            views.back(seen, noise);
            gradient.put(seen);
        }
    }
}
