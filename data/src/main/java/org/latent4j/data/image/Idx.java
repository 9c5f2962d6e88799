package org.latent4j.data.image;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.latent4j.data.DataException;
import org.latent4j.data.npy.MappedBytes;

/**
 * IDX files, MNIST's format: uint8 images (n, h, w) with uint8 labels (n) in a file of the matching name, gzipped or not.
 *
 * <p>Lengths are checked against the header before anything is allocated; gzipped images are held in memory.
 *
 * <p>Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits", file formats.
 */
final class Idx {
    private static final int IMAGES_MAGIC = 0x803;
    private static final int LABELS_MAGIC = 0x801;
    private static final int MOST_DEFLATE_RATIO = 1032; // deflate can't do better
    private static final Pattern IMAGES_NAME = Pattern.compile("(.*)images([-.])idx3([-.])ubyte(?:\\.gz)?");

    private Idx() {}

    static boolean isGzip(byte[] start) {
        return start.length > 1 && start[0] == 0x1F && start[1] == (byte) 0x8B;
    }

    static boolean hasImagesName(Path file) {
        return IMAGES_NAME.matcher(file.getFileName().toString()).matches();
    }

    /** The one images file of a folder (of several, the one whose name begins with "train"), or null when it has none. */
    static Path imagesIn(Path folder) throws IOException {
        List<Path> images;
        try (Stream<Path> files = Files.list(folder)) {
            images = files.filter(Idx::hasImagesName).sorted().toList();
        }
        List<Path> train = images.stream()
                .filter(file -> file.getFileName().toString().startsWith("train"))
                .toList();
        if (images.size() > 1 && train.size() != 1) {
            throw new DataException(folder + " holds several IDX image files: "
                    + images.stream().map(file -> file.getFileName().toString()).toList() + "; name one of them");
        }
        return images.isEmpty() ? null : images.size() == 1 ? images.get(0) : train.get(0);
    }

    static ArrayImages open(Path file, String name) throws IOException {
        Path labelsFile = labelsOf(file);
        int[] axes = header(file, IMAGES_MAGIC, 3);
        long imageBytes = (long) axes[1] * axes[2];
        byte[] labels = new byte[0];
        List<String> stamps = new ArrayList<>(List.of(stamp(file)));
        if (labelsFile != null) {
            int labelCount = header(labelsFile, LABELS_MAGIC, 1)[0];
            if (labelCount != axes[0]) {
                throw new DataException(labelsFile + " holds " + labelCount + " labels, but " + file + " holds "
                        + axes[0] + " images; they are not of one set");
            }
            labels = content(labelsFile, 8, labelCount);
            stamps.add(stamp(labelsFile));
        }
        ArrayImages.Rows rows;
        if (isGzip(start(file))) {
            byte[] pixels = content(file, 16, axes[0] * imageBytes);
            rows = (index, out) -> System.arraycopy(pixels, Math.toIntExact(index * imageBytes), out, 0, out.length);
        } else {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                MappedBytes pixels = new MappedBytes(channel, 16, axes[0] * imageBytes, 8);
                rows = (index, out) -> pixels.read(index * imageBytes, out, 0, out.length);
            }
        }
        return new ArrayImages(name, stamps, axes[0], axes[1], axes[2], 1, labels, rows);
    }

    private static Path labelsOf(Path images) {
        Matcher name = IMAGES_NAME.matcher(images.getFileName().toString());
        if (!name.matches()) {
            return null;
        }
        String labels = name.group(1) + "labels" + name.group(2) + "idx1" + name.group(3) + "ubyte";
        Path plain = images.resolveSibling(labels);
        Path gzip = images.resolveSibling(labels + ".gz");
        return Files.exists(plain) ? plain : Files.exists(gzip) ? gzip : null;
    }

    /** The lengths of the axes, once they are known to fit the file. */
    private static int[] header(Path file, int wantedMagic, int axisCount) throws IOException {
        int[] axes = new int[axisCount];
        try (DataInputStream in = new DataInputStream(unpacked(file))) {
            int magic = in.readInt();
            if (magic != wantedMagic) {
                throw new DataException(String.format(
                        "%s is no IDX file of uint8 %s: its magic number is 0x%08x instead of 0x%08x",
                        file, axisCount == 3 ? "images (n, h, w)" : "labels (n)", magic, wantedMagic));
            }
            for (int i = 0; i < axisCount; i++) {
                axes[i] = in.readInt();
            }
        } catch (EOFException | ZipException e) {
            throw new DataException(file + " is truncated or damaged within its IDX header; copy it again", e);
        }
        long size = Files.size(file);
        boolean gzip = isGzip(start(file));
        long needed = 4 + 4L * axisCount;
        for (int axis : axes) {
            if (axis < 1) {
                throw new DataException(file + " declares an axis of length " + axis + "; copy it again");
            }
        }
        // Two axes fit a long; the third is compared by division, so that nothing overflows.
        long most = gzip ? Math.multiplyExact(size, (long) MOST_DEFLATE_RATIO) : size;
        long row = axisCount == 3 ? (long) axes[1] * axes[2] : 1;
        if (row > most / axes[0] || !gzip && needed + row * axes[0] != size) {
            throw new DataException(file + " has the wrong length: its header declares " + axes[0] + " x " + row
                    + " bytes, but " + size + (gzip ? " packed" : "") + " bytes are there; copy it again");
        }
        return axes;
    }

    private static byte[] content(Path file, int from, long count) throws IOException {
        if (count > Integer.MAX_VALUE - 8 || count > Runtime.getRuntime().maxMemory() / 3) {
            throw new DataException(
                    file + " unpacks to " + count + " bytes, too much to be held in memory; unpack it with gunzip");
        }
        try (InputStream in = unpacked(file)) {
            in.skipNBytes(from);
            byte[] content = in.readNBytes((int) count);
            if (content.length < count || in.read() >= 0) {
                throw new DataException(file + " has the wrong length: its header declares " + count + " bytes, but "
                        + (content.length < count ? "only " + content.length : "more") + " are there; copy it again");
            }
            return content;
        } catch (EOFException | ZipException e) {
            throw new DataException(file + " is truncated or damaged (" + e.getMessage() + "); copy it again", e);
        }
    }

    private static InputStream unpacked(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        try {
            return isGzip(start(file)) ? new BufferedInputStream(new GZIPInputStream(in, 1 << 16)) : in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static byte[] start(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(2);
        }
    }

    private static String stamp(Path file) throws IOException {
        return ImageSource.stamp(file, Files.size(file), Files.getLastModifiedTime(file));
    }
}
