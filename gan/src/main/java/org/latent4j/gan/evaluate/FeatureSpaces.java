package org.latent4j.gan.evaluate;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.latent4j.data.DataException;
import org.latent4j.data.Dataset;
import org.latent4j.data.ImageSet;
import org.latent4j.data.Progress;
import org.latent4j.data.SampleShape;
import org.latent4j.data.Suggest;

/**
 * Feature spaces by the names of the command line: {@code pixels} (for points their coordinates), {@code random}, {@code classifier}, a
 * network file {@code FILE:LAYER}, or {@code auto}.
 *
 * <p>{@code auto} is the classifier for images with classes if there are at least 1,000 of them, random convolutions for other images, and the
 * coordinates for points. Throws {@link DataException} for an unknown name and for a space that does not suit the data.
 */
public final class FeatureSpaces {
    public static final String AUTO = "auto";

    private static final String PIXELS = "pixels";
    private static final String RANDOM = "random";
    private static final String CLASSIFIER = "classifier";
    private static final List<String> NAMES = List.of(AUTO, PIXELS, RANDOM, CLASSIFIER);
    private static final int ENOUGH_FOR_A_CLASSIFIER = 1000;

    private FeatureSpaces() {}

    /**
     * Makes a space.
     *
     * @param seed decides random features
     * @param device of its network, as in {@link NetworkOutputs}; of networks from files as in {@link NetworkFeatures#of}
     */
    public static FeatureSpace of(String name, Dataset data, long seed, String device, Progress progress) {
        if (!(data instanceof ImageSet images)) {
            if (!name.equals(AUTO) && !name.equals(PIXELS)) {
                throw new DataException("--features " + name + " is for images, but the data are " + data.shape()
                        + "; leave it out: points are compared by their coordinates");
            }
            return FeatureSpace.values("coordinates");
        }
        SampleShape.Image shape = images.shape();
        return switch (name.equals(AUTO) ? automatic(images) : name) {
            case PIXELS -> FeatureSpace.values("pixels");
            case RANDOM -> new RandomFeatures(shape, seed, device);
            case CLASSIFIER -> ImageClassifier.of(images, device, progress);
            default -> file(name, shape, device);
        };
    }

    private static String automatic(ImageSet images) {
        return images.classes().size() >= 2 && images.size() >= ENOUGH_FOR_A_CLASSIFIER ? CLASSIFIER : RANDOM;
    }

    private static FeatureSpace file(String name, SampleShape.Image shape, String device) {
        int colon = name.lastIndexOf(':');
        Path file = Path.of(colon > 1 ? name.substring(0, colon) : name); // not the colon of C:\
        if (!Files.exists(file)) {
            throw new DataException("--features: " + Suggest.unknown("feature space", name, NAMES)
                    + ", or a network file with a layer, as in net.zip:dense1");
        }
        return NetworkFeatures.of(file, colon > 1 ? name.substring(colon + 1) : null, shape, device);
    }
}
