package org.latent4j.gan.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import javax.imageio.ImageIO;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataException;
import org.latent4j.data.DataSource;
import org.latent4j.data.ImageSet;
import org.latent4j.data.PointSet;
import org.latent4j.data.Progress;
import org.latent4j.data.SampleShape;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class FeatureSpacesTest {
    private static final SampleShape.Image SMALL = new SampleShape.Image(3, 9, 11);

    @TempDir
    Path folder;

    private static Rows images(SampleShape.Image shape, int n) {
        float[] values = new float[n * shape.elements()];
        new Philox(3, Philox.Purpose.EVALUATION, 5).fillNormal(values, 0, values.length);
        return Rows.of(values, shape.elements());
    }

    /** The first convolution, by its definition: weights drawn once more, nothing of DL4J. */
    @Test
    void randomFeaturesAreWhatTheySay() {
        Rows rows = images(SMALL, 3);
        INDArray features =
                new RandomFeatures(SMALL, 7, "cpu").see(rows, Progress.NONE).features();
        assertThat(features.shape()).containsExactly(3, 4 * (32 + 64 + 64 + 64));
        float[] weights = new float[32 * 3 * 9];
        new Philox(7, Philox.Purpose.EVALUATION, -11).fillNormal(weights, 0, weights.length);
        float[] image = rows.slice(1, 2);
        int channel = 5;
        double sum = 0; // over the lower right quadrant: rows 4 .. 8, columns 5 .. 10
        for (int y = 4; y < 9; y++) {
            for (int x = 5; x < 11; x++) {
                double value = 0;
                for (int c = 0; c < 3; c++) {
                    for (int dy = -1; dy <= 1; dy++) {
                        for (int dx = -1; dx <= 1; dx++) {
                            if (y + dy >= 0 && y + dy < 9 && x + dx >= 0 && x + dx < 11) {
                                value += weights[((channel * 3 + c) * 3 + dy + 1) * 3 + dx + 1]
                                        * image[(c * 9 + y + dy) * 11 + x + dx];
                            }
                        }
                    }
                }
                value *= Math.sqrt(2 / 1.04 / 27);
                sum += value > 0 ? value : 0.2 * value;
            }
        }
        assertThat(features.getDouble(1, 4 * channel + 3)).isCloseTo(sum / 30, within(1e-5));
    }

    @Test
    void randomFeaturesDependOnTheSeedAndNotOnTheCompany() {
        Rows rows = images(SMALL, 70); // more than a batch
        INDArray all =
                new RandomFeatures(SMALL, 1, "cpu").see(rows, Progress.NONE).features();
        INDArray last = new RandomFeatures(SMALL, 1, "cpu")
                .see(rows.subset(new int[] {69, 3}), Progress.NONE)
                .features();
        assertThat(last.getRow(0).distance2(all.getRow(69))).isLessThan(1e-5);
        assertThat(last.getRow(1).distance2(all.getRow(3))).isLessThan(1e-5);
        INDArray other = new RandomFeatures(SMALL, 2, "cpu")
                .see(rows.subset(new int[] {69}), Progress.NONE)
                .features();
        assertThat(other.getRow(0).distance2(all.getRow(69))).isGreaterThan(0.1);
    }

    /** Keras sees the channels last: its features of the same pixels are in the folder of its models. */
    @ParameterizedTest
    @ValueSource(strings = {"graph3", "chain2"})
    void featuresOfAKerasModel(String name) {
        Path models = Path.of("../data/src/test/resources/keras");
        SampleShape.Image shape = new SampleShape.Image(3, 8, 8);
        float[] pixels = new float[2 * shape.elements()];
        for (int i = 0; i < pixels.length; i++) { // (n, h, w, c) there, (n, c, h, w) here
            int pixel = i / 3 % 64;
            pixels[(i / 192 * 3 + i % 3) * 64 + pixel] = (float) (i * 37 % 256 / 127.5 - 1);
        }
        NetworkFeatures space = NetworkFeatures.of(models.resolve(name + ".h5"), "features", shape, "auto");
        INDArray features =
                space.see(Rows.of(pixels, shape.elements()), Progress.NONE).features();
        INDArray expected = Nd4j.createFromNpyFile(
                models.resolve(name.substring(0, name.length() - 1) + ".npy").toFile());
        assertThat(features.distance2(expected)).isLessThan(1e-5);
        assertThatThrownBy(() -> NetworkFeatures.of(
                        models.resolve(name + ".h5"), "features", new SampleShape.Image(3, 16, 16), "auto"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("its input is [8, 8, 3]")
                .hasMessageContaining("--size");
    }

    /** Horizontal and vertical bars: a classifier learns them in seconds, is kept, and is read again instead of trained again. */
    @Test
    void aClassifierIsTrainedOnTheClassFoldersAndKept() throws IOException {
        ImageSet images = bars(120);
        ImageClassifier trained = ImageClassifier.of(images, "cpu", Progress.NONE);
        assertThat(trained.testAccuracy()).isGreaterThan(0.9);
        assertThat(trained.classes()).isEqualTo(2);
        assertThat(trained.description()).contains("classifier of 2 classes", "of 12 test images");
        Path kept = images.store().resolve("classifier.zip");
        FileTime time = Files.getLastModifiedTime(kept);
        Rows rows = new Rows(images.size(), images.shape().elements(), images::readScaled);
        FeatureSpace.Seen seen = trained.see(rows, Progress.NONE);
        assertThat(seen.features().shape()).containsExactly(120, 64);
        float[] probabilities = seen.probabilities().orElseThrow();
        int right = 0;
        for (int i = 0; i < 120; i++) {
            right += ClassBalance.best(probabilities, 2 * i, 2) == images.label(i) ? 1 : 0;
        }
        assertThat(right).isGreaterThan(110);
        ImageClassifier again = ImageClassifier.of(images, "cpu", Progress.NONE);
        assertThat(Files.getLastModifiedTime(kept)).isEqualTo(time);
        assertThat(again.see(rows, Progress.NONE).features()).isEqualTo(seen.features());
        images.close();
    }

    @Test
    void aClassifierNeedsClasses() throws IOException {
        ImageSet few = bars(10);
        assertThatThrownBy(() -> ImageClassifier.of(few, "cpu", Progress.NONE))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("at least 2 classes and 20 images")
                .hasMessageContaining("--features random");
        few.close();
    }

    private ImageSet bars(int n) throws IOException {
        Path data = folder.resolve("bars" + n);
        for (int i = 0; i < n; i++) {
            BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
            Graphics2D graphics = image.createGraphics();
            graphics.setColor(new Color(100 + i, 100 + i, 100 + i));
            boolean upright = i % 2 == 0;
            int at = i / 2 % 7;
            graphics.fillRect(upright ? at : 0, upright ? 0 : at, upright ? 2 : 8, upright ? 8 : 2);
            graphics.dispose();
            Path file = data.resolve(upright ? "upright" : "flat").resolve(i + ".png");
            Files.createDirectories(file.getParent());
            ImageIO.write(image, "png", file.toFile());
        }
        return (ImageSet) DataSource.of(data.toString())
                .open(folder.resolve("store"), Progress.NONE)
                .data();
    }

    @Test
    void aNetworkOfTheUserGivesTheActivationsOfItsLayer() throws IOException {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(4)
                .list(
                        new ConvolutionLayer.Builder(3, 3).nOut(2).build(),
                        new DenseLayer.Builder().nOut(5).build(),
                        new OutputLayer.Builder()
                                .nOut(3)
                                .activation(new ActivationSoftmax())
                                .build())
                .setInputType(InputType.convolutional(9, 11, 3))
                .build());
        network.init();
        Path file = folder.resolve("mine.zip");
        ModelSerializer.writeModel(network, file.toFile(), true);
        Rows rows = images(SMALL, 67);
        INDArray input = Nd4j.createFromArray(rows.slice(0, 67)).reshape(new long[] {67, 3, 9, 11});
        List<INDArray> expected = network.feedForward(input);
        FeatureSpace dense = NetworkFeatures.of(file, "1", SMALL, "auto");
        assertThat(dense.see(rows, Progress.NONE).features().equalsWithEps(expected.get(2), 1e-5))
                .isTrue();
        assertThat(dense.description()).isEqualTo("mine.zip, layer 1");
        INDArray maps = NetworkFeatures.of(file, "0", SMALL, "auto")
                .see(rows, Progress.NONE)
                .features();
        assertThat(maps.equalsWithEps(expected.get(1).reshape(67, 2 * 7 * 9), 1e-5))
                .isTrue();

        assertThatThrownBy(() -> NetworkFeatures.of(file, "middle", SMALL, "auto"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("has no layer 'middle'; it has")
                .hasMessageContaining("[0, 1, 2]");
        assertThatThrownBy(() -> NetworkFeatures.of(file, "1", new SampleShape.Image(1, 9, 11), "auto"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("does not take the images, 11x9 pixels, 1 channel");
    }

    @Test
    void unknownAndUnfitSpacesAreNamed() {
        PointSet points = new PointSet("points", PointSet.numbered(2), new float[40]);
        assertThatThrownBy(() -> FeatureSpaces.of("random", points, 1, "auto", Progress.NONE))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("--features random is for images");
        assertThat(FeatureSpaces.of("auto", points, 1, "auto", Progress.NONE).description())
                .isEqualTo("coordinates");
    }
}
