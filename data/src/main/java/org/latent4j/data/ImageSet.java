package org.latent4j.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.latent4j.data.npy.MappedBytes;
import org.latent4j.data.npy.NpyFile;
import org.latent4j.data.npy.NpyHeader;
import org.latent4j.data.npy.NpyType;

/**
 * Decoded images of one size: uint8 (n, h, w, c), memory-mapped from the store, with class labels where the source has them.
 *
 * <p>Safe for concurrent readers. Indices are 0 .. size - 1; others throw {@link IndexOutOfBoundsException}. {@link #open} throws
 * {@link DataException} when a folder is no whole image store.
 */
public final class ImageSet implements Dataset, AutoCloseable {
    /** uint8 (n, h, w, c). */
    public static final String IMAGES_FILE = "images.npy";
    /** int32 (n); there only when the images have labels. */
    public static final String LABELS_FILE = "labels.npy";
    /** Name, classes, and how the store came about. */
    public static final String STORE_FILE = "store.json";

    private static final float[] SCALED = scaled();

    private final Path store;
    private final String name;
    private final SampleShape.Image shape;
    private final int size;
    private final List<String> classes;
    private final int[] labels;
    private final int imageBytes;
    private MappedBytes pixels;

    private ImageSet(
            Path store,
            String name,
            SampleShape.Image shape,
            int size,
            List<String> classes,
            int[] labels,
            MappedBytes pixels) {
        this.store = store;
        this.name = name;
        this.shape = shape;
        this.size = size;
        this.classes = classes;
        this.labels = labels;
        this.pixels = pixels;
        this.imageBytes = shape.elements();
    }

    /** Opens a store: a folder with images.npy, store.json and perhaps labels.npy. */
    public static ImageSet open(Path store) {
        Path images = store.resolve(IMAGES_FILE);
        try {
            JsonNode about = new ObjectMapper().readTree(Files.readAllBytes(store.resolve(STORE_FILE)));
            List<String> classes = new ArrayList<>();
            about.path("classes").forEach(c -> classes.add(c.asText()));
            NpyHeader header = NpyFile.open(images).header();
            List<Long> axes = header.shape();
            if (header.type() != NpyType.U1
                    || header.fortranOrder()
                    || axes.size() != 4
                    || header.elements() == 0
                    || axes.stream().anyMatch(axis -> axis > Integer.MAX_VALUE)
                    || header.rowElements() > Integer.MAX_VALUE) {
                throw new DataException(images + " holds " + header.type() + " of shape " + axes
                        + "; an image store holds uint8 (n, h, w, c): delete the folder to have it made again");
            }
            int size = axes.get(0).intValue();
            SampleShape.Image shape = new SampleShape.Image(
                    axes.get(3).intValue(), axes.get(1).intValue(), axes.get(2).intValue());
            int[] labels = classes.isEmpty() ? new int[0] : labels(store.resolve(LABELS_FILE), size, classes.size());
            try (FileChannel channel = FileChannel.open(images, StandardOpenOption.READ)) {
                MappedBytes pixels =
                        new MappedBytes(channel, header.dataOffset(), header.elements(), header.rowElements());
                return new ImageSet(
                        store, about.path("name").asText(), shape, size, List.copyOf(classes), labels, pixels);
            }
        } catch (IOException e) {
            throw new DataException(
                    store + " is no whole image store (" + e.getMessage()
                            + "); delete the folder to have it made again",
                    e);
        }
    }

    private static int[] labels(Path file, int size, int classes) {
        NpyFile in = NpyFile.open(file);
        if (in.rows() != size || in.rowElements() != 1) {
            throw new DataException(file + " has shape " + in.header().shape() + ", but there are " + size + " images");
        }
        int[] labels = new int[size];
        double[] value = new double[1];
        for (int i = 0; i < size; i++) {
            in.readDoubles(i, value, 0);
            if (!(value[0] >= 0 && value[0] < classes)) {
                throw new DataException(
                        file + ": label " + value[0] + " of image " + i + " is none of " + classes + " classes");
            }
            labels[i] = (int) value[0];
        }
        return labels;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public SampleShape.Image shape() {
        return shape;
    }

    public int size() {
        return size;
    }

    /** The folder that holds the images; what belongs to them alone can be kept there too. */
    public Path store() {
        return store;
    }

    /** Class names in the order of the labels; empty when the source has no labels. */
    public List<String> classes() {
        return classes;
    }

    /** Class of image {@code index}, or -1 when the source has no labels. */
    public int label(int index) {
        check(index);
        return labels.length == 0 ? -1 : labels[index];
    }

    /** Copies image {@code index} as (h, w, c) bytes to {@code out[at ..]}. */
    public void read(int index, byte[] out, int at) {
        pixels.read(position(index), out, at, imageBytes);
    }

    /** Image {@code index} as (c, h, w) floats, 0 .. 255 mapped to -1 .. 1, to {@code out[at ..]}: what networks take. */
    public void readScaled(int index, float[] out, int at) {
        long position = position(index);
        ByteBuffer map = pixels.map(position); // an image lies in one map: maps end at multiples of an image
        int from = pixels.offset(position);
        int channels = shape.channels();
        int plane = imageBytes / channels;
        for (int channel = 0; channel < channels; channel++) {
            for (int i = 0, source = from + channel; i < plane; i++, source += channels) {
                out[at++] = SCALED[map.get(source) & 0xFF];
            }
        }
    }

    /** Lets go of the mapped file; reading afterwards throws {@link IllegalStateException}. */
    @Override
    public void close() {
        pixels = null;
    }

    private long position(int index) {
        check(index);
        if (pixels == null) {
            throw new IllegalStateException("image set " + name + " is closed");
        }
        return (long) index * imageBytes;
    }

    private void check(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("image " + index + " of " + size);
        }
    }

    private static float[] scaled() {
        float[] scaled = new float[256];
        for (int i = 0; i < 256; i++) {
            scaled[i] = i / 127.5f - 1;
        }
        return scaled;
    }
}
