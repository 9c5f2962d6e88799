package org.latent4j.gan.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.data.DataException;
import org.latent4j.data.DataSource;
import org.latent4j.data.Dataset;
import org.latent4j.data.ImageSet;
import org.latent4j.data.picture.PngFile;
import org.latent4j.gan.BestSoFar;
import org.latent4j.gan.Latents;
import org.latent4j.gan.PointScaling;
import org.latent4j.gan.SpectralNorm;
import org.latent4j.gan.TrainingObserver;
import org.latent4j.gan.TrainingOptions;
import org.latent4j.gan.TrainingStatistics;
import org.latent4j.gan.network.NetworkOptions;
import org.latent4j.gan.report.HtmlReport;

/**
 * Keeps a run directory while its run trains, and brings a run back to where it stopped.
 *
 * <p>Throws {@link DataException} when the folder holds a run that is not to be resumed or whose configuration differs (all differences
 * listed), {@link RunException} when something can't be written.
 */
public final class RunRecorder implements TrainingObserver, AutoCloseable {
    private final RunDirectory directory;
    private final ComputationGraph generator;
    private final ComputationGraph discriminator;
    private final ComputationGraph average;
    private final SpectralNorm norm;
    private final TrainingOptions options;
    private final SamplePictures pictures;
    private BestSoFar best;
    private boolean isNew = true;
    private long step;
    private double seconds;

    private RunRecorder(
            RunDirectory directory,
            ComputationGraph generator,
            ComputationGraph discriminator,
            ComputationGraph average,
            SpectralNorm norm,
            TrainingOptions options,
            SamplePictures pictures) {
        this.directory = directory;
        this.generator = generator;
        this.discriminator = discriminator;
        this.average = average;
        this.norm = norm;
        this.options = options;
        this.pictures = pictures;
        this.best = new BestSoFar(options.keepBest());
    }

    /**
     * Begins a run in a folder, or resumes the one that is there: the graphs then hold the last checkpoint.
     *
     * @param average follows the generator, or null
     * @param norm of the discriminator's weights, or null
     */
    public static RunRecorder open(
            Path folder,
            boolean resume,
            ComputationGraph generator,
            ComputationGraph discriminator,
            ComputationGraph average,
            SpectralNorm norm,
            Dataset data,
            PointScaling scaling,
            TrainingOptions options,
            NetworkOptions networks,
            DataSource source) {
        Latents latents = options.recipe().latents();
        int classes = latents == null ? 0 : latents.classes();
        RunConfig config = new RunConfig(
                RunConfig.FORMAT,
                version(),
                source,
                RunConfig.Sample.of(data.shape()),
                networks,
                sha256(ModelZip.canonicalJson(generator)),
                sha256(ModelZip.canonicalJson(discriminator)),
                options,
                scaling,
                classes == 0 ? null : RunConfig.Classes.of((ImageSet) data));
        RunDirectory directory = RunDirectory.open(folder);
        try {
            RunRecorder recorder = new RunRecorder(
                    directory,
                    generator,
                    discriminator,
                    average,
                    norm,
                    options,
                    new SamplePictures(data).withColumns(classes));
            if (directory.holdsRun()) {
                recorder.resume(folder, resume, config);
            } else {
                directory.begin(config, generator, discriminator);
            }
            return recorder;
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    private void resume(Path folder, boolean allowed, RunConfig config) {
        if (!allowed) {
            throw new DataException(
                    folder + " already holds a run: add --resume to continue it, or choose another --out");
        }
        StoredRun stored = StoredRun.open(folder);
        List<String> differences = stored.config().differences(config);
        if (!differences.isEmpty()) {
            throw new DataException(folder
                    + " was trained with another configuration; resume with the same one, or choose another --out:\n  - "
                    + String.join("\n  - ", differences));
        }
        if (!stored.checkpoints().isEmpty()) {
            Checkpoint newest = stored.newest();
            try {
                Checkpoint.State state = newest.readState();
                ModelZip.restore(ModelZip.read(newest.generator()), generator);
                ModelZip.restore(ModelZip.read(newest.discriminator()), discriminator);
                if (average != null) {
                    average.setParams(ModelZip.read(newest.average()).params());
                }
                if (norm != null) {
                    norm.resume(state.spectralNorm());
                }
                step = state.step();
                seconds = state.seconds();
                isNew = false;
            } catch (DataException | IOException e) {
                throw new DataException(
                        newest.folder() + " is damaged: " + e.getMessage()
                                + "; remove this folder to resume from the checkpoint before it",
                        e);
            }
        }
        if (step > options.steps()) {
            throw new DataException(folder + " has done " + step + " steps already, more than the " + options.steps()
                    + " asked for; give a larger --steps to go on");
        }
        if (options.keepBest() != null) {
            best = stored.bestBy(options.keepBest());
        }
        directory.begin(config, generator, discriminator);
        directory.rewind(step, options.kimg(step));
    }

    /** Whether the folder held no checkpoint. */
    public boolean isNew() {
        return isNew;
    }

    /** Steps done before. */
    public long step() {
        return step;
    }

    /** The best evaluation before; whoever trains tells it of later ones, and its checkpoint is kept. */
    public BestSoFar best() {
        return best;
    }

    /** Training time before. */
    public double seconds() {
        return seconds;
    }

    @Override
    public void statistics(TrainingStatistics statistics) {
        directory.append(statistics);
    }

    @Override
    public void samples(long atStep, float[] samples) {
        double kimg = options.kimg(atStep);
        Path file = directory.samplePath(kimg);
        directory.attempt(file.getFileName().toString(), () -> PngFile.write(file, pictures.draw(samples, kimg)));
    }

    @Override
    public void checkpoint(long atStep, double atSeconds) {
        directory.checkpoint(
                new Checkpoint.State(atStep, atSeconds, norm == null ? null : norm.directions()),
                generator,
                discriminator,
                average,
                best.step());
        directory.attempt("report.html", () -> HtmlReport.write(directory.folder()));
    }

    @Override
    public void close() {
        directory.close();
    }

    private static String version() {
        String version = RunRecorder.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
