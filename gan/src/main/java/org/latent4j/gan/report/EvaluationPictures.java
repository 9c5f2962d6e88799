package org.latent4j.gan.report;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.latent4j.data.Dataset;
import org.latent4j.data.ImageSet;
import org.latent4j.data.SampleShape;
import org.latent4j.data.picture.PngFile;
import org.latent4j.gan.evaluate.Evaluation;
import org.latent4j.gan.run.InterpolationStrips;
import org.latent4j.gan.run.TrainedGenerator;

/** What of an evaluation is better seen than read, as PNG files in the run's folder, which its report shows. */
public enum EvaluationPictures {
    CORRELATION("correlation.png", "Spin correlation G(r) beside a Monte-Carlo replica's, bars of one standard error."),
    DISTRIBUTIONS(
            "distributions.png", "Magnetisation and energy of single configurations beside a Monte-Carlo replica's."),
    NEAREST(
            "nearest.png",
            "Generated images, each above its nearest training image: first those that are nearest of all, then any."),
    INTERPOLATION("interpolation.png", "From one latent vector to another in each row.");

    private static final int WALKS = 6;
    private static final int STEPS = 12;

    private final String file;
    private final String caption;

    EvaluationPictures(String file, String caption) {
        this.file = file;
        this.caption = caption;
    }

    String file() {
        return file;
    }

    String caption() {
        return caption;
    }

    /** Writes the pictures that there are for such data, removes those of an earlier evaluation that there are not, and returns their paths. */
    public static List<Path> write(
            Path folder, Evaluation evaluation, Dataset data, float[] generated, TrainedGenerator generator, long seed)
            throws IOException {
        List<Path> written = new ArrayList<>();
        for (EvaluationPictures picture : values()) {
            Path path = folder.resolve(picture.file);
            BufferedImage drawn = picture.draw(evaluation, data, generated, generator, seed);
            if (drawn == null) {
                Files.deleteIfExists(path);
            } else {
                PngFile.write(path, drawn);
                written.add(path);
            }
        }
        return written;
    }

    /** Null where there is nothing to draw. */
    private BufferedImage draw(
            Evaluation evaluation, Dataset data, float[] generated, TrainedGenerator generator, long seed) {
        boolean visible = data.shape() instanceof SampleShape.Image image && image.channels() != 2;
        return switch (this) {
            case CORRELATION -> evaluation.ising() == null ? null : CorrelationChart.draw(evaluation.ising());
            case DISTRIBUTIONS -> evaluation.ising() == null ? null : DistributionChart.draw(evaluation.ising());
            case NEAREST ->
                visible && evaluation.nearestImages() != null && data instanceof ImageSet images
                        ? NearestPicture.draw(generated, images, evaluation.nearestImages())
                        : null;
            case INTERPOLATION -> visible ? InterpolationStrips.draw(generator, seed, WALKS, STEPS) : null;
        };
    }
}
