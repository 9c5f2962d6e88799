package org.latent4j.data.image;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.latent4j.data.DataException;

/** The image files of a folder and its sub-folders; symbolic links are followed, loops of them are refused. */
final class FolderImages extends FileImages {

    private record Found(Path path, long length, long modifiedMillis) {}

    private final Path folder;
    private final List<Found> files;

    private FolderImages(Path folder, TreeMap<String, Found> found, int ignored) {
        super(
                folder.getFileName() == null
                        ? folder.toString()
                        : folder.getFileName().toString(),
                List.copyOf(found.keySet()),
                ignored);
        this.folder = folder;
        this.files = List.copyOf(found.values());
    }

    /** {@code folder} is a real path. */
    static FolderImages open(Path folder) throws IOException {
        TreeMap<String, Found> found = new TreeMap<>();
        int[] ignored = new int[1];
        Files.walkFileTree(
                folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes about) {
                        String name = folder.relativize(file).toString().replace(File.separatorChar, '/');
                        if (isIgnored(name)) {
                            ignored[0]++;
                        } else {
                            found.put(
                                    name,
                                    new Found(
                                            file,
                                            about.size(),
                                            about.lastModifiedTime().toMillis()));
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e) {
                        throw new DataException(
                                e instanceof FileSystemLoopException
                                        ? file
                                                + " is a symbolic link to a folder that holds it: a loop; remove the link"
                                        : "can't read " + file + ": " + e,
                                e);
                    }
                });
        return new FolderImages(folder, found, ignored[0]);
    }

    @Override
    InputStream open(int index) throws IOException {
        Path file = files.get(index).path;
        if (!Files.isRegularFile(file)) { // a pipe would block for ever
            throw new IOException(
                    Files.isSymbolicLink(file) ? "a symbolic link that leads nowhere" : "not a regular file");
        }
        return Files.newInputStream(file);
    }

    @Override
    long length(int index) throws IOException {
        return Files.size(files.get(index).path);
    }

    @Override
    public void fingerprint(Consumer<String> line) {
        line.accept("folder " + folder);
        for (int i = 0; i < files.size(); i++) {
            line.accept(nameOf(i) + " " + files.get(i).length + " " + files.get(i).modifiedMillis);
        }
    }

    @Override
    public void close() {}
}
