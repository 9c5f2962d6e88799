package org.latent4j.ensembles.forest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import org.latent4j.compute.io.AtomicFiles;
import org.latent4j.data.DataException;
import org.latent4j.ensembles.tree.Tree;
import org.latent4j.ensembles.tree.TreeOptions;

/**
 * Forests and trees in files, whole or not at all; the format is described in docs/ensembles.md.
 *
 * <p>Big-endian: 8 bytes {@code L4JTREES}; int version; int length of a JSON header, and the header; for each tree the ints nodes, sets and
 * value rows, and its arrays (feature, threshold, left, kind, value row, sets, values); int CRC-32 of all before.
 *
 * <p>Reading trusts nothing: lengths are compared with the file's before memory is taken, every number is checked, and so is that each node
 * has one parent before it, so that no file can crash a prediction or make it run for ever. Throws {@link DataException}, naming the file, for
 * what is no forest, is damaged, or is of a newer version.
 */
public final class ForestFile {
    private static final byte[] MAGIC = "L4JTREES".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 3;
    /** The first version, which knew no names of categories; up to the second, nodes don't say whether training saw missing values. */
    private static final int OLDEST = 1;

    private static final int KINDS = Tree.MISSING_LEFT | Tree.CATEGORICAL | Tree.SAW_MISSING;

    private static final int MOST_HEADER = 1 << 26;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** What the JSON header says. */
    record Header(
            int trees,
            int outputs,
            List<String> features,
            List<String> classes,
            List<List<String>> categories,
            List<Double> importances,
            List<Double> decreases) {}

    private ForestFile() {}

