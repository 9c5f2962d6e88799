package org.latent4j.data.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.latent4j.compute.io.AtomicFiles;
import org.latent4j.data.DataException;
import org.latent4j.data.ImageSet;
import org.latent4j.data.SampleShape;

/**
 * Decoded images kept in a folder, so that they are made once: {@code <parent>/<fingerprint>/} with images.npy (uint8 (n, h, w, c)),
 * labels.npy (int32, where there are classes) and store.json. The fingerprint stands for all that decides the pixels.
 *
 * <p>A store is there whole or not at all; a damaged one is made again. Several processes may ask for one store at once.
 *
 * <p>Throws {@link DataException} when the store can't be written: no room (bytes needed are named), no permission.
 */
public final class ImageStore {
    private static final int FORMAT = 1;

    /** Takes the images of a new store, from any thread and in any order, each index once. */
    @FunctionalInterface
    public interface Sink {
        /** Image {@code index}, (h, w, c) bytes from {@code pixels[from]} on; the label is not looked at where there are no classes. */
        void put(int index, byte[] pixels, int from, int label) throws IOException;
    }

    /** Makes the images of a new store. */
    @FunctionalInterface
    public interface Filler {
        void fill(Sink sink) throws IOException;
    }

    private ImageStore() {}

    /**
     * The store of {@code count} images that {@code fingerprintText} describes completely: an earlier one, or a new one that
     * {@code filler} fills. {@code classes} is empty for images without labels.
     */
    public static ImageSet reuseOrWrite(
            Path storeParent,
            String fingerprintText,
            String name,
            SampleShape.Image shape,
            long count,
            List<String> classes,
            Filler filler) {
        Path store = folder(storeParent, "made\n" + fingerprintText + "\n" + shape + " " + count + " " + classes);
        Optional<ImageSet> earlier = openWhole(store);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        try (StoreWriter writer = new StoreWriter(store, shape, count, !classes.isEmpty())) {
            BitSet there = new BitSet((int) count);
            filler.fill((index, pixels, from, label) -> {
                if (index < 0 || index >= count || !classes.isEmpty() && (label < 0 || label >= classes.size())) {
                    throw new IndexOutOfBoundsException("image " + index + " of " + count + " with label " + label);
                }
                writer.put(index, pixels, from, 1);
                if (!classes.isEmpty()) {
                    writer.label(index, label);
                }
                synchronized (there) {
                    there.set(index);
                }
            });
            if (there.cardinality() != count) {
                throw new IllegalStateException(
                        name + ": " + there.cardinality() + " of " + count + " images were made");
            }
            writer.finish((int) count, about(name, fingerprintText, classes));
        } catch (IOException e) {
            throw cannotWrite(storeParent, e);
        }
        return ImageSet.open(store);
    }

    static Path folder(Path storeParent, String fingerprintText) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            byte[] hash = sha.digest(("format " + FORMAT + "\n" + fingerprintText).getBytes(StandardCharsets.UTF_8));
            return storeParent.resolve(HexFormat.of().formatHex(hash, 0, 10));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has SHA-256
        }
    }

    /** An earlier store; what is there but not whole is removed. */
    static Optional<ImageSet> openWhole(Path store) {
        if (!Files.exists(store)) {
            return Optional.empty();
        }
        try {
            return Optional.of(ImageSet.open(store));
        } catch (DataException damaged) {
            try {
                AtomicFiles.deleteTree(store);
                return Optional.empty();
            } catch (IOException e) {
                throw new DataException(damaged.getMessage() + "; deleting it failed: " + e.getMessage(), e);
            }
        }
    }

    static Map<String, Object> about(String name, String source, List<String> classes) {
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("format", FORMAT);
        about.put("name", name);
        about.put("source", source);
        about.put("classes", classes);
        return about;
    }

    /** The report that a store of decoded images was written with. */
    static ImageReport report(Path store) {
        try {
            ObjectMapper mapper = new ObjectMapper();
            JsonNode report = mapper.readTree(Files.readAllBytes(store.resolve(ImageSet.STORE_FILE)))
                    .get("report");
            return mapper.treeToValue(report, ImageReport.class);
        } catch (IOException | IllegalArgumentException e) {
            throw new DataException(store + ": store.json can't be read; delete the folder to have it made again", e);
        }
    }

    static DataException cannotWrite(Path storeParent, IOException e) {
        return new DataException("can't write the image store in " + storeParent + ": " + e, e);
    }
}
