package org.latent4j.data.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import javax.imageio.ImageIO;
import org.latent4j.data.DataException;
import org.latent4j.data.ImageSet;
import org.latent4j.data.Progress;
import org.latent4j.data.SampleShape;
import org.latent4j.data.npy.NpyHeader;

/**
 * Image sets from a folder or zip of JPEG, PNG, GIF (first frame) and BMP files, an IDX file or a folder with one, or an NPY file.
 *
 * <p>Every image is cropped to the centre part of the target's aspect ratio and resized (area average, bilinear where it grows) to
 * uint8 (h, w, c). Images are decoded once, on all cores, into a store (see {@link ImageStore}) that is used again while source and
 * options are the same. Files in class sub-folders get labels in order of the folders' names.
 *
 * <p>Throws {@link DataException} when the source is missing, holds no usable image, or is refused (a zip that climbs out or unpacks
 * to gigabytes, wrong lengths and types); bad files are skipped and reported, or with {@code strict} fail the run, all named.
 */
public final class Images {
    private static final int NAMED_IN_ERRORS = 20;
    private static final int BATCH = 128;
    private static final long BATCH_BYTES = 8 << 20;
    /** Memory that decoding takes for each pixel of a large image: ImageIO's copy and ours, of up to 8 and 4 bytes, and a margin. */
    private static final int BYTES_PER_PIXEL = 20;

    /** The images, and what was found on the way. */
    public record Opened(ImageSet images, ImageReport report) {}

    static {
        ImageIO.setUseCache(false); // no temporary files on the disk
    }

    private Images() {}

    public static Opened open(Path source, ImageOptions options, Path storeParent, Progress progress) {
        long start = System.nanoTime();
        try (ImageSource images = sourceOf(source)) {
            StringBuilder fingerprint = new StringBuilder();
            images.fingerprint(line -> fingerprint.append(line).append('\n'));
            Path store = ImageStore.folder(storeParent, fingerprint + options.fingerprint());
            Optional<ImageSet> earlier = ImageStore.openWhole(store);
            ImageReport report = earlier.isPresent()
                    ? ImageStore.report(store).asReused(secondsSince(start))
                    : decode(source, images, options, store, progress, start);
            if (options.strict() && !report.skipped().isEmpty()) {
                earlier.ifPresent(ImageSet::close);
                throw bad(images, report);
            }
            return new Opened(earlier.orElseGet(() -> ImageSet.open(store)), report);
        } catch (IOException e) {
            throw new DataException("can't read " + source + ": " + e, e);
        }
    }

    private static ImageSource sourceOf(Path given) throws IOException {
        if (!Files.exists(given)) {
            throw new DataException(
                    given + " is not there; a folder or zip of images, an IDX or an NPY file is expected");
        }
        Path path = given.toRealPath();
        if (Files.isDirectory(path)) {
            Path idx = Idx.imagesIn(path);
            if (idx != null) {
                return Idx.open(idx, path.getFileName() + "/" + idx.getFileName());
            }
            return nonEmpty(given, FolderImages.open(path));
        }
        byte[] first;
        try (InputStream in = Files.newInputStream(path)) {
            first = in.readNBytes(8);
        }
        String start = HexFormat.of().formatHex(first);
        String name = path.getFileName().toString();
        if (start.startsWith("504b0304") || start.startsWith("504b0506")) {
            return nonEmpty(given, ZipImages.open(path));
        }
        if (NpyHeader.hasMagic(first) || name.endsWith(".npy")) {
            return ArrayImages.ofNpy(path, ImageSource.stamp(path, Files.size(path), Files.getLastModifiedTime(path)));
        }
        if (Idx.hasImagesName(path) || Idx.isGzip(first) || start.startsWith("00000803")) {
            return Idx.open(path, name);
        }
        throw new DataException(
                given + (name.endsWith(".zip") ? " is not a zip, whatever its name says" : " is no source of images")
                        + ": it begins with the bytes " + (start.isEmpty() ? "(none)" : start)
                        + "; a folder or zip of images, an IDX or an NPY file is expected");
    }

    private static ImageSource nonEmpty(Path given, FileImages files) throws IOException {
        if (files.count() == 0) {
            files.close();
            throw new DataException(
                    given + " holds no images" + (files.ignored() > 0 ? ", only other files" : ": it is empty")
                            + "; JPEG, PNG, GIF or BMP files are expected in it or its sub-folders");
        }
        return files;
    }

    private static ImageReport decode(
            Path given, ImageSource source, ImageOptions options, Path store, Progress progress, long start) {
        Survey headers = new Survey();
        OrderedWork.run(source.count(), 4 * BATCH, (from, to) -> survey(source, from, to), (some, done) -> {
            headers.addAll(some);
            progress.report("reading image headers", done, source.count());
        });
        if (headers.good() == 0) {
            throw unusable(source, headers);
        }
        SampleShape.Image shape = headers.shape(options);
        boolean labelled = !source.classes().isEmpty();
        Semaphore memory = new Semaphore(pixelBudget());
        int batch = (int) Math.max(1, Math.min(BATCH, BATCH_BYTES / shape.elements()));
        Survey seen = new Survey();
        try (StoreWriter writer = new StoreWriter(store, shape, source.count(), labelled)) {
            OrderedWork.run(
                    source.count(),
                    batch,
                    (from, to) -> new DecodedBatch(source, options, shape, memory).decode(from, to),
                    (decoded, done) -> {
                        writer.put(seen.good(), decoded.pixels(), 0, decoded.count());
                        for (int i = 0; labelled && i < decoded.count(); i++) {
                            writer.label(seen.good() + i, source.label(decoded.source(i)));
                        }
                        seen.addAll(decoded.seen());
                        progress.report("decoding images", done, source.count());
                    });
            if (seen.good() == 0) {
                throw unusable(source, seen);
            }
            ImageReport report = seen.report(source, headers.sizing(options), secondsSince(start));
            if (options.strict() && !report.skipped().isEmpty()) {
                throw bad(source, report);
            }
            Map<String, Object> about = ImageStore.about(source.name(), given.toString(), source.classes());
            about.put("options", options.fingerprint());
            about.put("report", report);
            writer.finish(seen.good(), about);
            return report;
        } catch (IOException e) {
            throw ImageStore.cannotWrite(store.toAbsolutePath().getParent(), e);
        }
    }

    private static Survey survey(ImageSource source, int from, int to) {
        Survey survey = new Survey();
        for (int i = from; i < to; i++) {
            try {
                survey.add(source.header(i));
            } catch (IOException | BadImageException e) {
                survey.addBad(source.nameOf(i), e);
            }
        }
        return survey;
    }

    /** Pixels, in thousands, of images that may be decoded at once; one image of the largest size always may. */
    private static int pixelBudget() {
        long pixels = Math.max(ImageHeader.MOST_PIXELS, Runtime.getRuntime().maxMemory() / 2 / BYTES_PER_PIXEL);
        return (int) Math.min(Integer.MAX_VALUE, pixels / 1000 + 1);
    }

    private static DataException unusable(ImageSource source, Survey seen) {
        return new DataException(source.name() + " holds no usable image; "
                + seen.bad().size() + " bad: " + ImageReport.list(seen.bad(), NAMED_IN_ERRORS));
    }

    private static DataException bad(ImageSource source, ImageReport report) {
        return new DataException(source.name() + " holds " + report.skipped().size() + " bad of " + report.found()
                + " images (strict): " + ImageReport.list(report.skipped(), NAMED_IN_ERRORS)
                + "; remove them, or run without strict to skip them");
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) * 1e-9;
    }
}