    public static void write(Path file, RandomForest forest) throws IOException {
        Header header = new Header(
                forest.trees().size(),
                forest.outputs(),
                forest.featureNames(),
                forest.classNames(),
                forest.categories(),
                Arrays.stream(forest.importances()).boxed().toList(),
                Arrays.stream(forest.decreases()).boxed().toList());
        AtomicFiles.write(file, stream -> {
            CheckedOutputStream checked = new CheckedOutputStream(stream, new CRC32());
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(checked, 1 << 16));
            out.write(MAGIC);
            out.writeInt(VERSION);
            byte[] json = JSON.writeValueAsBytes(header);
            out.writeInt(json.length);
            out.write(json);
            for (Tree tree : forest.trees()) {
                write(out, tree);
            }
            out.flush();
            out.writeInt((int) checked.getChecksum().getValue());
            out.flush();
        });
    }

    private static void write(DataOutputStream out, Tree tree) throws IOException {
        out.writeInt(tree.size());
        out.writeInt(tree.sets().length / 4);
        out.writeInt(tree.values().length / tree.outputs());
        for (int node = 0; node < tree.size(); node++) {
            out.writeInt(tree.feature()[node]);
            out.writeFloat(tree.threshold()[node]);
            out.writeInt(tree.left()[node]);
            out.writeByte(tree.kinds()[node]);
            out.writeInt(tree.value()[node]);
        }
        for (long set : tree.sets()) {
            out.writeLong(set);
        }
        for (double value : tree.values()) {
            out.writeDouble(value);
        }
    }

    public static RandomForest read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new DataException(file + " is not there, or is not a file; a forest written by latent4j is expected");
        }
        try {
            long length = Files.size(file);
            checkChecksum(file, length);
            try (InputStream stream = Files.newInputStream(file)) {
                return new Reader(new DataInputStream(new BufferedInputStream(stream, 1 << 16)), length).forest();
            }
        } catch (EOFException e) {
            throw damaged(file, "it ends too early", e);
        } catch (JsonProcessingException e) {
            throw damaged(file, "its header is no JSON of a forest: " + e.getOriginalMessage(), e);
        } catch (Damage e) {
            throw damaged(file, e.getMessage(), e);
        } catch (IOException e) {
            throw new DataException("can't read " + file + ": " + e.getMessage(), e);
        }
    }

    private static void checkChecksum(Path file, long length) throws IOException {
        check(length > MAGIC.length + 12, "it has only " + length + " bytes");
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            byte[] magic = in.readNBytes(MAGIC.length);
            check(
                    Arrays.equals(magic, MAGIC),
                    "it does not begin with " + new String(MAGIC, StandardCharsets.US_ASCII));
            CRC32 sum = new CRC32();
            sum.update(magic);
            byte[] block = new byte[1 << 16];
            for (long left = length - MAGIC.length - 4; left > 0; ) {
                int read = in.read(block, 0, (int) Math.min(block.length, left));
                check(read > 0, "it ends too early");
                sum.update(block, 0, read);
                left -= read;
            }
            check(in.readInt() == (int) sum.getValue(), "its checksum does not fit: it was changed or cut off");
        }
    }

    private static void check(boolean holds, String problem) throws IOException {
        if (!holds) {
            throw new Damage(problem);
        }
    }

    private static DataException damaged(Path file, String why, Exception cause) {
        return new DataException(
                file + " is not a whole forest of latent4j: " + why + "; write it again with ensemble forest", cause);
    }

    /** What is wrong with the bytes. */
    private static final class Damage extends IOException {
        private static final long serialVersionUID = 1L;

        Damage(String message) {
            super(message);
        }
    }

    /** Reads one file; {@code left} bytes are not read yet. */
    private static final class Reader {
        private final DataInputStream in;
        private long left;

        Reader(DataInputStream in, long length) {
            this.in = in;
            this.left = length;
        }

        RandomForest forest() throws IOException {
            take(MAGIC.length + 12);
            in.skipNBytes(MAGIC.length);
            int version = in.readInt();
            check(
                    version >= OLDEST && version <= VERSION,
                    "it is of version " + version + ", this latent4j reads versions " + OLDEST + " to " + VERSION);
            int length = in.readInt();
            check(length > 0 && length <= MOST_HEADER, "its header has " + length + " bytes");
            take(length);
            byte[] json = new byte[length];
            in.readFully(json);
            Header header = JSON.readValue(json, Header.class);
            checkHeader(header, version);
            List<Tree> trees = new ArrayList<>();
            for (int t = 0; t < header.trees(); t++) {
                trees.add(tree(header.features().size(), header.outputs()));
            }
            check(left == 0, left + " bytes follow its end");
            RandomForest forest = new RandomForest(
                    trees,
                    header.features(),
                    header.classes(),
                    numbers(header.importances()),
                    numbers(header.decreases()));
            return version == OLDEST ? forest : forest.withCategories(header.categories());
        }

        private static double[] numbers(List<Double> list) {
            return list.stream().mapToDouble(Double::doubleValue).toArray();
        }

        private static void checkHeader(Header header, int version) throws IOException {
            check(header != null && header.features() != null && header.classes() != null, "its header lacks fields");
            int features = header.features().size();
            List<List<String>> categories = header.categories();
            check((categories == null) == (version == OLDEST), "its header lacks categories");
            check(
                    categories == null
                            || categories.size() == features
                                    && categories.stream()
                                            .allMatch(c -> c != null
                                                    && c.size() <= TreeOptions.MOST_BINS
                                                    && c.stream().allMatch(Objects::nonNull)),
                    "its names of categories do not fit its features");
            checkNumbers(header.importances(), features);
            checkNumbers(header.decreases(), features);
            check(
                    header.features().stream().allMatch(Objects::nonNull)
                            && header.classes().stream().allMatch(Objects::nonNull),
                    "a name is missing");
            check(
                    header.trees() >= 1 && features >= 1,
                    "it has " + header.trees() + " trees, " + features + " features");
            boolean classified = !header.classes().isEmpty();
            check(
                    header.outputs() == (classified ? header.classes().size() : 1),
                    header.outputs() + " outputs do not fit " + header.classes().size() + " classes");
        }

        private static void checkNumbers(List<Double> numbers, int features) throws IOException {
            check(
                    numbers != null
                            && numbers.size() == features
                            && numbers.stream().allMatch(Objects::nonNull),
                    "its importances are missing or not as many as its features");
        }

        private Tree tree(int features, int outputs) throws IOException {
            take(12);
            int size = in.readInt();
            int sets = in.readInt();
            int rows = in.readInt();
            check(size >= 1 && size % 2 == 1 && sets >= 0 && rows >= 1, "a tree has impossible sizes");
            take(17L * size + 32L * sets + 8L * rows * outputs);
            Tree tree = new Tree(
                    features,
                    outputs,
                    new int[size],
                    new float[size],
                    new int[size],
                    new byte[size],
                    new long[Math.multiplyExact(sets, 4)],
                    new int[size],
                    new double[Math.multiplyExact(rows, outputs)],
                    null);
            for (int node = 0; node < size; node++) {
                tree.feature()[node] = in.readInt();
                tree.threshold()[node] = in.readFloat();
                tree.left()[node] = in.readInt();
                tree.kinds()[node] = in.readByte();
                tree.value()[node] = in.readInt();
            }
            for (int i = 0; i < tree.sets().length; i++) {
                tree.sets()[i] = in.readLong();
            }
            for (int i = 0; i < tree.values().length; i++) {
                tree.values()[i] = in.readDouble();
                check(Double.isFinite(tree.values()[i]), "a value is " + tree.values()[i]);
            }
            checkNodes(tree, sets, rows);
            return tree;
        }

        /** Children come after their parent, in pairs, and have no other: then every way down ends. */
        private static void checkNodes(Tree tree, int sets, int rows) throws IOException {
            boolean[] child = new boolean[tree.size()];
            for (int node = 0; node < tree.size(); node++) {
                int feature = tree.feature()[node];
                int left = tree.left()[node];
                int kind = tree.kinds()[node];
                float threshold = tree.threshold()[node];
                check(feature >= -1 && feature < tree.features(), "node " + node + " has feature " + feature);
                check(kind >= 0 && kind <= KINDS && Float.isFinite(threshold), "node " + node + " has no valid cut");
                int value = tree.value()[node];
                check(value >= (feature < 0 ? 0 : -1) && value < rows, "node " + node + " has no valid value");
                if (feature < 0) {
                    check(left == 0, "leaf " + node + " has children");
                    continue;
                }
                check(left > node && left < tree.size() - 1, "node " + node + " has children " + left);
                check(!child[left] && !child[left + 1], "children " + left + " have two parents");
                child[left] = true;
                child[left + 1] = true;
                if ((kind & Tree.CATEGORICAL) != 0) {
                    check(
                            threshold >= 0 && threshold < sets && threshold == (int) threshold,
                            "node " + node + " has no set of categories");
                }
            }
        }

        private void take(long bytes) throws IOException {
            check(bytes <= left, "it ends too early");
            left -= bytes;
        }
    }
}
