package org.latent4j.gan.compiled;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import org.latent4j.compute.graph.Backend;
import org.latent4j.compute.graph.GameKernels;
import org.latent4j.compute.graph.Kernel;
import org.latent4j.compute.graph.Tensor;
import org.latent4j.gan.Minibatch;

/** Brings a minibatch's real samples and latents to where networks read them, without allocation for bytes and for points. */
final class Feed {
    private final Tensor samples;
    private final boolean byteOrder;
    private final float[] floats;
    private final byte[] bytes;
    private final ByteBuffer staged;
    private final Kernel scale;
    private int[] indices;
    private IntBuffer which;
    private Kernel gather; // null where samples come from the host

    /** {@code byteOrder}: whether the samples lie in memory as an image set's bytes do, (h, w, c). */
    Feed(Tensor samples, boolean byteOrder, Backend backend) {
        int elements = Math.toIntExact(samples.shape().elements());
        this.samples = samples;
        this.byteOrder = byteOrder;
        this.floats = new float[elements];
        this.bytes = new byte[elements];
        this.staged = ByteBuffer.allocateDirect(elements).order(ByteOrder.nativeOrder());
        this.scale = backend.fromBytes(staged, samples);
    }

    /** From now on samples of a set that is on the device are gathered there. */
    void hold(GameKernels.Store store) {
        indices = new int[Math.toIntExact(samples.shape().size(0))];
        which = ByteBuffer.allocateDirect(indices.length * Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .asIntBuffer();
        gather = store.gather(which, samples);
    }

    void real(Minibatch batch) {
        if (gather != null && batch.isStored()) {
            batch.indices(indices);
            which.put(0, indices);
            gather.run();
        } else if (byteOrder && batch.hasPixels()) {
            batch.pixels(bytes);
            staged.put(0, bytes, 0, bytes.length);
            scale.run();
        } else {
            batch.real(floats);
            if (samples.shape().rank() == 4) {
                samples.write(floats);
            } else {
                samples.put(floats);
            }
        }
    }
}
