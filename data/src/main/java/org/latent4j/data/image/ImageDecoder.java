package org.latent4j.data.image;

import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DirectColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.EOFException;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStreamImpl;
import org.latent4j.data.image.ImageHeader.Format;
import org.latent4j.data.image.ImageHeader.Kind;

/**
 * Decodes JPEG, PNG, GIF (first frame) and BMP files by ImageIO's readers, which are kept and used again. For one thread.
 *
 * <p>Samples are taken from the raster as they are in the file. Drawing a grey picture to an RGB one would brighten it: Java holds grey
 * to be linear light. 16-bit samples are rounded to the nearest of 256 levels.
 */
final class ImageDecoder implements AutoCloseable {
    private final Map<Format, ImageReader> readers = new EnumMap<>(Format.class);

    /** {@code file} is the whole file, {@code header} what {@link ImageHeader#read} said of it. */
    Pixels decode(byte[] file, ImageHeader header) throws BadImageException {
        if (!FileEnd.isThere(file, header)) {
            throw new BadImageException("truncated: the " + header.format() + " file ends too early");
        }
        ImageReader reader =
                readers.computeIfAbsent(header.format(), format -> ImageIO.getImageReadersByFormatName(format.name())
                        .next());
        try (Memory in = new Memory(file)) {
            reader.setInput(in, true, true);
            return pixels(reader.read(0), header);
        } catch (IOException | RuntimeException e) { // ImageIO answers damaged files with any of them
            throw new BadImageException("truncated or damaged: " + reason(e));
        } finally {
            reader.reset();
        }
    }

    @Override
    public void close() {
        readers.values().forEach(ImageReader::dispose);
        readers.clear();
    }

    private static String reason(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (root instanceof EOFException) {
            return "it ends too early";
        }
        boolean says = root instanceof IOException && root.getMessage() != null;
        return says
                ? root.getMessage()
                : "the decoder failed with " + root.getClass().getSimpleName();
    }

    private static Pixels pixels(BufferedImage image, ImageHeader header) throws BadImageException {
        if (image.getWidth() != header.width() || image.getHeight() != header.height()) {
            throw new BadImageException("damaged: its parts disagree about its size");
        }
        if (image.getColorModel() instanceof IndexColorModel palette) {
            return fromPalette(image.getRaster(), palette, header.kind() == Kind.GREY);
        }
        if (image.getColorModel() instanceof DirectColorModel) { // bit fields of RGB: no grey, so no gamma trap
            int[] argb = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
            return fromColours(
                    argb,
                    image.getWidth(),
                    image.getHeight(),
                    image.getColorModel().hasAlpha() ? 4 : 3);
        }
        return fromSamples(image.getRaster(), image.getColorModel() instanceof ComponentColorModel);
    }

    private static Pixels fromPalette(Raster raster, IndexColorModel palette, boolean grey) {
        int[] colours = new int[palette.getMapSize()];
        palette.getRGBs(colours);
        int[] pixels = raster.getSamples(0, 0, raster.getWidth(), raster.getHeight(), 0, (int[]) null);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = colours[pixels[i]];
        }
        int channels = grey ? 1 : palette.hasAlpha() ? 4 : 3;
        return fromColours(pixels, raster.getWidth(), raster.getHeight(), channels);
    }

    private static Pixels fromColours(int[] argb, int width, int height, int channels) {
        byte[] data = new byte[argb.length * channels];
        for (int i = 0, to = 0; i < argb.length; i++) {
            data[to++] = (byte) (argb[i] >> 16);
            if (channels > 1) {
                data[to++] = (byte) (argb[i] >> 8);
                data[to++] = (byte) argb[i];
            }
            if (channels == 4) {
                data[to++] = (byte) (argb[i] >> 24);
            }
        }
        return new Pixels(width, height, channels, data);
    }

    private static Pixels fromSamples(Raster raster, boolean components) throws BadImageException {
        int type = raster.getTransferType();
        int channels = raster.getNumBands();
        boolean wide = type == DataBuffer.TYPE_USHORT;
        if (!components || channels > 4 || !wide && type != DataBuffer.TYPE_BYTE) {
            throw new BadImageException(
                    "pixels of " + channels + " channels in an unusual layout; save it as 8-bit RGB PNG");
        }
        int width = raster.getWidth();
        int height = raster.getHeight();
        byte[] data = new byte[width * height * channels];
        int[] row = new int[width * channels];
        for (int y = 0, to = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int sample : row) {
                data[to++] = (byte) (wide ? (sample + 128) / 257 : sample);
            }
        }
        return new Pixels(width, height, channels, data);
    }

    /** A file in memory, as ImageIO reads it: without copies to a cache. */
    private static final class Memory extends ImageInputStreamImpl {
        private final byte[] file;

        Memory(byte[] file) {
            this.file = file;
        }

        @Override
        public int read() {
            bitOffset = 0;
            return streamPos < file.length ? file[(int) streamPos++] & 0xFF : -1;
        }

        @Override
        public int read(byte[] out, int at, int count) {
            bitOffset = 0;
            if (streamPos >= file.length) {
                return count == 0 ? 0 : -1;
            }
            int some = (int) Math.min(count, file.length - streamPos);
            System.arraycopy(file, (int) streamPos, out, at, some);
            streamPos += some;
            return some;
        }

        @Override
        public long length() {
            return file.length;
        }
    }
}
