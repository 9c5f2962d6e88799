package org.latent4j.data.image;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.latent4j.compute.io.AtomicFiles;
import org.latent4j.data.DataException;
import org.latent4j.data.ImageSet;
import org.latent4j.data.SampleShape;
import org.latent4j.data.npy.Npy;
import org.latent4j.data.npy.NpyHeader;
import org.latent4j.data.npy.NpyType;

/**
 * A store in the making: a temporary folder that gets its name when all is written. Images may come from any thread in any order.
 *
 * <p>Throws {@link DataException} when the disk has no room, before anything is written.
 */
final class StoreWriter implements Closeable {
    private static final AtomicInteger UNIQUE = new AtomicInteger();
    private static final long SLACK = 16 << 20; // labels' JSON, the file system's own

    private final Path target;
    private final Path temporary;
    private final SampleShape.Image shape;
    private final int[] labels;
    private final long needed;
    private final FileChannel channel;

    StoreWriter(Path target, SampleShape.Image shape, long capacity, boolean labelled) throws IOException {
        if (capacity < 1 || capacity > Integer.MAX_VALUE - 8) {
            throw new DataException("an image store holds 1 to 2^31 - 9 images, but " + capacity + " are asked for");
        }
        Path parent = target.toAbsolutePath().getParent();
        this.target = target;
        this.shape = shape;
        this.needed = capacity * shape.elements() + (labelled ? capacity * Integer.BYTES : 0) + SLACK;
        Files.createDirectories(parent);
        AtomicFiles.sweep(parent);
        long free = Files.getFileStore(parent).getUsableSpace();
        if (free < needed) {
            throw new DataException(
                    "the image store of " + capacity + " images of " + shape + " needs " + megabytes(needed)
                            + " in " + parent + ", but " + megabytes(free)
                            + " are free; free some space, choose another folder or a smaller size");
        }
        this.labels = labelled ? new int[(int) capacity] : new int[0];
        this.temporary =
                AtomicFiles.temporary(target.resolveSibling(UNIQUE.incrementAndGet() + "-" + target.getFileName()));
        AtomicFiles.deleteTree(temporary); // of a killed process that had our id
        Files.createDirectory(temporary);
        this.channel = FileChannel.open(
                temporary.resolve(ImageSet.IMAGES_FILE), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        write(header(capacity), 0);
    }

    private byte[] header(long count) {
        return NpyHeader.encode(NpyType.U1, count, shape.height(), shape.width(), shape.channels());
    }

    /** Writes images {@code index}, index + 1, ...: whole ones, (h, w, c) each. */
    void put(int index, byte[] pixels, int from, int images) throws IOException {
        int bytes = images * shape.elements();
        write(ByteBuffer.wrap(pixels, from, bytes), header(1).length + (long) index * shape.elements());
    }

    void label(int index, int label) {
        labels[index] = label;
    }

    /** The first {@code count} images are the store; {@code about} becomes its store.json. */
    void finish(int count, Map<String, Object> about) throws IOException {
        try {
            byte[] header = header(count);
            write(header, 0);
            channel.truncate(header.length + (long) count * shape.elements());
            channel.force(true);
            channel.close();
            if (labels.length > 0) {
                Npy.write(temporary.resolve(ImageSet.LABELS_FILE), Arrays.copyOf(labels, count), count);
            }
            AtomicFiles.write(
                    temporary.resolve(ImageSet.STORE_FILE),
                    new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(about));
        } catch (IOException e) {
            throw full(e);
        }
        try {
            AtomicFiles.move(temporary, target);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(target)) { // else another process made the same store meanwhile
                throw e;
            }
        }
    }

    private void write(byte[] bytes, long position) throws IOException {
        write(ByteBuffer.wrap(bytes), position);
    }

    private void write(ByteBuffer bytes, long position) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                position += channel.write(bytes, position);
            }
        } catch (IOException e) {
            throw full(e);
        }
    }

    private DataException full(IOException e) {
        return new DataException(
                "writing the image store in " + target.toAbsolutePath().getParent() + ", which needs "
                        + megabytes(needed) + ", failed: " + e.getMessage(),
                e);
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%,d MB", (bytes + 999_999) / 1_000_000);
    }

    /** Removes what was not finished. */
    @Override
    public void close() throws IOException {
        channel.close();
        AtomicFiles.deleteTree(temporary);
    }
}
