package org.latent4j.gan;

import java.util.stream.IntStream;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataException;
import org.latent4j.data.Dataset;
import org.latent4j.data.ImageSet;
import org.latent4j.data.PointDistribution;
import org.latent4j.data.PointSet;

/**
 * Minibatches of real samples in the networks' scale. Draw number d of a run is a function of (data, seed, d) alone: stored data are read
 * in a new random order each epoch, distributions give fresh points.
 */
final class RealSamples {
    private final Dataset data;
    private final PointScaling scaling;
    private final long seed;
    private final int size;
    private int[] order;
    private long orderEpoch = -1;

    /** Checks that a minibatch fits: a stored set must hold at least {@code batch} samples. */
    RealSamples(Dataset data, PointScaling scaling, long seed, int batch) {
        this.data = data;
        this.scaling = scaling;
        this.seed = seed;
        this.size = size(data);
        if (size > 0 && batch > size) {
            throw new DataException("a minibatch of " + batch + " is larger than the data: " + data.name() + " holds "
                    + size + " samples; use --batch " + size + " or less");
        }
    }

    /** Stored samples; 0 for endless data. */
    static int size(Dataset data) {
        if (data instanceof ImageSet images) {
            return images.size();
        }
        return data instanceof PointSet points ? points.size() : 0;
    }

    /** Fills {@code out} (m, elements) with draw number {@code draw}. */
    void minibatch(long draw, float[] out) {
        int elements = data.shape().elements();
        if (data instanceof PointDistribution distribution) {
            distribution.sample(new Philox(seed, Philox.Purpose.DATA_SAMPLE, draw), out);
        } else {
            int m = out.length / elements;
            for (int i = 0; i < m; i++) {
                int index = index(draw * m + i);
                if (data instanceof ImageSet images) {
                    images.readScaled(index, out, i * elements);
                } else {
                    ((PointSet) data).read(index, out, i * elements);
                }
            }
        }
        if (scaling != null) {
            scaling.toNetwork(out);
        }
    }

    private int index(long position) {
        long epoch = position / size;
        if (epoch != orderEpoch) {
            order = IntStream.range(0, size).toArray();
            new Philox(seed, Philox.Purpose.DATA_ORDER, epoch).shuffle(order);
            orderEpoch = epoch;
        }
        return order[(int) (position % size)];
    }
}
