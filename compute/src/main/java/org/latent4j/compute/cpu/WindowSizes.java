package org.latent4j.compute.cpu;

import org.latent4j.compute.graph.Window;

/** A window in the library's words, where a dense window has dilation 0. */
record WindowSizes(long[] kernel, long[] strides, long[] dilation, long[] before, long[] after) {

    static WindowSizes of(Window window) {
        return new WindowSizes(
                new long[] {window.height(), window.width()},
                new long[] {window.strideHeight(), window.strideWidth()},
                new long[] {window.dilationHeight() - 1, window.dilationWidth() - 1},
                new long[] {window.top(), window.left()},
                new long[] {window.bottom(), window.right()});
    }
}
