package org.latent4j.gan;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataException;
import org.latent4j.data.Dataset;
import org.latent4j.data.ImageSet;
import org.latent4j.data.PointDistribution;
import org.latent4j.data.PointSet;
import org.latent4j.data.SampleShape;

/**
 * Minibatches of real samples in the networks' scale. Draw number d of a run is a function of (data, seed, d) alone: stored data are read
 * in a new random order each epoch, distributions give fresh points, and images are mirrored or not by a coin for each. Drawing allocates
 * nothing.
 */
final class RealSamples {
    private static final long HELD_OUT = -1; // epochs and draws count from 0

    private final Dataset data;
    private final PointScaling.Factors scaling;
    private final boolean flip;
    private final int size; // of the samples to learn from
    private final int[] stored; // their indices, then those held out
    private final Philox fresh;
    private final Philox orders;
    private final Philox coins;
    private final int[] order;
    private long orderEpoch = -1;

    /** Checks that a minibatch fits: a stored set must hold at least {@code batch} samples, and only images can be mirrored. */
    RealSamples(Dataset data, PointScaling scaling, TrainingOptions options) {
        this.data = data;
        this.scaling = scaling == null ? null : scaling.factors();
        this.flip = options.flip();
        this.stored = stored(data, options);
        this.size = stored.length - (stored.length == 0 ? 0 : options.holdOut());
        this.fresh = new Philox(options.seed(), Philox.Purpose.DATA_SAMPLE, 0);
        this.orders = new Philox(options.seed(), Philox.Purpose.DATA_ORDER, 0);
        this.coins = new Philox(options.seed(), Philox.Purpose.AUGMENTATION, 0);
        this.order = new int[size];
        if (size > 0 && options.batch() > size) {
            throw new DataException("a minibatch of " + options.batch() + " is larger than the data: " + data.name()
                    + " holds " + size + " samples"
                    + (options.holdOut() > 0 ? " beside the " + options.holdOut() + " held out" : "") + "; use --batch "
                    + size + " or less");
        }
        Latents latents = options.recipe().latents();
        int classes = latents == null ? 0 : latents.classes();
        int there = data instanceof ImageSet images ? images.classes().size() : 0;
        if (classes > 0 && classes != there) {
            throw new DataException("latent vectors name one of " + classes + " classes, but " + data.name() + " has "
                    + (there == 0 ? "none" : there) + "; give images in " + classes
                    + " class folders, or leave --conditional out");
        }
        if (flip && !(data instanceof ImageSet)) {
            throw new DataException("--flip mirrors images, but the data are " + data.shape() + "; leave it out");
        }
    }

    /** All indices, those held out last: the last of a shuffled order, so that every class is among them. */
    private static int[] stored(Dataset data, TrainingOptions options) {
        int[] stored = IntStream.range(0, size(data)).toArray();
        int held = options.holdOut();
        if (stored.length > 0 && held >= stored.length) {
            throw new DataException("--hold-out " + held + " leaves nothing to learn from: " + data.name() + " holds "
                    + stored.length + " samples");
        }
        if (held > 0 && stored.length > 0) {
            new Philox(options.seed(), Philox.Purpose.DATA_ORDER, HELD_OUT).shuffle(stored);
            Arrays.sort(stored, 0, stored.length - held);
        }
        return stored;
    }

    /** Up to {@code most} samples to learn from, at regular distances; fresh points of a distribution. */
    float[] some(int most) {
        return read(chosen(most));
    }

    /** The classes of {@link #some}; of images alone. */
    int[] labelsOfSome(int most) {
        return labels(chosen(most));
    }

    private int[] chosen(int most) {
        int count = data instanceof PointDistribution ? most : Math.min(most, size);
        return IntStream.range(0, count)
                .map(i -> data instanceof PointDistribution ? i : stored[(int) ((long) i * size / count)])
                .toArray();
    }

    private int[] labels(int[] indices) {
        return Arrays.stream(indices).map(((ImageSet) data)::label).toArray();
    }

    /** The samples that no minibatch holds; none unless the options say so. */
    float[] heldOut() {
        return read(Arrays.copyOfRange(stored, size, stored.length));
    }

    /** Classes of samples to learn from that are drawn at random; of images alone. */
    int[] randomLabels(Philox random, int count) {
        return labels(IntStream.generate(() -> stored[random.nextInt(size)])
                .limit(count)
                .toArray());
    }

