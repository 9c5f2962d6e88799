package org.latent4j.compute.cuda;

import org.latent4j.compute.graph.Filters;
import org.latent4j.compute.graph.Shape;
import org.latent4j.compute.graph.Window;

/** The sizes of a convolution: images (n, c, h, w) to (n, k, oh, ow), channels in groups. */
record Geometry(Window window, int groups, int n, int c, int h, int w, int k, int oh, int ow) {

    static Geometry of(Window window, Shape weights, Shape image, Shape result) {
        return new Geometry(
                window,
                (int) Filters.of(weights).groups(),
                (int) image.size(0),
                (int) image.size(1),
                (int) image.size(2),
                (int) image.size(3),
                (int) result.size(1),
                (int) result.size(2),
                (int) result.size(3));
    }

    /** The kernels' structure Conv. */
    long[] fields() {
        return new long[] {
            h,
            w,
            c,
            oh,
            ow,
            k,
            window.height(),
            window.width(),
            window.strideHeight(),
            window.strideWidth(),
            window.top(),
            window.left(),
            window.dilationHeight(),
            window.dilationWidth(),
            groups
        };
    }

    /** Channels that a filter sees. */
    int groupChannels() {
        return c / groups;
    }

    long imageElements() {
        return (long) n * c * h * w;
    }

    long resultElements() {
        return (long) n * k * oh * ow;
    }

    long weightElements() {
        return (long) k * groupChannels() * window.height() * window.width();
    }

    /** Whether the padding is the same on both sides, which is all that cuDNN knows. */
    boolean symmetric() {
        return window.top() == window.bottom() && window.left() == window.right();
    }

    /** The same convolution of images that are padded already. */
    Geometry padded() {
        Window bare = new Window(
                window.height(),
                window.width(),
                window.strideHeight(),
                window.strideWidth(),
                0,
                0,
                0,
                0,
                window.dilationHeight(),
                window.dilationWidth());
        return new Geometry(
                bare, groups, n, c, h + window.top() + window.bottom(), w + window.left() + window.right(), k, oh, ow);
    }

    @Override
    public String toString() {
        String inGroups = groups == 1 ? "" : " in " + groups + " groups";
        return n + "x" + c + "x" + h + "x" + w + "->" + k + "x" + oh + "x" + ow + inGroups + " " + window;
    }
}
