package org.latent4j.compute.cuda;

import java.util.List;
import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Role;
import org.latent4j.compute.graph.Value;

/** Sums by channel, batch normalisation and its running moments. */
final class NormKernels {
    private static final int WIDTH = 32;
    private static final int HEIGHT = 8;
    private static final int ROWS_OF_A_PART = 64;
    private static final int MOST_PARTS = 256;

    private NormKernels() {}

    /** How the rows of an image are cut up for sums by channel. */
    private record Parts(long rows, long channels, int count) {
        static Parts of(Value x) {
            long channels = x.shape().size(1);
            long rows = x.shape().elements() / channels;
            long count = Math.min(MOST_PARTS, (rows + ROWS_OF_A_PART - 1) / ROWS_OF_A_PART);
            return new Parts(rows, channels, (int) count);
        }

        Grid grid() {
            return Grid.tiles((channels + WIDTH - 1) / WIDTH, count, WIDTH, HEIGHT);
        }

        /** A block for the parts of so many channels. */
        Grid columns() {
            return Grid.tiles((channels + WIDTH - 1) / WIDTH, 1, WIDTH, HEIGHT);
        }

        long bytes(int sums) {
            return (long) count * sums * channels * Double.BYTES;
        }
    }

    private static boolean adds(CudaPlan plan, Value y) {
        return y.role() == Role.PARAM_GRADIENT && plan.accumulates();
    }

    static void channelSum(CudaPlan plan, Op.ChannelSum op, Node node) {
        Value dy = node.input(0);
        Value db = node.output(0);
        Parts parts = Parts.of(dy);
        Place sums = plan.scratch(parts.bytes(1));
        plan.launch(
                KernelName.of("norm", "channel_parts", CudaPlan.t(dy)),
                parts.grid(),
                new Arguments()
                        .at(plan.at(dy))
                        .at(node.inputs().size() == 1 ? null : plan.at(node.input(1)))
                        .at(sums)
                        .number(parts.rows())
                        .number(parts.rows() / dy.shape().size(0))
                        .integer(parts.channels()));
        plan.launch(
                KernelName.of("norm", "channel_sum", CudaPlan.t(dy)),
                parts.columns(),
                new Arguments()
                        .at(sums)
                        .at(plan.at(db))
                        .integer(parts.count())
                        .integer(parts.channels())
                        .flag(adds(plan, db)));
    }

    static void batchNorm(CudaPlan plan, Op.BatchNorm op, Node node) {
        Value x = node.input(0);
        Value mean = node.output(1);
        Value variance = node.output(2);
        Parts parts = Parts.of(x);
        Place sums = plan.scratch(parts.bytes(2));
        String t = CudaPlan.t(x);
        plan.launch(
                KernelName.of("norm", "moment_parts", t),
                parts.grid(),
                new Arguments().at(plan.at(x)).at(sums).number(parts.rows()).integer(parts.channels()));
        plan.launch(
                KernelName.of("norm", "moments", t),
                parts.columns(),
                new Arguments()
                        .at(plan.at(x))
                        .at(sums)
                        .at(plan.at(mean))
                        .at(plan.at(variance))
                        .integer(parts.count())
                        .number(parts.rows())
                        .integer(parts.channels()));
        normalize(plan, node, mean, variance, op.relu() ? node.output(3) : null, op.epsilon());
    }

    static void inference(CudaPlan plan, Op.BatchNormInference op, Node node) {
        normalize(plan, node, node.input(3), node.input(4), null, op.epsilon());
    }

