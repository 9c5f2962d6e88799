package org.latent4j.gan.dl4j;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.latent4j.compute.graph.UpdatePace;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * The updaters of a graph with another learning rate and beta2 for the length of one update: DL4J's schedules know no beta2, and would be
 * saved with the network. Closing it sets back what was.
 */
final class PacedUpdaters implements AutoCloseable {
    private final Set<IUpdater> updaters = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Runnable[] restores;

    private PacedUpdaters(ComputationGraph graph, UpdatePace pace) {
        int iteration = graph.getConfiguration().getIterationCount();
        int epoch = graph.getConfiguration().getEpochCount();
        for (UpdaterBlock block : graph.getUpdater().getUpdaterBlocks()) {
            if (block.getGradientUpdater() != null) {
                updaters.add(block.getGradientUpdater().getConfig());
            }
        }
        this.restores = updaters.stream()
                .filter(IUpdater::hasLearningRate)
                .map(updater -> change(updater, pace, iteration, epoch))
                .toArray(Runnable[]::new);
    }

    static PacedUpdaters at(ComputationGraph graph, UpdatePace pace) {
        return pace == UpdatePace.STEADY ? null : new PacedUpdaters(graph, pace);
    }

    private static Runnable change(IUpdater updater, UpdatePace pace, int iteration, int epoch) {
        double rate = updater.getLearningRate(iteration, epoch);
        ISchedule schedule = updater instanceof Adam adam ? adam.getLearningRateSchedule() : null;
        updater.setLrAndSchedule(rate * pace.rateFactor(iteration), null);
        if (updater instanceof Adam adam && pace.changesBeta2()) {
            double beta2 = adam.getBeta2();
            adam.setBeta2(pace.beta2(iteration));
            return () -> {
                adam.setLrAndSchedule(rate, schedule);
                adam.setBeta2(beta2);
            };
        }
        return () -> updater.setLrAndSchedule(rate, schedule);
    }

    @Override
    public void close() {
        for (Runnable restore : restores) {
            restore.run();
        }
    }
}
