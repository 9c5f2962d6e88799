package org.latent4j.gan.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.latent4j.gan.watch.Alarm.Kind.COLLAPSE;
import static org.latent4j.gan.watch.Alarm.Kind.DISCRIMINATOR_WINS;
import static org.latent4j.gan.watch.Alarm.Kind.MEMORISES;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latent4j.data.DataSource;
import org.latent4j.data.Dataset;
import org.latent4j.data.Progress;
import org.latent4j.gan.GanTrainer;
import org.latent4j.gan.Loss;
import org.latent4j.gan.TrainingOptions;
import org.latent4j.gan.TrainingStatistics;
import org.latent4j.gan.network.NetworkOptions;
import org.latent4j.gan.network.Networks;

/** Small trainings that really go wrong, each in its own way, and one that does not. */
class AlarmsTest {
    @TempDir
    Path folder;

    private List<TrainingStatistics> train(
            String source, String generator, String discriminator, TrainingOptions options) {
        Dataset data = DataSource.of(source)
                .open(folder.resolve("store"), Progress.NONE)
                .data();
        NetworkOptions networks = new NetworkOptions("mlp", 64, 8, generator, discriminator);
        Networks.Pair graphs = Networks.configure(networks, data.shape(), 1);
        List<TrainingStatistics> lines = new ArrayList<>();
        new GanTrainer(
                        new ComputationGraph(graphs.generator()),
                        new ComputationGraph(graphs.discriminator()),
                        data,
                        options)
                .describe(networks, DataSource.of(source))
                .onStatistics(lines::add)
                .runDirectory(folder.resolve("run"))
                .train();
        return lines;
    }

    private static Alarm only(List<TrainingStatistics> lines, Alarm.Kind kind) {
        List<Alarm> raised =
                lines.stream().flatMap(line -> line.alarms().stream()).toList();
        assertThat(raised).isNotEmpty();
        assertThat(lines.get(0).alarms()).isEmpty();
        return raised.stream().filter(alarm -> alarm.kind() == kind).findFirst().orElseThrow();
    }

    private static TrainingOptions options(Loss loss, int steps) {
        return TrainingOptions.defaults()
                .withLoss(loss)
                .withBatch(32)
                .withSteps(steps)
                .withIntervals(steps / 40, steps, steps);
    }

    @Test
    void aDiscriminatorThatWinsIsTold() throws IOException {
        List<TrainingStatistics> lines =
                train("ising:l=8,n=500", "adam:lr=1e-6", "adam:lr=5e-3", options(Loss.MINIMAX, 400));
        Alarm alarm = only(lines, DISCRIMINATOR_WINS);
        assertThat(alarm.text()).contains("the discriminator wins: D(x) is ", "D(G(z))");
        assertThat(alarm.remedy()).contains("penalty", "non-saturating");
        TrainingStatistics last = lines.get(lines.size() - 1);
        assertThat(last.dReal()).isGreaterThan(0.98);
        assertThat(last.alarms().get(0).text()).contains("the generator's gradient has vanished");
        assertThat(Files.readString(folder.resolve("run/stats.jsonl")))
                .contains("\"alarms\":[{\"kind\":\"discriminator-wins\"");
        assertThat(Files.readString(folder.resolve("run/report.html")))
                .contains("<h2>Alarms</h2>", "The discriminator wins", "What helps: ", "still on");
    }

    @Test
    void aDiscriminatorThatWinsUnderALossOfPairsIsTold() {
        List<TrainingStatistics> lines =
                train("ising:l=8,n=500", "adam:lr=1e-6", "adam:lr=5e-3", options(Loss.RELATIVISTIC, 200));
        assertThat(only(lines, DISCRIMINATOR_WINS).text()).contains("holds the real sample for more real in");
    }

    /** The generator runs after a discriminator that hardly moves: all samples end where that says "real" loudest. */
    @Test
    void samplesThatCollapseAreTold() {
        List<TrainingStatistics> lines = train(
                "ising:l=8,n=500",
                "adam:lr=5e-3",
                "adam:lr=1e-5",
                options(Loss.NON_SATURATING, 120).withUpdates(1, 3));
        Alarm alarm = only(lines, COLLAPSE);
        assertThat(alarm.text()).contains("samples collapse: two of them differ by");
        assertThat(alarm.remedy()).contains("penalty");
    }

    /** Sixty-four nearly random spin configurations: nothing but learning by heart tells them from others. */
    @Test
    void aDiscriminatorThatMemorisesIsTold() {
        List<TrainingStatistics> lines = train(
                "ising:l=8,t=6,n=128",
                "adam:lr=1e-3,beta1=0.5",
                "adam:lr=1e-3,beta1=0.5",
                options(Loss.NON_SATURATING, 400).withHoldOut(64));
        Alarm alarm = only(lines, MEMORISES);
        assertThat(alarm.text()).contains("the discriminator memorises");
        assertThat(alarm.remedy()).contains("more data");
    }

    @Test
    void aTrainingThatGoesWellRaisesNoAlarm() {
        List<TrainingStatistics> lines = train(
                "gaussian-ring:n=2000",
                "adam:lr=5e-4,beta1=0.5",
                "adam:lr=1e-3,beta1=0.5",
                options(Loss.NON_SATURATING, 600).withHoldOut(200));
        assertThat(lines).hasSize(40).allMatch(line -> line.alarms().isEmpty());
    }
}
