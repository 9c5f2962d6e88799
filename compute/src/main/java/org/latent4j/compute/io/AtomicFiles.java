package org.latent4j.compute.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes that are there whole or not at all, also after a power cut: temporary name beside the target, fsync, rename, fsync of the folder.
 *
 * <p>Temporary names begin with {@value #TEMPORARY_PREFIX}; what a killed process left behind is removed by {@link #sweep}. Throws
 * {@link IOException} as the file system does (full disk, no permission); the former file is then still the one that is there.
 */
public final class AtomicFiles {
    public static final String TEMPORARY_PREFIX = ".tmp-";

    /** Writes the content of one file. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private static final Pattern TEMPORARY_NAME = Pattern.compile(Pattern.quote(TEMPORARY_PREFIX) + "(\\d{1,18})-.*");

    private AtomicFiles() {}

    public static void write(Path target, Content content) throws IOException {
        Path temporary = temporary(target);
        try {
            try (FileChannel channel =
                            FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
                content.writeTo(out);
                out.flush();
                channel.force(true);
            }
            move(temporary, target);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    public static void write(Path target, String text) throws IOException {
        write(target, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** A free temporary name in the target's folder; a finished file or folder of that name is put in place by {@link #move}. */
    public static Path temporary(Path target) {
        return target.resolveSibling(TEMPORARY_PREFIX + ProcessHandle.current().pid() + "-" + target.getFileName());
    }

    /** Renames a finished file or folder to its target (a file there is replaced; a folder must not be there) and syncs the folder. */
    public static void move(Path temporary, Path target) throws IOException {
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        syncFolder(target.toAbsolutePath().getParent());
    }

    /** Forces a file's content to the disk. */
    public static void syncFile(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Forces a folder's entries to the disk. Does nothing where the platform can't open folders (Windows). */
    public static void syncFolder(Path folder) throws IOException {
        if (System.getProperty("os.name").startsWith("Windows")) {
            return;
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Removes a file or a folder with all that is in it; nothing there is fine. Symbolic links are removed, not followed. */
    public static void deleteTree(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(path)) {
            for (Path entry : (Iterable<Path>) walk.sorted(Comparator.reverseOrder())::iterator) {
                Files.deleteIfExists(entry);
            }
        }
    }

    /** Removes the temporary files and folders that killed writers left in a folder; those of processes that still run stay. */
    public static void sweep(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                try {
                    if (isLeftOver(entry)) {
                        deleteTree(entry);
                    }
                } catch (NoSuchFileException | UncheckedIOException gone) {
                    // Another process sweeps or finishes at the same time.
                }
            }
        }
    }

    /** Whether the process in a temporary name is gone; an id is given again, so a process younger than the entry's last change is another one. */
    private static boolean isLeftOver(Path entry) throws IOException {
        Matcher name = TEMPORARY_NAME.matcher(entry.getFileName().toString());
        if (!name.matches()) {
            return false;
        }
        Optional<ProcessHandle> process =
                ProcessHandle.of(Long.parseLong(name.group(1))).filter(ProcessHandle::isAlive);
        Optional<Instant> started = process.flatMap(p -> p.info().startInstant());
        return process.isEmpty()
                || started.isPresent()
                        && started.get()
                                .isAfter(Files.getLastModifiedTime(entry, LinkOption.NOFOLLOW_LINKS)
                                        .toInstant());
    }
}
