package org.latent4j.compute.graph;

import org.latent4j.compute.layer.FourierFeatures;

/** Fourier features by their definition: a part of {@link DoubleInterpreter}. */
final class FourierInDouble {
    private FourierInDouble() {}

    static void apply(Node node, double[] a, double[] b, double[] y) {
        if (node.op() instanceof Op.Fourier op) {
            FourierFeatures map =
                    new FourierFeatures((int) node.input(0).shape().size(1), op.frequency(), op.octaves());
            features(map, a.length / map.size(), (x, f, sine, cosine, row) -> {
                y[sine] = f == 0 ? a[x] : Math.sin(f * a[x]);
                if (f != 0) {
                    y[cosine] = Math.cos(f * a[x]);
                }
            });
        } else if (node.op() instanceof Op.FourierGradient op) {
            FourierFeatures map =
                    new FourierFeatures((int) node.output(0).shape().size(1), op.frequency(), op.octaves());
            features(
                    map,
                    y.length / map.size(),
                    (x, f, sine, cosine, row) ->
                            y[x] += f == 0 ? b[sine] : f * (a[cosine] * b[sine] - a[sine] * b[cosine]));
        } else if (node.op() instanceof Op.FourierTangent op) {
            FourierFeatures map =
                    new FourierFeatures((int) node.input(1).shape().size(1), op.frequency(), op.octaves());
            features(map, b.length / map.size(), (x, f, sine, cosine, row) -> {
                y[sine] = f == 0 ? b[x] : f * a[cosine] * b[x];
                if (f != 0) {
                    y[cosine] = -f * a[sine] * b[x];
                }
            });
        } else {
            throw new IllegalStateException("unknown here: " + node);
        }
    }

    private interface Feature {
        void at(int x, double frequency, int sine, int cosine, int row);
    }

    private static void features(FourierFeatures map, int rows, Feature feature) {
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < map.size(); i++) {
                int at = row * map.width() + i;
                feature.at(row * map.size() + i, 0, at, at, row);
                for (int k = 0; k < map.octaves(); k++) {
                    int sine = at + (2 * k + 1) * map.size();
                    feature.at(row * map.size() + i, map.frequency() * Math.pow(2, k), sine, sine + map.size(), row);
                }
            }
        }
    }
}
