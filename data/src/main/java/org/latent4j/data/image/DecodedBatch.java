package org.latent4j.data.image;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import org.latent4j.data.SampleShape;

/** Some neighbouring pictures of a source, decoded to the store's shape; bad ones left out. */
final class DecodedBatch {
    private final ImageSource source;
    private final ImageOptions options;
    private final SampleShape.Image shape;
    private final Semaphore memory; // thousands of pixels
    private final Survey seen = new Survey();
    private byte[] pixels; // (count, h, w, c)
    private int[] sources;

    DecodedBatch(ImageSource source, ImageOptions options, SampleShape.Image shape, Semaphore memory) {
        this.source = source;
        this.options = options;
        this.shape = shape;
        this.memory = memory;
    }

    DecodedBatch decode(int from, int to) throws InterruptedException {
        pixels = new byte[(to - from) * shape.elements()];
        sources = new int[to - from];
        try (ImageDecoder decoder = new ImageDecoder()) {
            for (int i = from; i < to; i++) {
                try {
                    decode(i, decoder);
                } catch (IOException | BadImageException e) {
                    seen.addBad(source.nameOf(i), e);
                }
            }
        }
        return this;
    }

    private void decode(int index, ImageDecoder decoder) throws IOException, BadImageException, InterruptedException {
        ImageSource.Loaded picture = source.load(index);
        ImageHeader header = picture.header();
        int thousands = (int) ((long) header.width() * header.height() / 1000) + 1;
        memory.acquire(thousands);
        try {
            Pixels converted = picture.decoding().pixels(decoder).toChannels(shape.channels(), options.background());
            int count = seen.good();
            Resize.fit(converted, shape.width(), shape.height(), pixels, count * shape.elements());
            sources[count] = index;
            seen.add(header);
        } finally {
            memory.release(thousands);
        }
    }

    int count() {
        return seen.good();
    }

    byte[] pixels() {
        return pixels;
    }

    /** Which picture of the source image {@code i} of the batch is. */
    int source(int i) {
        return sources[i];
    }

    Survey seen() {
        return seen;
    }
}
