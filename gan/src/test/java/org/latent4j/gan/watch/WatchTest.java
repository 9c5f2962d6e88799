package org.latent4j.gan.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of each alarm: what is needed, for how long, and when it ends. */
class WatchTest {
    private static final Sight FINE = new Sight(0.9, 0.8, 0.7, 0.5, 0.45, -0.5, 0.1);
    private long step;

    private List<Alarm> line(Watch watch, double real, double fake, double gradient, Sight sight) {
        return watch.hear(new Watch.Line(step += 10, real, fake, 1, gradient), sight);
    }

    private List<Alarm> loss(Watch watch, double lossD, Sight sight) {
        return watch.hear(new Watch.Line(step += 10, 0.5, 0.5, lossD, 1), sight);
    }

    private static Sight collapsed(double spread, double coverage) {
        return new Sight(spread, coverage, 0.7, 0.5, 0.45, -0.5, 0.1);
    }

    private static Sight heldOut(double heldOut, double error) {
        return new Sight(0.9, 0.8, 0.9, 2, heldOut, -2, error);
    }

    @Test
    void threeSureLinesInARowAreNeeded() {
        Watch watch = new Watch(true);
        assertThat(line(watch, 0.99, 0.01, 1, null)).isEmpty();
        assertThat(line(watch, 0.99, 0.01, 1, null)).isEmpty();
        assertThat(line(watch, 0.97, 0.01, 1, null)).isEmpty();
        assertThat(line(watch, 0.99, 0.01, 1, null)).isEmpty();
        assertThat(line(watch, 0.99, 0.01, 1, null)).isEmpty();
        List<Alarm> alarms = line(watch, 0.995, 0.01, 1, null);
        assertThat(alarms).hasSize(1);
        assertThat(alarms.get(0).since()).isEqualTo(40);
        assertThat(alarms.get(0).text()).contains("D(x) is 0.995");
        assertThat(line(watch, 0.9, 0.2, 1, null)).isEmpty();
    }

    @Test
    void aVanishedGradientCountsWhileDIsNearlySure() {
        Watch watch = new Watch(true);
        line(watch, 0.6, 0.4, 2, null);
        for (int i = 0; i < 2; i++) {
            assertThat(line(watch, 0.93, 0.05, 0.01, null)).isEmpty();
        }
        assertThat(line(watch, 0.93, 0.05, 0.01, null).get(0).text()).contains("vanished, to 0.0050 of its largest");
        Watch unsure = new Watch(true);
        line(unsure, 0.6, 0.4, 2, null);
        for (int i = 0; i < 5; i++) {
            assertThat(line(unsure, 0.6, 0.4, 0.001, null)).isEmpty();
        }
    }

    @Test
    void bothSpreadAndCoverageMustFall() {
        Watch watch = new Watch(true);
        for (int i = 0; i < 3; i++) {
            assertThat(line(watch, 0.6, 0.4, 1, FINE)).isEmpty();
        }
        assertThat(line(watch, 0.6, 0.4, 1, collapsed(0.4, 0.7))).isEmpty();
        assertThat(line(watch, 0.6, 0.4, 1, collapsed(0.4, 0.7))).isEmpty();
        assertThat(line(watch, 0.6, 0.4, 1, collapsed(0.4, 0.3))).isEmpty();
        assertThat(line(watch, 0.6, 0.4, 1, collapsed(0.4, 0.3)).get(0).text())
                .contains("differ by 40 %", "(at best 90 %)", "cover 30 %");
        assertThat(line(watch, 0.6, 0.4, 1, null)).hasSize(1); // between two looks it stays on
        assertThat(line(watch, 0.6, 0.4, 1, FINE)).isEmpty();
    }

    /** Samples that once flew apart and are as different as real ones now have not collapsed. */
    @Test
    void noMoreSpreadThanThatOfTheDataIsWanted() {
        Watch watch = new Watch(false);
        assertThat(line(watch, 0.6, 0.4, 1, collapsed(3000, 0.11))).isEmpty();
        for (int i = 0; i < 4; i++) {
            assertThat(line(watch, 0.6, 0.4, 1, collapsed(0.97, 0.04))).isEmpty();
        }
        line(watch, 0.6, 0.4, 1, collapsed(0.4, 0.04));
        assertThat(line(watch, 0.6, 0.4, 1, collapsed(0.4, 0.04))).hasSize(1);
    }

    @Test
    void samplesThatWereNeverDifferentAreTooAlikeAfterAWhileOnly() {
        Watch watch = new Watch(true);
        for (int i = 0; i < 6; i++) {
            assertThat(line(watch, 0.6, 0.4, 1, collapsed(0.05, 0))).isEmpty();
        }
        assertThat(line(watch, 0.6, 0.4, 1, collapsed(0.05, 0))).hasSize(1);
    }

    @Test
    void heldOutLogitsMustPartClearly() {
        Watch watch = new Watch(true);
        for (int i = 0; i < 4; i++) {
            assertThat(line(watch, 0.8, 0.2, 1, heldOut(1, 0.1))).isEmpty(); // a quarter of the way
            assertThat(line(watch, 0.8, 0.2, 1, heldOut(-1, 1.1))).isEmpty(); // too few samples to tell
        }
        line(watch, 0.8, 0.2, 1, heldOut(-1, 0.2));
        assertThat(line(watch, 0.8, 0.2, 1, heldOut(-1, 0.2)).get(0).kind()).isEqualTo(Alarm.Kind.MEMORISES);
        Watch without = new Watch(true);
        for (int i = 0; i < 4; i++) {
            assertThat(line(without, 0.8, 0.2, 1, heldOut(Double.NaN, Double.NaN)))
                    .isEmpty();
        }
    }

    @Test
    void otherLossesAreJudgedByPairs() {
        Watch watch = new Watch(false);
        for (int i = 0; i < 5; i++) {
            assertThat(line(watch, 0.999, 0.001, 0, FINE)).isEmpty();
        }
        Sight apart = new Sight(0.9, 0.8, 0.9995, 0.5, 0.45, -0.5, 0.1);
        for (int i = 0; i < 3; i++) {
            assertThat(loss(watch, 0.3, apart)).isEmpty(); // a penalty keeps it from being sure
            assertThat(loss(watch, -7, apart)).isEmpty(); // wasserstein
        }
        loss(watch, 0.001, apart);
        assertThat(loss(watch, 0.001, apart).get(0).kind()).isEqualTo(Alarm.Kind.DISCRIMINATOR_WINS);
    }
}
