package org.latent4j.data.image;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.latent4j.data.DataException;
import org.latent4j.data.image.ImageHeader.Format;
import org.latent4j.data.image.ImageHeader.Kind;
import org.latent4j.data.npy.NpyFile;
import org.latent4j.data.npy.NpyType;

/** Pictures that are the entries of one array (n, h, w, c) in a file, all of one size and kind. */
final class ArrayImages implements ImageSource {
    private static final long MOST_IMAGES = Integer.MAX_VALUE - 8;

    /** Copies a picture as (h, w, c) bytes. */
    @FunctionalInterface
    interface Rows {
        void read(int index, byte[] out);
    }

    private final String name;
    private final List<String> stamps;
    private final int count;
    private final ImageHeader header;
    private final int channels;
    private final Rows rows;
    private final byte[] labels; // empty: none

    ArrayImages(
            String name,
            List<String> stamps,
            long count,
            int height,
            int width,
            int channels,
            byte[] labels,
            Rows rows) {
        this.name = name;
        this.stamps = stamps;
        this.count = (int) count;
        this.header = new ImageHeader(
                Format.ARRAY, width, height, channels == 1 ? Kind.GREY : channels == 3 ? Kind.RGB : Kind.RGB_ALPHA);
        this.channels = channels;
        this.labels = labels;
        this.rows = rows;
        if (count < 1
                || count > MOST_IMAGES
                || width < 1
                || height < 1
                || (long) width * height > ImageHeader.MOST_PIXELS) {
            throw new DataException(name + " declares " + count + " images of " + width + "x" + height
                    + " pixels; at least one image is needed, of 1 to " + ImageHeader.MOST_PIXELS + " pixels");
        }
    }

    /** An NPY file: uint8 or bool, or floats in 0 .. 1 or -1 .. 1; (n, h, w) or (n, h, w, c). */
    static ArrayImages ofNpy(Path file, String stamp) {
        NpyFile in = NpyFile.open(file);
        List<Long> shape = in.header().shape();
        int axes = shape.size();
        long channels = axes == 4 ? shape.get(3) : 1;
        if (axes != 3 && axes != 4 || channels != 1 && channels != 3 && channels != 4) {
            boolean channelsFirst = axes == 4 && (shape.get(1) == 1 || shape.get(1) == 3 || shape.get(1) == 4);
            throw new DataException(
                    file + " has shape " + shape + "; images are (n, h, w) or (n, h, w, c) with 1, 3 or 4 channels"
                            + (channelsFirst ? ": transpose it with x.transpose(0, 2, 3, 1)" : ""));
        }
        if (shape.stream().anyMatch(axis -> axis > Integer.MAX_VALUE)) {
            throw new DataException(file + " has shape " + shape + ", with an axis longer than 2^31 - 1");
        }
        return new ArrayImages(
                file.getFileName().toString(),
                List.of(stamp),
                shape.get(0),
                shape.get(1).intValue(),
                shape.get(2).intValue(),
                (int) channels,
                new byte[0],
                rows(file, in));
    }

    private static Rows rows(Path file, NpyFile in) {
        NpyType type = in.header().type();
        switch (type) {
            case U1:
                return (index, out) -> in.readBytes(index, out, 0);
            case BOOL, F4, F8:
                float lowest = type == NpyType.BOOL ? 0 : lowest(file, in);
                float scale = lowest < 0 ? 127.5f : 255;
                float shift = lowest < 0 ? 1 : 0;
                return (index, out) -> {
                    float[] values = new float[out.length];
                    in.readFloats(index, values, 0);
                    for (int i = 0; i < out.length; i++) {
                        out[i] = (byte) Math.round((values[i] + shift) * scale);
                    }
                };
            default:
                throw new DataException(file + " holds elements of type " + type
                        + "; images are uint8, bool, or floats in 0 .. 1 or -1 .. 1: convert it with astype('uint8')");
        }
    }

    /** The least value, once all are known to lie in 0 .. 1 or -1 .. 1. */
    private static float lowest(Path file, NpyFile in) {
        float[] row = new float[in.rowElements()];
        float lowest = Float.POSITIVE_INFINITY;
        float highest = Float.NEGATIVE_INFINITY;
        for (long i = 0; i < in.rows(); i++) {
            in.readFloats(i, row, 0);
            for (float value : row) {
                if (!Float.isFinite(value)) {
                    throw new DataException(
                            file + ": image " + i + " holds " + value + "; pixels must be finite numbers");
                }
                lowest = Math.min(lowest, value);
                highest = Math.max(highest, value);
            }
        }
        if (lowest < -1 || highest > 1) {
            throw new DataException(
                    file + " holds floats from " + lowest + " to " + highest + "; images of floats lie in 0 .. 1 or "
                            + "-1 .. 1: scale them, or convert 0 .. 255 with astype('uint8')");
        }
        return lowest;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public String nameOf(int index) {
        return "image " + index;
    }

    /** Labels are numbers: the classes are 0 .. the largest. */
    @Override
    public List<String> classes() {
        int classes = IntStream.range(0, labels.length).map(this::label).max().orElse(-1) + 1;
        return IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    }

    @Override
    public int label(int index) {
        return labels[index] & 0xFF;
    }

    @Override
    public int ignored() {
        return 0;
    }

    @Override
    public void fingerprint(Consumer<String> line) {
        stamps.forEach(line);
    }

    @Override
    public ImageHeader header(int index) {
        return header;
    }

    @Override
    public Loaded load(int index) {
        return new Loaded(header, decoder -> {
            byte[] data = new byte[header.width() * header.height() * channels];
            rows.read(index, data);
            return new Pixels(header.width(), header.height(), channels, data);
        });
    }

    @Override
    public void close() {}
}
