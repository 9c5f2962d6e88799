package org.latent4j.ensembles.bagging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.latent4j.compute.Primitives;
import org.latent4j.compute.io.AtomicFiles;
import org.latent4j.data.DataException;
import org.latent4j.data.Dl4jZip;
import org.latent4j.ensembles.Model;
import org.latent4j.ensembles.Points;
import org.latent4j.ensembles.Samples;
import org.latent4j.ensembles.forest.ForestFile;
import org.latent4j.ensembles.forest.RandomForest;
import org.latent4j.ensembles.tree.DecisionTree;
import org.latent4j.ensembles.tree.Tree;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Bags in folders; the format is described in docs/ensembles.md.
 *
 * <p>{@code bag.json} says what the bag is and holds the weights of lines and the points of nearest neighbours; trees lie beside it in
 * {@code members.l4jtrees}, networks as DL4J's zips {@code member-1.zip} .... The JSON file is written last. Checksums tell damaged files, also
 * where a damaged number would still be one. Nothing is read by Java serialisation. Throws {@link DataException}, naming the file, for what is no
 * bag, is damaged, or is of a newer version.
 */
public final class BagFolder {
    private static final String FORMAT = "latent4j bag";
    private static final int VERSION = 2;
    private static final int MOST_MEMBERS = 1 << 20;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private BagFolder() {}

    /** A bag with the names of its features and classes; none of numbers. */
    public record Named(Bag<Model> bag, List<String> features, List<String> classes) {}

    /** @param target classes or numbers of the points, for k-nearest members */
    record Neighbours(int k, float[] points, double[] target) {}

    /**
     * What bag.json holds; lists that don't apply are null.
     *
     * @param zips CRC-32 of each network's file
     * @param checksum CRC-32 of this header as JSON without it; version 1 had neither
     */
    record Header(
            String format,
            int version,
            String learner,
            int members,
            boolean vote,
            List<String> features,
            List<String> classes,
            List<double[][]> weights,
            List<Neighbours> neighbours,
            List<Long> zips,
            Long checksum) {

        Header with(Long newChecksum) {
            return new Header(
                    format, version, learner, members, vote, features, classes, weights, neighbours, zips, newChecksum);
        }

        Header sealed() throws JsonProcessingException {
            return with(sum(JSON.writeValueAsBytes(with(null))));
        }
    }

    public static void write(Path folder, Bag<? extends Model> bag, List<String> features, List<String> classes)
            throws IOException {
        Files.createDirectories(folder);
        Model first = bag.members().get(0);
        String learner;
        List<double[][]> weights = null;
        List<Neighbours> neighbours = null;
        List<Long> zips = null;
        if (first instanceof DecisionTree) {
            learner = "tree";
            List<Tree> trees =
                    bag.members().stream().map(m -> ((DecisionTree) m).tree()).toList();
            double[] none = new double[features.size()];
            ForestFile.write(
                    folder.resolve("members.l4jtrees"), new RandomForest(trees, features, classes, none, none));
        } else if (first instanceof Perceptron) {
            learner = "perceptron";
            weights =
                    bag.members().stream().map(m -> ((Perceptron) m).weights()).toList();
        } else if (first instanceof LogisticRegression) {
            learner = "logistic";
            weights = bag.members().stream()
                    .map(m -> ((LogisticRegression) m).weights())
                    .toList();
        } else if (first instanceof KNearest) {
            learner = "nearest";
            neighbours =
                    bag.members().stream().map(m -> neighbours((KNearest) m)).toList();
        } else if (first instanceof Dl4jLearner.Network) {
            learner = "network";
            zips = new ArrayList<>();
            for (int m = 0; m < bag.members().size(); m++) {
                Dl4jLearner.Network member = (Dl4jLearner.Network) bag.members().get(m);
                AtomicFiles.write(
                        network(folder, m), stream -> ModelSerializer.writeModel(member.network(), stream, true));
                zips.add(sum(Files.readAllBytes(network(folder, m))));
            }
        } else {
            throw new DataException("a bag of " + first.getClass().getSimpleName() + " has no file format");
        }
        Header header = new Header(
                FORMAT,
                VERSION,
                learner,
                bag.members().size(),
                bag.options().vote(),
                features,
                classes,
                weights,
                neighbours,
                zips,
                null);
        AtomicFiles.write(folder.resolve("bag.json"), JSON.writeValueAsString(header.sealed()));
    }

    private static long sum(byte[] bytes) {
        CRC32 sum = new CRC32();
        sum.update(bytes);
        return sum.getValue();
    }

    private static Path network(Path folder, int member) {
        return folder.resolve("member-" + (member + 1) + ".zip");
    }

    private static Neighbours neighbours(KNearest member) {
        Samples samples = member.samples();
        double[] target = samples.classified()
                ? Arrays.stream(samples.labels()).asDoubleStream().toArray()
                : samples.values();
        return new Neighbours(member.k(), Points.floats(samples.points()), target);
    }