    private static void normalize(CudaPlan plan, Node node, Value mean, Value variance, Value mask, double epsilon) {
        Value x = node.input(0);
        Value y = node.output(0);
        long n = x.shape().elements();
        boolean wide = isWide(plan, mask == null ? List.of(x, y) : List.of(x, y, mask));
        plan.launch(
                KernelName.of("norm", "normalize", CudaPlan.t(x)),
                Grid.over(wide ? n / 4 : n),
                new Arguments()
                        .at(plan.at(x))
                        .at(plan.at(node.input(1)))
                        .at(plan.at(node.input(2)))
                        .at(plan.at(mean))
                        .at(plan.at(variance))
                        .at(plan.at(y))
                        .at(mask == null ? null : plan.at(mask))
                        .number(n)
                        .integer(x.shape().size(1))
                        .real(epsilon)
                        .flag(wide));
    }

    /** Whether four neighbours can be read at once, and are of one row. */
    private static boolean isWide(CudaPlan plan, List<Value> images) {
        return images.get(0).shape().size(1) % 4 == 0 && plan.wide(images.toArray(Value[]::new));
    }

    static void gradient(CudaPlan plan, Op.BatchNormGradient op, Node node) {
        Value x = node.input(0);
        Value dgamma = node.output(1);
        Value dbeta = node.output(2);
        Place mean = plan.at(node.input(3));
        Place variance = plan.at(node.input(4));
        Value dx = node.output(0);
        Value dy = node.input(5);
        Value kept = op.relu() ? node.input(6) : null;
        Place mask = kept == null ? null : plan.at(kept);
        Parts parts = Parts.of(x);
        String t = CudaPlan.t(x);
        Place sums = plan.scratch(parts.bytes(2));
        Place totals = plan.scratch(2 * parts.channels() * DType.F32.bytes());
        plan.launch(
                KernelName.of("norm", "gradient_parts", t),
                parts.grid(),
                new Arguments()
                        .at(plan.at(x))
                        .at(mean)
                        .at(plan.at(dy))
                        .at(mask)
                        .at(sums)
                        .number(parts.rows())
                        .integer(parts.channels()));
        plan.launch(
                KernelName.of("norm", "gradient_sums", t),
                parts.columns(),
                new Arguments()
                        .at(sums)
                        .at(variance)
                        .at(totals)
                        .at(plan.at(dgamma))
                        .at(plan.at(dbeta))
                        .integer(parts.count())
                        .integer(parts.channels())
                        .real(op.epsilon())
                        .flag(adds(plan, dgamma))
                        .flag(adds(plan, dbeta)));
        long n = x.shape().elements();
        boolean wide = isWide(plan, kept == null ? List.of(x, dy, dx) : List.of(x, dy, dx, kept));
        plan.launch(
                KernelName.of("norm", "normalize_gradient", t),
                Grid.over(wide ? n / 4 : n),
                new Arguments()
                        .at(plan.at(x))
                        .at(plan.at(node.input(1)))
                        .at(mean)
                        .at(variance)
                        .at(plan.at(dy))
                        .at(mask)
                        .at(totals)
                        .at(plan.at(dx))
                        .number(n)
                        .integer(parts.channels())
                        .real(op.epsilon())
                        .flag(wide));
    }

    static void runningMoments(CudaPlan plan, Op.RunningMoments op, Node node) {
        long channels = node.input(0).shape().elements();
        plan.launch(
                KernelName.of("norm", "running_moments", "T=float"),
                Grid.over(channels),
                new Arguments()
                        .at(plan.at(node.input(0)))
                        .at(plan.at(node.input(1)))
                        .at(plan.at(node.input(2)))
                        .at(plan.at(node.input(3)))
                        .at(plan.at(node.output(0)))
                        .at(plan.at(node.output(1)))
                        .integer(channels)
                        .precise(op.decay())
                        .flag(op.log10Deviation())
                        .flag(plan.accumulates()));
    }

    static void variance(CudaPlan plan, Op.VarianceFromLog10 op, Node node) {
        long channels = node.input(0).shape().elements();
        plan.launch(
                KernelName.of("norm", "variance_from_log10", "T=float"),
                Grid.over(channels),
                new Arguments()
                        .at(plan.at(node.input(0)))
                        .at(plan.at(node.output(0)))
                        .integer(channels));
    }
}
