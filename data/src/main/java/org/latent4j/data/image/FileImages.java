package org.latent4j.data.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Pictures that are image files with relative names, sorted by name.
 *
 * <p>Folders that hold everything are stripped. If then every file lies in a sub-folder, the first sub-folders are the classes, in
 * order of name; if any file lies beside them, there are no classes.
 */
abstract sealed class FileImages implements ImageSource permits FolderImages, ZipImages {
    /** Longest file that is read into memory. */
    static final long MOST_BYTES = 512L << 20;

    /** Extensions of files that lie about in data sets and are plainly no images. */
    private static final Set<String> NO_IMAGES = Set.of(
            "txt", "md", "rst", "csv", "tsv", "json", "jsonl", "xml", "html", "htm", "yaml", "yml", "toml", "pdf",
            "doc", "db", "ini", "log", "py", "ipynb", "sh", "m", "mat", "npy", "npz", "pkl", "pt", "h5", "zip", "gz",
            "tar", "md5", "sha256");

    private final String name;
    private final List<String> names;
    private final int ignored;
    private final int classAt; // where a class begins in the names
    private final List<String> classes;

    FileImages(String name, List<String> sortedNames, int ignored) {
        this.name = name;
        this.names = sortedNames;
        this.ignored = ignored;
        this.classAt = commonFolders(sortedNames);
        this.classes = classes(sortedNames, classAt);
    }

    abstract InputStream open(int index) throws IOException;

    /** Length of a file in bytes, unpacked. */
    abstract long length(int index) throws IOException;

    /** Whether a file is left alone without a word: hidden, a system's litter, or of an extension that no image has. */
    static boolean isIgnored(String name) {
        for (String part : name.split("/")) {
            if (part.startsWith(".") || part.equals("__MACOSX")) {
                return true;
            }
        }
        String file = name.substring(name.lastIndexOf('/') + 1);
        int dot = file.lastIndexOf('.');
        return dot >= 0 && NO_IMAGES.contains(file.substring(dot + 1).toLowerCase(Locale.ROOT));
    }

    private static int commonFolders(List<String> names) {
        int at = 0;
        while (!names.isEmpty()) {
            int end = names.get(0).indexOf('/', at);
            String folder = end < 0 ? null : names.get(0).substring(0, end + 1);
            if (folder == null || !names.stream().allMatch(n -> n.startsWith(folder))) {
                break;
            }
            at = end + 1;
        }
        return at;
    }

    private static List<String> classes(List<String> names, int from) {
        Set<String> classes = new TreeSet<>();
        for (String file : names) {
            int end = file.indexOf('/', from);
            if (end < 0) {
                return List.of();
            }
            classes.add(file.substring(from, end));
        }
        return List.copyOf(classes);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int count() {
        return names.size();
    }

    @Override
    public String nameOf(int index) {
        return names.get(index);
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public int label(int index) {
        String file = names.get(index);
        return Collections.binarySearch(classes, file.substring(classAt, file.indexOf('/', classAt)));
    }

    @Override
    public int ignored() {
        return ignored;
    }

    @Override
    public ImageHeader header(int index) throws IOException, BadImageException {
        try (InputStream in = open(index)) {
            return ImageHeader.read(in, nameOf(index));
        }
    }

    @Override
    public Loaded load(int index) throws IOException, BadImageException {
        byte[] file = bytes(index);
        ImageHeader header = ImageHeader.read(new ByteArrayInputStream(file), nameOf(index));
        return new Loaded(header, decoder -> decoder.decode(file, header));
    }

    /** The whole file; what it says of its length is believed only as far as its content goes. */
    private byte[] bytes(int index) throws IOException, BadImageException {
        try (InputStream in = open(index)) {
            long length = length(index);
            if (length > MOST_BYTES) {
                throw new BadImageException("too large: " + length + " bytes; at most " + MOST_BYTES + " are read");
            }
            byte[] file = in.readNBytes((int) length + 1);
            if (file.length != length) {
                throw new BadImageException("damaged: " + length + " bytes are declared, but "
                        + (file.length > length ? "more" : "only " + file.length) + " are there");
            }
            return file;
        }
    }
}
