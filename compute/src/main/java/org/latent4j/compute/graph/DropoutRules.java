package org.latent4j.compute.graph;

import org.deeplearning4j.nn.conf.dropout.AlphaDropout;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.dropout.IDropout;

/** DL4J's kinds of dropout and noise as operations, while training; their schedules are not supported. */
final class DropoutRules {
    private DropoutRules() {}

    static boolean isKnown(IDropout dropout) {
        return dropout instanceof Dropout plain && plain.getPSchedule() == null
                || dropout instanceof AlphaDropout alpha && alpha.getPSchedule() == null
                || dropout instanceof GaussianDropout factors && factors.getRateSchedule() == null
                || dropout instanceof GaussianNoise noise && noise.getStddevSchedule() == null;
    }

    static Value apply(Dl4jImport in, IDropout dropout, Value x) {
        GraphBuilder builder = in.builder;
        if (dropout instanceof Dropout plain) {
            return multiply(builder, x, builder.add(new Op.DropoutFactors(plain.getP(), in.stream()), x.shape()));
        }
        if (dropout instanceof AlphaDropout alpha) {
            return alpha(in, alpha, x);
        }
        Value normals = builder.add(new Op.Normals(in.stream()), x.shape());
        if (dropout instanceof GaussianDropout factors) {
            double deviation = Math.sqrt(factors.getRate() / (1 - factors.getRate()));
            return multiply(builder, x, builder.linear(deviation, 1, normals));
        }
        double deviation = ((GaussianNoise) dropout).getStddev();
        return builder.binary(Op.BinaryKind.ADD, x, builder.linear(deviation, 0, normals));
    }

    /**
     * a x + b of what is kept, and a c + b of the rest, where c is the least value of SELU.
     *
     * <p>Source: Klambauer et al., "Self-normalizing neural networks", 2017.
     */
    private static Value alpha(Dl4jImport in, AlphaDropout dropout, Value x) {
        GraphBuilder builder = in.builder;
        double keep = dropout.getP();
        double a = dropout.a(keep);
        double least = -dropout.getLambda() * dropout.getAlpha();
        Value factors = builder.add(new Op.DropoutFactors(keep, in.stream()), x.shape()); // 1 / keep or 0
        Value kept = multiply(builder, x, builder.linear(a * keep, 0, factors));
        return builder.binary(
                Op.BinaryKind.ADD, kept, builder.linear(-a * least * keep, a * least + dropout.b(keep), factors));
    }

    private static Value multiply(GraphBuilder builder, Value a, Value b) {
        return builder.binary(Op.BinaryKind.MULTIPLY, a, b);
    }
}