    /** The classes of {@link #heldOut}; of images alone. */
    int[] labelsOfHeldOut() {
        return labels(Arrays.copyOfRange(stored, size, stored.length));
    }

    private float[] read(int[] indices) {
        int elements = data.shape().elements();
        float[] out = new float[indices.length * elements];
        if (data instanceof PointDistribution distribution && indices.length > 0) {
            distribution.sample(fresh.restart(HELD_OUT), out);
        }
        for (int i = 0; i < indices.length; i++) {
            if (data instanceof ImageSet images) {
                images.readScaled(indices[i], out, i * elements);
            } else if (data instanceof PointSet points) {
                points.read(indices[i], out, i * elements);
            }
        }
        if (scaling != null) {
            scaling.toNetwork(out);
        }
        return out;
    }

    /** Stored samples; 0 for endless data. */
    static int size(Dataset data) {
        if (data instanceof ImageSet images) {
            return images.size();
        }
        return data instanceof PointSet points ? points.size() : 0;
    }

    boolean areImages() {
        return data instanceof ImageSet;
    }

    /** Fills {@code out} (m, elements) with draw number {@code draw}; images (c, h, w). */
    void minibatch(long draw, float[] out) {
        int elements = data.shape().elements();
        int m = out.length / elements;
        if (data instanceof PointDistribution distribution) {
            distribution.sample(fresh.restart(draw), out);
        } else if (data instanceof ImageSet images) {
            coins.restart(draw);
            for (int i = 0; i < m; i++) {
                images.readScaled(index(draw * m + i), out, i * elements);
                if (flip && coins.nextBoolean()) {
                    mirror(out, i * elements, images.shape());
                }
            }
        } else {
            for (int i = 0; i < m; i++) {
                ((PointSet) data).read(index(draw * m + i), out, i * elements);
            }
        }
        if (scaling != null) {
            scaling.toNetwork(out);
        }
    }

    /** Fills {@code out} (m, h, w, c) with the bytes of draw number {@code draw}. */
    void pixels(long draw, byte[] out) {
        ImageSet images = (ImageSet) data;
        int elements = images.shape().elements();
        int m = out.length / elements;
        coins.restart(draw);
        for (int i = 0; i < m; i++) {
            images.read(index(draw * m + i), out, i * elements);
            if (flip && coins.nextBoolean()) {
                mirror(out, i * elements, images.shape());
            }
        }
    }

    /** Fills {@code out} (m) with the indices of draw number {@code draw}; {@code ~index} where an image is mirrored. */
    void indices(long draw, int[] out) {
        coins.restart(draw);
        for (int i = 0; i < out.length; i++) {
            int index = index(draw * out.length + i);
            out[i] = flip && coins.nextBoolean() ? ~index : index;
        }
    }

    /** Fills {@code out} (m) with the classes of draw number {@code draw}. */
    void labels(long draw, int[] out) {
        ImageSet images = (ImageSet) data;
        for (int i = 0; i < out.length; i++) {
            out[i] = images.label(index(draw * out.length + i));
        }
    }

    private static void mirror(float[] values, int from, SampleShape.Image shape) {
        int end = from + shape.elements();
        for (int row = from; row < end; row += shape.width()) {
            for (int left = row, right = row + shape.width() - 1; left < right; left++, right--) {
                float kept = values[left];
                values[left] = values[right];
                values[right] = kept;
            }
        }
    }

    private static void mirror(byte[] pixels, int from, SampleShape.Image shape) {
        int channels = shape.channels();
        int bytes = shape.width() * channels;
        int end = from + shape.elements();
        for (int row = from; row < end; row += bytes) {
            for (int left = row, right = row + bytes - channels; left < right; left += channels, right -= channels) {
                for (int c = 0; c < channels; c++) {
                    byte kept = pixels[left + c];
                    pixels[left + c] = pixels[right + c];
                    pixels[right + c] = kept;
                }
            }
        }
    }

    private int index(long position) {
        long epoch = position / size;
        if (epoch != orderEpoch) {
            for (int i = 0; i < size; i++) {
                order[i] = stored[i];
            }
            orders.restart(epoch).shuffle(order);
            orderEpoch = epoch;
        }
        return order[(int) (position % size)];
    }
}
