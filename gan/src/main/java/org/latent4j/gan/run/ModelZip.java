package org.latent4j.gan.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.latent4j.compute.io.AtomicFiles;
import org.latent4j.data.DataException;
import org.latent4j.data.Dl4jZip;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Graphs in DL4J's model zips, read with distrust, see {@link Dl4jZip}.
 *
 * <p>Throws {@link DataException} that names the file and the reason.
 */
public final class ModelZip {
    private static final int MAX_CONFIGURATION_BYTES = 64 << 20;
    private static final byte[] ZIP = {'P', 'K', 3, 4}; // how a zip begins

    private ModelZip() {}

    /** Writes a graph, with its updater's state if wanted, to a new file and forces it to the disk. */
    public static void write(ComputationGraph graph, Path file, boolean updaterState) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            ModelSerializer.writeModel(graph, out, updaterState);
        }
        AtomicFiles.syncFile(file);
    }

    /** Reads a graph with its updater's state. */
    public static ComputationGraph read(Path file) {
        return Dl4jZip.openGraph(file).readGraph(file, true);
    }

    /** Reads a graph, or a network of layers one after the other as a graph; without updater state. */
    public static ComputationGraph readAny(Path file) {
        return Dl4jZip.open(file).readGraph(file, false);
    }

    /**
     * Reads a network to train: a configuration as {@link #readConfiguration} does, whose parameters are still to be drawn, or a model in a zip, with its
     * parameters and, of graphs, its updater's state.
     */
    public static ComputationGraph readToTrain(Path file) {
        if (!isZip(file)) {
            return new ComputationGraph(readConfiguration(file));
        }
        Dl4jZip zip = Dl4jZip.open(file);
        return zip.readGraph(file, zip.graph());
    }

    private static boolean isZip(Path file) {
        if (!Files.isRegularFile(file)) {
            return false; // which is said where it is read
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(ZIP.length), ZIP);
        } catch (IOException e) {
            throw new DataException(file + " can't be read: " + e.getMessage(), e);
        }
    }

    /** Reads a configuration that a user wrote as JSON: of a graph, or of layers one after the other, which become a graph. */
    public static ComputationGraphConfiguration readConfiguration(Path file) {
        try {
            if (Files.size(file) > MAX_CONFIGURATION_BYTES) {
                throw new DataException(file + " is too large for a configuration: " + Files.size(file) + " bytes");
            }
            return Dl4jZip.configuration(file, Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new DataException(file + " does not exist: give the JSON file of a ComputationGraphConfiguration or a"
                    + " MultiLayerConfiguration, or the zip of a model");
        } catch (IOException e) {
            throw new DataException(file + " can't be read: " + e.getMessage(), e);
        }
    }

    /** The graph's configuration as JSON, without what training changes in it. */
    static String canonicalJson(ComputationGraph graph) {
        ComputationGraphConfiguration copy = graph.getConfiguration().clone();
        copy.setIterationCount(0);
        copy.setEpochCount(0);
        copy.setTrainingWorkspaceMode(WorkspaceMode.NONE);
        copy.setInferenceWorkspaceMode(WorkspaceMode.NONE);
        return copy.toJson();
    }

    /** Copies parameters, updater state and iteration count of a model that was read into a graph of the same configuration. */
    static void restore(ComputationGraph from, ComputationGraph into) {
        into.setParams(from.params());
        INDArray state = from.getUpdater().getStateViewArray();
        if (state != null) {
            into.getUpdater().setStateViewArray(state);
        }
        into.getConfiguration().setIterationCount(from.getConfiguration().getIterationCount());
        into.getConfiguration().setEpochCount(from.getConfiguration().getEpochCount());
    }
}
