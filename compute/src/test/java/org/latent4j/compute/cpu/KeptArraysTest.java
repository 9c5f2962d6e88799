package org.latent4j.compute.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bytedeco.dnnl.memory;
import org.junit.jupiter.api.Test;
import org.latent4j.compute.graph.Activation;
import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Role;
import org.latent4j.compute.graph.Shape;
import org.latent4j.compute.graph.Value;
import org.latent4j.compute.graph.Window;

class KeptArraysTest {
    private static final memory.desc LARGE = Dnnl.vector(DType.F32, 1000);
    private static final memory.desc SMALL = Dnnl.vector(DType.F32, 900);
    private static final Window POINT = new Window(1, 1, 1, 1, 0, 0, 0, 0, 1, 1);

    private final Value x = value(0, Role.INPUT);
    private final Value y = value(1, Role.ACTIVATION);
    private final Value z = value(2, Role.ACTIVATION);
    private final Value w = value(3, Role.PARAM);
    private final Value dw = value(4, Role.PARAM_GRADIENT);

    /** y = 2 x; z = y convolved with w; and a gradient of w. */
    private final KeptArrays kept = new KeptArrays(List.of(
            new Node(new Op.Linear(2, 0), List.of(x), List.of(y)),
            new Node(new Op.Conv(POINT, Activation.IDENTITY), List.of(y, w), List.of(z)),
            new Node(new Op.ConvWeights(POINT), List.of(y, z), List.of(dw))));

    private static Value value(int id, Role role) {
        return new Value(id, "v" + id, Shape.of(2, 3, 4, 4), DType.F32, role);
    }

    @Test
    void memoryIsAnothersAfterTheValuesLastReader() {
        Array ofX = kept.addInTurn(x, "sums", LARGE);
        Array ofY = kept.addInTurn(y, "sums", SMALL);
        assertThat(ofY.address()).isNotEqualTo(ofX.address());
        kept.done(0);
        assertThat(kept.find(x, "sums")).isNull();
        assertThat(kept.find(y, "sums")).isEqualTo(ofY);
        Array next = kept.addInTurn(z, "sums", SMALL);
        assertThat(next.address()).isEqualTo(ofX.address());
        assertThat(next.desc().get_size()).isEqualTo(4 * 900);
        kept.done(1);
        assertThat(kept.find(y, "sums")).isEqualTo(ofY); // the gradient reads it still
        assertThat(kept.bytes()).isEqualTo(4 * 1900);
        kept.done(2);
        assertThat(kept.find(y, "sums")).isNull();
        Array large = kept.addInTurn(x, "of all", LARGE);
        assertThat(large.address()).isEqualTo(ofX.address()); // what is too small is not taken
    }

    @Test
    void memoryOfItsOwnStays() {
        Array own = kept.add(x, "tiles", LARGE);
        kept.done(0);
        assertThat(kept.find(x, "tiles")).isEqualTo(own);
        assertThat(kept.addInTurn(y, "sums", LARGE).address()).isNotEqualTo(own.address());
        assertThat(kept.of(x)).isEqualTo("tiles");
    }

    @Test
    void whatIsConvolvedLater() {
        assertThat(kept.isConvolvedAfter(0, y)).isTrue();
        assertThat(kept.isConvolvedAfter(1, y)).isTrue();
        assertThat(kept.isConvolvedAfter(2, y)).isFalse();
        assertThat(kept.isConvolvedAfter(0, x)).isFalse();
    }
}
