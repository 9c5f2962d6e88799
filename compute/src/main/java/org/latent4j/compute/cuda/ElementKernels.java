package org.latent4j.compute.cuda;

import org.latent4j.compute.graph.Activation;
import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Value;

/** What is done element by element. */
final class ElementKernels {
    private ElementKernels() {}

    static void activate(CudaPlan plan, Op.Activate op, Node node) {
        Value x = node.input(0);
        Value y = node.output(0);
        long n = x.shape().elements();
        plan.launch(
                KernelName.of("elements", "activate", CudaPlan.t(x)),
                Grid.over((n + 3) / 4),
                new Arguments()
                        .at(plan.at(x))
                        .at(plan.at(y))
                        .number(n)
                        .integer(op.activation().kind().ordinal())
                        .real(op.activation().alpha())
                        .flag(plan.wide(x, y)));
    }

    static void activateGradient(CudaPlan plan, Op.ActivateGradient op, Node node) {
        Value saved = node.input(0);
        Value dy = node.input(1);
        Value dx = node.output(0);
        long n = dx.shape().elements();
        plan.launch(
                KernelName.of("elements", "activate_gradient", CudaPlan.t(dx)),
                Grid.over((n + 3) / 4),
                new Arguments()
                        .at(plan.at(saved))
                        .at(plan.at(dy))
                        .at(plan.at(dx))
                        .number(n)
                        .integer(op.activation().kind().ordinal())
                        .real(op.activation().alpha())
                        .flag(op.activation().differentiableFromOutput())
                        .flag(plan.wide(saved, dy, dx)));
    }

    /** y = function(y + bias) in place, for what a library leaves undone; nothing if there is nothing to do. */
    static void biasActivate(CudaPlan plan, Value y, Place bias, Activation function) {
        if (bias == null && function.isIdentity()) {
            return;
        }
        long n = y.shape().elements();
        long channels = y.shape().size(1);
        boolean wide = channels % 4 == 0 && plan.wide(y);
        plan.launch(
                KernelName.of("elements", "bias_activate", CudaPlan.t(y)),
                Grid.over(wide ? n / 4 : n),
                new Arguments()
                        .at(plan.at(y))
                        .at(bias)
                        .number(n)
                        .integer(channels)
                        .integer(function.kind().ordinal())
                        .real(function.alpha())
                        .flag(wide));
    }

    static void binary(CudaPlan plan, Op.Binary op, Node node) {
        Value a = node.input(0);
        Value b = node.input(1);
        Value y = node.output(0);
        long n = y.shape().elements();
        boolean direct = y.role() != org.latent4j.compute.graph.Role.PARAM_GRADIENT;
        plan.launch(
                KernelName.of("elements", "binary", CudaPlan.t(y)),
                Grid.over((n + 3) / 4),
                new Arguments()
                        .at(plan.at(a))
                        .at(plan.at(b))
                        .at(plan.output(y))
                        .number(n)
                        .integer(op.kind().ordinal())
                        .flag(direct && plan.wide(a, b, y)));
    }

    static void absolutePower(CudaPlan plan, Op.AbsolutePower op, Node node) {
        Value x = node.input(0);
        Value y = node.output(0);
        long n = x.shape().elements();
        plan.launch(
                KernelName.of("elements", "absolute_power", CudaPlan.t(x)),
                Grid.over((n + 3) / 4),
                new Arguments()
                        .at(plan.at(x))
                        .at(plan.at(y))
                        .number(n)
                        .real(op.exponent())
                        .flag(plan.wide(x, y)));
    }

    static void absolutePowerGradient(CudaPlan plan, Op.AbsolutePowerGradient op, Node node) {
        Value x = node.input(0);
        Value dy = node.input(1);
        Value dx = node.output(0);
        long n = x.shape().elements();
        plan.launch(
                KernelName.of("elements", "absolute_power_gradient", CudaPlan.t(x)),
                Grid.over((n + 3) / 4),
                new Arguments()
                        .at(plan.at(x))
                        .at(plan.at(dy))
                        .at(plan.at(dx))
                        .number(n)
                        .real(op.exponent())
                        .flag(plan.wide(x, dy, dx)));
    }

    static void linear(CudaPlan plan, Op.Linear op, Node node) {
        Value x = node.input(0);
        Value y = node.output(0);
        long n = x.shape().elements();
        plan.launch(
                KernelName.of("elements", "linear", CudaPlan.t(x)),
                Grid.over((n + 3) / 4),
                new Arguments()
                        .at(plan.at(x))
                        .at(plan.at(y))
                        .number(n)
                        .real(op.scale())
                        .real(op.shift())
                        .flag(plan.wide(x, y)));
    }

    /** A gradient that is zero is left out of a sum with earlier ones. */
    static void fill(CudaPlan plan, Op.Fill op, Node node) {
        Value y = node.output(0);
        if (y.role() == org.latent4j.compute.graph.Role.PARAM_GRADIENT && op.value() == 0 && plan.accumulates()) {
            return;
        }
        long n = y.shape().elements();
        plan.launch(
                KernelName.of("elements", "fill", CudaPlan.t(y)),
                Grid.over(n),
                new Arguments().at(plan.output(y)).number(n).real(op.value()));
    }
}
