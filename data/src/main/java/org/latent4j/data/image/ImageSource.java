package org.latent4j.data.image;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.function.Consumer;

/** Pictures in a fixed order, 0 .. count - 1, for concurrent readers: the files of a folder or zip, or an array's entries. */
sealed interface ImageSource extends Closeable permits FileImages, ArrayImages {

    /** What a person calls it. */
    String name();

    int count();

    /** Name of a picture within the source. */
    String nameOf(int index);

    /** Class names; empty when the source has no labels. */
    List<String> classes();

    /** Class of a picture; only asked for when there are classes. */
    int label(int index);

    /** Files that are plainly no images, by name. */
    int ignored();

    /** Tells everything whose change makes an earlier decoding stale. */
    void fingerprint(Consumer<String> line);

    /** Size and kind, without decoding pixels. */
    ImageHeader header(int index) throws IOException, BadImageException;

    /** Size and kind with the means to decode the pixels: whoever asks can first make sure that there is memory for them. */
    Loaded load(int index) throws IOException, BadImageException;

    /** A picture that is not decoded yet. */
    record Loaded(ImageHeader header, Decoding decoding) {}

    /** Decodes a picture; the decoder belongs to the calling thread. */
    @FunctionalInterface
    interface Decoding {
        Pixels pixels(ImageDecoder decoder) throws BadImageException;
    }

    static String stamp(Path file, long size, FileTime modified) {
        return file + " " + size + " " + modified.toMillis();
    }
}
