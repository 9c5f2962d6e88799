package org.latent4j.data.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.latent4j.data.DataException;

/**
 * The image files of a zip. A zip with a name that climbs out of it is refused whole, as is one whose entries unpack to much more than
 * images can: images are packed already.
 */
final class ZipImages extends FileImages {
    /** Unpacked bytes per byte of the zip, and unpacked bytes that are always allowed. */
    private static final long MOST_RATIO = 100;

    private static final long ALWAYS_ALLOWED = 1L << 30;

    private final Path file;
    private final ZipFile zip;
    private final List<ZipEntry> entries;

    private ZipImages(Path file, ZipFile zip, TreeMap<String, ZipEntry> found, int ignored) {
        super(file.getFileName().toString(), List.copyOf(found.keySet()), ignored);
        this.file = file;
        this.zip = zip;
        this.entries = List.copyOf(found.values());
    }

    static ZipImages open(Path file) throws IOException {
        ZipFile zip;
        try {
            zip = new ZipFile(file.toFile());
        } catch (ZipException | IllegalArgumentException e) { // the latter for names that are no UTF-8
            throw new DataException(
                    file + " is a damaged, incomplete or encrypted zip (" + e.getMessage() + "); copy or make it again",
                    e);
        }
        try {
            return list(file, zip);
        } catch (IOException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    private static ZipImages list(Path file, ZipFile zip) throws IOException {
        TreeMap<String, ZipEntry> found = new TreeMap<>();
        int ignored = 0;
        long unpacked = 0;
        long most = Math.max(ALWAYS_ALLOWED, Files.size(file) * MOST_RATIO);
        for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
            ZipEntry entry = all.nextElement();
            String name = entry.getName().replace('\\', '/');
            if (name.startsWith("/") || name.matches("[A-Za-z]:.*") || ("/" + name + "/").contains("/../")) {
                throw new DataException(file + " is refused: its entry '" + entry.getName()
                        + "' points out of the zip; make the zip again with relative names");
            }
            if (entry.isDirectory()) {
                continue;
            }
            if (isIgnored(name)) {
                ignored++;
                continue;
            }
            unpacked += Math.max(0, entry.getSize());
            if (entry.getSize() > MOST_BYTES || unpacked > most) {
                throw new DataException(file + " is refused: at its entry '" + name + "' it unpacks to "
                        + (entry.getSize() > MOST_BYTES
                                ? entry.getSize() + " bytes in one file (at most " + MOST_BYTES + ")"
                                : "more than " + most + " bytes, over " + MOST_RATIO + " times its own length")
                        + "; unpack it to a folder if you trust it");
            }
            found.put(name, entry);
        }
        return new ZipImages(file, zip, found, ignored);
    }

    @Override
    InputStream open(int index) throws IOException {
        return zip.getInputStream(entries.get(index));
    }

    @Override
    long length(int index) {
        return entries.get(index).getSize();
    }

    @Override
    public void fingerprint(Consumer<String> line) {
        try {
            line.accept("zip " + ImageSource.stamp(file, Files.size(file), Files.getLastModifiedTime(file)));
        } catch (IOException e) {
            throw new DataException("can't read " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