    /** @param primitives find nearest neighbours, as long as the bag is used */
    public static Named read(Path folder, Primitives primitives) {
        Path file = folder.resolve("bag.json");
        if (!Files.isRegularFile(file)) {
            throw new DataException(
                    folder + " holds no bag.json; a folder written by latent4j ensemble bag is expected");
        }
        try {
            Header header = JSON.readValue(file.toFile(), Header.class);
            check(header != null, "it is no bag, but null");
            check(FORMAT.equals(header.format()), "its format is '" + header.format() + "', not '" + FORMAT + "'");
            check(
                    header.version() >= 1 && header.version() <= VERSION,
                    "it is of version " + header.version() + ", but this latent4j reads versions up to " + VERSION);
            Long expected = header.version() == 1 ? null : header.sealed().checksum();
            check(Objects.equals(header.checksum(), expected), "its checksum does not fit: it is damaged");
            check(header.features() != null && !header.features().isEmpty(), "it names no features");
            check(header.classes() != null && header.classes().size() != 1, "it names one class or no list of them");
            check(header.members() >= 1 && header.members() <= MOST_MEMBERS, "its members are " + header.members());
            List<Model> members = members(folder, header, primitives);
            check(
                    members.size() == header.members(),
                    "it holds " + members.size() + " of " + header.members() + " members");
            int outputs = Math.max(1, header.classes().size());
            for (Model member : members) {
                check(
                        member.features() == header.features().size() && member.outputs() == outputs,
                        "a member has " + member.features() + " features and " + member.outputs() + " outputs");
            }
            BaggingOptions options = BaggingOptions.bootstrap(members.size()).withVote(header.vote());
            return new Named(new Bag<>(members, List.of(), options), header.features(), header.classes());
        } catch (JsonProcessingException e) {
            throw new DataException(file + " is damaged, or no bag: " + e.getOriginalMessage(), e);
        } catch (DataException e) {
            // Of members, whose points or labels can't be.
            throw e.getMessage().contains(folder.toString()) ? e : new DataException(file + ": " + e.getMessage(), e);
        } catch (Damage | IOException e) {
            throw new DataException(file + " can't be read: " + e.getMessage(), e);
        }
    }

    private static List<Model> members(Path folder, Header header, Primitives primitives) throws IOException {
        String learner = header.learner() == null ? "" : header.learner();
        return switch (learner) {
            case "tree" -> trees(ForestFile.read(folder.resolve("members.l4jtrees")), header);
            case "perceptron" ->
                weights(header).stream().map(w -> (Model) new Perceptron(w)).toList();
            case "logistic" ->
                weights(header).stream()
                        .map(w -> (Model) new LogisticRegression(w))
                        .toList();
            case "nearest" -> nearest(header, primitives);
            case "network" -> networks(folder, header);
            default -> throw new Damage("it has no known learner, but '" + learner + "'");
        };
    }

    private static List<Model> trees(RandomForest forest, Header header) {
        return forest.trees().stream()
                .map(tree -> (Model) new DecisionTree(
                        tree, null, new double[forest.features()], header.features(), header.classes()))
                .toList();
    }

    private static List<double[][]> weights(Header header) {
        check(header.weights() != null, "it holds no weights");
        for (double[][] own : header.weights()) {
            check(
                    own != null && own.length == header.classes().size(),
                    "a member has not a row of weights for each class");
            for (double[] row : own) {
                check(
                        row != null && row.length == header.features().size() + 1,
                        "a row of weights has not one for each feature and a bias");
            }
        }
        return header.weights();
    }

    private static List<Model> nearest(Header header, Primitives primitives) {
        check(header.neighbours() != null, "it holds no neighbours");
        List<Model> members = new ArrayList<>();
        for (Neighbours own : header.neighbours()) {
            int p = header.features().size();
            check(
                    own != null
                            && own.points() != null
                            && own.target() != null
                            && own.points().length == (long) own.target().length * p
                            && own.k() >= 1
                            && own.k() <= own.target().length,
                    "a member's points don't fit its targets and k");
            var points = Nd4j.create(own.points(), new long[] {own.target().length, p}, 'c');
            int[] labels = Arrays.stream(own.target()).mapToInt(v -> (int) v).toArray();
            Samples samples = header.classes().isEmpty()
                    ? Samples.ofValues(points, own.target())
                    : Samples.ofClasses(points, labels, header.classes());
            members.add(new KNearest(own.k(), samples, primitives));
        }
        return members;
    }

    private static List<Model> networks(Path folder, Header header) throws IOException {
        checkZips(folder, header);
        List<Model> members = new ArrayList<>();
        for (int m = 0; m < header.members(); m++) {
            Path zip = network(folder, m);
            MultiLayerNetwork network = Dl4jZip.open(zip).readLayers(zip);
            int features = header.features().size();
            int outputs = Math.max(1, header.classes().size());
            checkSizes(zip, network, features, outputs);
            members.add(new Dl4jLearner.Network(network, features, outputs));
        }
        return members;
    }

    /** All of them before any is read. */
    private static void checkZips(Path folder, Header header) throws IOException {
        boolean sealed = header.version() > 1;
        check(
                !sealed
                        || header.zips() != null
                                && header.zips().size() == header.members()
                                && !header.zips().contains(null),
                "it has not a checksum for each network");
        for (int m = 0; m < header.members(); m++) {
            Path zip = network(folder, m);
            check(Files.isRegularFile(zip), zip.getFileName() + " is missing");
            check(
                    !sealed || sum(Files.readAllBytes(zip)) == header.zips().get(m),
                    zip.getFileName() + " is damaged, or of another bag: its checksum does not fit");
        }
    }

    private static void checkSizes(Path zip, MultiLayerNetwork network, int features, int outputs) {
        long[] shape;
        try {
            shape = network.output(Nd4j.zeros(DataType.FLOAT, 1, features)).shape();
        } catch (RuntimeException e) {
            throw new DataException(
                    zip + " is a network that does not take points of " + features + " features, as its bag.json says",
                    e);
        }
        check(
                Arrays.equals(shape, new long[] {1, outputs}),
                zip.getFileName() + " is a network that gives " + Arrays.toString(shape) + " for a point, but "
                        + outputs + " numbers are expected");
    }

    private static void check(boolean holds, String problem) {
        if (!holds) {
            throw new Damage(problem);
        }
    }

    /** A file that is not what it should be. */
    private static final class Damage extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Damage(String message) {
            super(message);
        }
    }
}
