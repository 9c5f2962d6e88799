package org.latent4j.gan.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.latent4j.data.DataException;
import org.latent4j.data.DataSource;
import org.latent4j.data.ImageSet;
import org.latent4j.data.SampleShape;
import org.latent4j.data.Suggest;
import org.latent4j.gan.PointScaling;
import org.latent4j.gan.TrainingOptions;
import org.latent4j.gan.network.NetworkOptions;

/**
 * {@code config.json}: everything that decides a run.
 *
 * @param format version of the run directory's layout
 * @param latent4j version that started the run
 * @param data where the samples come from, with all options
 * @param sample shape of one sample
 * @param networks which networks; {@code own} for graphs that the user gave
 * @param generatorSha256 of the generator's configuration as JSON (it lies beside as {@code generator.json})
 * @param discriminatorSha256 likewise
 * @param training how the game is played
 * @param scaling of points; absent for images
 * @param classes that samples are made of by name; absent where they are not
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunConfig(
        int format,
        String latent4j,
        DataSource data,
        Sample sample,
        NetworkOptions networks,
        String generatorSha256,
        String discriminatorSha256,
        TrainingOptions training,
        PointScaling scaling,
        Classes classes) {

    public static final int FORMAT = 1;

    /** What may change from one part of a run to the next without changing what is learnt in a step. */
    private static final Set<String> FREE = Set.of(
            "latent4j",
            "training.steps",
            "training.evaluateEvery",
            "training.keepBest",
            "training.reportEvery",
            "training.sampleEvery",
            "training.checkpointEvery");

    /** A sample's shape in words that stay: {@code image} (c, h, w) or {@code point} (features). */
    public record Sample(String kind, List<Integer> shape) {

        static Sample of(SampleShape shape) {
            return shape instanceof SampleShape.Image image
                    ? new Sample("image", List.of(image.channels(), image.height(), image.width()))
                    : new Sample("point", List.of(shape.elements()));
        }

        public SampleShape toShape() {
            return kind.equals("image")
                    ? new SampleShape.Image(shape.get(0), shape.get(1), shape.get(2))
                    : new SampleShape.Point(shape.get(0));
        }
    }

    /** Classes in the order of their labels, with the number of images of each. */
    public record Classes(List<String> names, List<Integer> counts) {

        static Classes of(ImageSet images) {
            int[] counts = new int[images.classes().size()];
            for (int i = 0; i < images.size(); i++) {
                counts[images.label(i)]++;
            }
            return new Classes(images.classes(), Arrays.stream(counts).boxed().toList());
        }

        /** The class that a name or a number says. Throws {@link DataException} for none of them. */
        public int label(String text) {
            int index = names.indexOf(text);
            if (index < 0 && text.matches("\\d{1,9}") && Integer.parseInt(text) < names.size()) {
                index = Integer.parseInt(text);
            }
            if (index < 0) {
                throw new DataException(Suggest.unknown("class", text, names));
            }
            return index;
        }

        /** A class by chance, with the shares that they have among the images. */
        int draw(double chance) {
            double left = chance * counts.stream().mapToInt(Integer::intValue).sum();
            int label = 0;
            while (label < counts.size() - 1 && left >= counts.get(label)) {
                left -= counts.get(label);
                label++;
            }
            return label;
        }
    }

    /** Where two configurations differ in what must stay, one line each: {@code training.batch: 64 in the run, 32 now}. */
    List<String> differences(RunConfig now) {
        Map<String, String> before = new TreeMap<>();
        Map<String, String> after = new TreeMap<>();
        flatten("", Json.MAPPER.valueToTree(this), before);
        flatten("", Json.MAPPER.valueToTree(now), after);
        List<String> differences = new ArrayList<>();
        Set<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        for (String key : keys) {
            String was = before.getOrDefault(key, "(absent)");
            String is = after.getOrDefault(key, "(absent)");
            if (!FREE.contains(key) && !was.equals(is)) {
                differences.add(key + ": " + was + " in the run, " + is + " now");
            }
        }
        return differences;
    }

    private static void flatten(String path, JsonNode node, Map<String, String> into) {
        if (node.isObject()) {
            node.properties()
                    .forEach(field -> flatten(
                            path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue(), into));
        } else if (!node.isNull()) {
            into.put(path, node.isTextual() ? node.asText() : node.toString());
        }
    }
}
