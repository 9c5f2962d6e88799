package org.latent4j.gan.compiled;

import java.util.IdentityHashMap;
import java.util.Map;
import org.latent4j.compute.graph.GameKernels;
import org.latent4j.compute.graph.Kernel;
import org.latent4j.compute.graph.Shape;
import org.latent4j.compute.graph.Tensor;
import org.latent4j.gan.Views;

/** Random views of minibatches, made where the images are: the host only draws what each view is. */
final class ViewsOnDevice {
    private final GameKernels kernels;
    private final Views views;
    private final float[] drawn;
    private final Map<Tensor, Seen> all = new IdentityHashMap<>();

    /** One minibatch of images, or of gradients. */
    private record Seen(Tensor numbers, Kernel show, Kernel back) {}

    ViewsOnDevice(GameKernels kernels, Views views, int m) {
        this.kernels = kernels;
        this.views = views;
        this.drawn = new float[views.any() ? m * GameKernels.VIEW_NUMBERS : 0];
    }

    /** Prepares for a minibatch; before the first step. */
    void see(Tensor images) {
        if (views.any()) {
            long m = images.shape().size(0);
            Tensor numbers = Tensor.zeros(Shape.of(m, GameKernels.VIEW_NUMBERS));
            all.put(
                    images,
                    new Seen(
                            numbers,
                            kernels.view(views.images(), images, numbers, false),
                            kernels.view(views.images(), images, numbers, true)));
        }
    }

    /** Turns samples into what the discriminator sees of them. */
    void show(Tensor samples, long noise) {
        if (views.any()) {
            draw(samples, noise).show.run();
        }
    }

    /** Turns the gradient of what the discriminator saw into that of the samples. */
    void back(Tensor gradient, long noise) {
        if (views.any()) {
            draw(gradient, noise).back.run();
        }
    }

    private Seen draw(Tensor images, long noise) {
        Seen seen = all.get(images);
        views.numbers(drawn, noise);
        seen.numbers.put(drawn);
        return seen;
    }
}
