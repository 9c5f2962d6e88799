package org.latent4j.gan.evaluate;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.Philox;
import org.latent4j.compute.io.AtomicFiles;
import org.latent4j.data.DataException;
import org.latent4j.data.ImageSet;
import org.latent4j.data.Progress;
import org.latent4j.data.SampleShape;
import org.latent4j.gan.run.ModelZip;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Features of a classifier of the images' own classes, trained here on nine tenths of them: what tells the classes apart.
 *
 * <p>A convolutional DL4J network; its last hidden layer of 64 units is the feature space, scaled to a mean square of 1 on the other images, and its test
 * accuracy on these says how far to trust it. It is made once for an image store and kept in it: {@code classifier.zip} (a plain DL4J model) and {@code classifier.json}.
 *
 * <p>Throws {@link DataException} for images without at least two classes or fewer than 20 of them, and when the store can't be written.
 */
public final class ImageClassifier implements FeatureSpace {
    private static final int FORMAT = 2;
    private static final int LEAST_IMAGES = 20;
    private static final int MOST_TESTED = 5000;
    private static final int SAMPLES_SEEN = 120_000;
    private static final int BATCH = 64;
    private static final long SPLIT_STREAM = -12;
    private static final String TRAINING = "training the classifier";
    private static final String TASK = "classifier features";

    private final About about;
    private final NetworkOutputs network;

    /**
     * How the network came about.
     *
     * @param testAccuracy share of right answers on the images that it was not trained on
     * @param scale what features are multiplied by, so that their mean square on these images is 1
     */
    record About(
            int format, double testAccuracy, double scale, int trained, int tested, int epochs, List<String> classes) {}

    private ImageClassifier(About about, ComputationGraph trained, SampleShape.Image shape, String device) {
        this.about = about;
        this.network = new NetworkOutputs(
                withFeatures(trained, shape, about.classes.size()),
                device,
                BATCH,
                shape.channels(),
                shape.height(),
                shape.width());
    }

    /** The same network, that also gives its features. */
    private static ComputationGraph withFeatures(ComputationGraph trained, SampleShape.Image shape, int classes) {
        ComputationGraph both = new ComputationGraph(ClassifierNetwork.featuresAndClasses(shape, classes));
        both.init();
        both.paramTable().forEach((name, array) -> array.assign(trained.getParam(name)));
        return both;
    }

    /** The classifier kept with the images, or a new one; {@code device} as in {@link NetworkOutputs}. */
    public static ImageClassifier of(ImageSet images, String device, Progress progress) {
        Path zip = images.store().resolve("classifier.zip");
        Path json = images.store().resolve("classifier.json");
        ObjectMapper mapper = new ObjectMapper();
        try {
            if (Files.exists(json) && Files.exists(zip)) {
                if (mapper.readTree(json.toFile()).path("format").asInt() == FORMAT) {
                    About about = mapper.readValue(json.toFile(), About.class);
                    return new ImageClassifier(about, ModelZip.read(zip), images.shape(), device);
                }
            }
            check(images);
            ComputationGraph[] made = new ComputationGraph[1];
            About about = train(images, made, device, progress);
            Path temporary = AtomicFiles.temporary(zip);
            ModelZip.write(made[0], temporary, false);
            AtomicFiles.move(temporary, zip);
            AtomicFiles.write(json, mapper.writerWithDefaultPrettyPrinter().writeValueAsString(about));
            return new ImageClassifier(about, made[0], images.shape(), device);
        } catch (IOException e) {
            throw new DataException(
                    "the classifier in " + images.store() + " can't be kept or read: " + e.getMessage(), e);
        }
    }

    private static void check(ImageSet images) {
        if (images.classes().size() < 2 || images.size() < LEAST_IMAGES) {
            throw new DataException("a classifier takes at least 2 classes and " + LEAST_IMAGES + " images, but "
                    + images.name() + " has " + Math.max(1, images.classes().size()) + " and " + images.size()
                    + "; sort the images into a folder for each class, or use --features random");
        }
    }

    private static About train(ImageSet images, ComputationGraph[] made, String device, Progress progress) {
        int[] order = IntStream.range(0, images.size()).toArray();
        new Philox(0, Philox.Purpose.EVALUATION, SPLIT_STREAM).shuffle(order);
        int[] testing = Arrays.copyOf(order, Math.min(MOST_TESTED, Math.max(1, images.size() / 10)));
        int[] learning = Arrays.copyOfRange(order, testing.length, order.length);
        SampleShape.Image shape = images.shape();
        int classes = images.classes().size();
        int batch = Math.min(BATCH, learning.length);
        int epochs = Math.max(2, Math.min(60, (SAMPLES_SEEN + learning.length - 1) / learning.length));
        ComputationGraph graph = new ComputationGraph(ClassifierNetwork.configuration(
                shape, classes, ClassifierTraining.updates(learning.length, batch, epochs)));
        graph.init();
        Rows rows = new Rows(images.size(), shape.elements(), images::readScaled);
        new ClassifierTraining(graph, classes, batch, device, shape.channels(), shape.height(), shape.width())
                .train(rows.subset(learning), labels(images, learning), epochs, 0, TRAINING, progress);
        ComputationGraph both = withFeatures(graph, shape, classes);
        float[][] outputs = new NetworkOutputs(both, device, BATCH, shape.channels(), shape.height(), shape.width())
                .of(rows.subset(testing), TRAINING, Progress.NONE);
        int right = 0;
        for (int i = 0; i < testing.length; i++) {
            right += ClassBalance.best(outputs[1], i * classes, classes) == images.label(testing[i]) ? 1 : 0;
        }
        double square = 0;
        for (float feature : outputs[0]) {
            square += (double) feature * feature / outputs[0].length;
        }
        made[0] = graph;
        return new About(
                FORMAT,
                (double) right / testing.length,
                square > 0 ? 1 / Math.sqrt(square) : 1,
                learning.length,
                testing.length,
                epochs,
                images.classes());
    }

    private static int[] labels(ImageSet images, int[] indices) {
        return Arrays.stream(indices).map(images::label).toArray();
    }

    /** Share of right answers on images that it was not trained on. */
    public double testAccuracy() {
        return about.testAccuracy;
    }

    @Override
    public int classes() {
        return about.classes.size();
    }

    @Override
    public String description() {
        return String.format(
                Locale.ROOT,
                "classifier of %d classes, right on %.1f %% of %,d test images",
                about.classes.size(),
                100 * about.testAccuracy,
                about.tested);
    }

    @Override
    public Seen see(Rows samples, Progress progress) {
        float[][] outputs = network.of(samples, TASK, progress);
        long features = outputs[0].length / samples.count();
        return new Seen(
                Nd4j.createFromArray(outputs[0]).muli(about.scale).reshape(new long[] {samples.count(), features}),
                Optional.of(outputs[1]));
    }
}
