package org.latent4j.data.image;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/**
 * What the header of an image file says, read by us before a decoder sees the file: a decoder allocates what a header asks for.
 *
 * <p>Throws {@link BadImageException} for anything but a JPEG, PNG, GIF or BMP file of at most {@value #MOST_PIXELS} pixels, and for
 * CMYK and 12-bit JPEGs, which ImageIO can't decode.
 *
 * <p>Source: ITU-T T.81 (JPEG); W3C PNG, third edition; GIF89a; Microsoft's BITMAPINFOHEADER.
 */
record ImageHeader(Format format, int width, int height, Kind kind) {
    static final long MOST_PIXELS = 100_000_000;

    enum Format {
        JPEG,
        PNG,
        GIF,
        BMP,
        ARRAY;

        /** The format that a file's name promises, or null when it promises none. */
        static Format ofName(String name) {
            String lower = name.toLowerCase(Locale.ROOT);
            return switch (lower.substring(lower.lastIndexOf('.') + 1)) {
                case "jpg", "jpeg", "jpe", "jfif" -> JPEG;
                case "png" -> PNG;
                case "gif" -> GIF;
                case "bmp", "dib" -> BMP;
                default -> null;
            };
        }
    }

    /** Channel kinds. A palette counts as colour whatever its colours are: headers alone decide. */
    enum Kind {
        GREY,
        GREY_ALPHA,
        RGB,
        RGB_ALPHA,
        PALETTE;

        boolean hasColour() {
            return this != GREY && this != GREY_ALPHA;
        }
    }

    /** Reads no further than needed; {@code name} is only compared with the content. */
    static ImageHeader read(InputStream stream, String name) throws IOException, BadImageException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(stream, 1024));
        int first = in.read();
        if (first < 0) {
            throw new BadImageException("the file is empty (0 bytes)");
        }
        try {
            ImageHeader header =
                    switch (first << 8 | in.readUnsignedByte()) {
                        case 0xFFD8 -> jpeg(in);
                        case 0x8950 -> png(in);
                        case 'G' << 8 | 'I' -> gif(in);
                        case 'B' << 8 | 'M' -> bmp(in);
                        default ->
                            throw new BadImageException("not an image: no JPEG, PNG, GIF or BMP file begins like it");
                    };
            header.check(name);
            return header;
        } catch (EOFException e) {
            throw new BadImageException("truncated: the file ends within its header");
        }
    }

    private void check(String name) throws BadImageException {
        Format promised = Format.ofName(name);
        if (promised != null && promised != format) {
            throw new BadImageException(
                    "mislabelled: named as " + promised + ", but the content is " + format + "; rename it");
        }
        if (width < 1 || height < 1) {
            throw new BadImageException("damaged: its header gives a size of " + width + "x" + height);
        }
        if ((long) width * height > MOST_PIXELS) {
            throw new BadImageException("too large: its header asks for " + width + "x" + height + " pixels; at most "
                    + MOST_PIXELS / 1_000_000 + " megapixels are decoded");
        }
    }

    private static ImageHeader jpeg(DataInputStream in) throws IOException, BadImageException {
        while (true) {
            int marker = jpegMarker(in);
            boolean frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
            if (marker == 0xD9 || marker == 0xDA) {
                throw new BadImageException("damaged: a JPEG file without a frame header");
            }
            if (marker == 0x01 || marker >= 0xD0 && marker <= 0xD8) {
                continue; // a marker without a segment
            }
            int length = in.readUnsignedShort() - 2;
            if (!frame) {
                in.skipNBytes(Math.max(0, length));
                continue;
            }
            int precision = in.readUnsignedByte();
            int height = in.readUnsignedShort();
            int width = in.readUnsignedShort();
            int components = in.readUnsignedByte();
            if (precision != 8) {
                throw new BadImageException(precision + "-bit JPEG: only 8 bits per sample can be decoded; convert it");
            }
            if (components != 1 && components != 3) {
                throw new BadImageException("JPEG of " + components
                        + " components (CMYK): only grey and RGB can be decoded; convert it to RGB");
            }
            return new ImageHeader(Format.JPEG, width, height, components == 1 ? Kind.GREY : Kind.RGB);
        }
    }

    private static int jpegMarker(DataInputStream in) throws IOException, BadImageException {
        if (in.readUnsignedByte() != 0xFF) {
            throw new BadImageException("damaged: a JPEG marker is missing");
        }
        int marker;
        do {
            marker = in.readUnsignedByte();
        } while (marker == 0xFF);
        return marker;
    }

    private static ImageHeader png(DataInputStream in) throws IOException, BadImageException {
        if (in.readShort() != 0x4E47
                || in.readInt() != 0x0D0A1A0A
                || in.readInt() != 13
                || in.readInt() != 0x49484452) {
            throw new BadImageException("damaged: a PNG file that does not begin with its header chunk");
        }
        int width = in.readInt();
        int height = in.readInt();
        int depth = in.readUnsignedByte();
        int type = in.readUnsignedByte();
        in.skipNBytes(3 + 4);
        Kind kind =
                switch (type) {
                    case 0 -> pngTransparency(in) ? Kind.GREY_ALPHA : Kind.GREY;
                    case 2 -> pngTransparency(in) ? Kind.RGB_ALPHA : Kind.RGB;
                    case 3 -> Kind.PALETTE;
                    case 4 -> Kind.GREY_ALPHA;
                    case 6 -> Kind.RGB_ALPHA;
                    default -> throw new BadImageException("damaged: PNG colour type " + type + ", depth " + depth);
                };
        return new ImageHeader(Format.PNG, width, height, kind);
    }

    /** Whether one colour is declared transparent: a tRNS chunk before the pixels. */
    private static boolean pngTransparency(DataInputStream in) throws IOException, BadImageException {
        while (true) {
            int length = in.readInt();
            int type = in.readInt();
            if (type == 0x49444154 || type == 0x49454E44) { // IDAT, IEND
                return false;
            }
            if (type == 0x74524E53) { // tRNS
                return true;
            }
            if (length < 0) {
                throw new BadImageException("damaged: a PNG chunk of negative length");
            }
            in.skipNBytes(length + 4L);
        }
    }

    private static ImageHeader gif(DataInputStream in) throws IOException, BadImageException {
        if (in.readUnsignedByte() != 'F' || in.readUnsignedByte() != '8') {
            throw new BadImageException("not an image: no JPEG, PNG, GIF or BMP file begins like it");
        }
        in.skipNBytes(2 + 4); // version, logical screen: the first frame has a size of its own
        int flags = in.readUnsignedByte();
        in.skipNBytes(2 + ((flags & 0x80) == 0 ? 0 : 3 << (flags & 7) + 1));
        while (true) {
            int block = in.readUnsignedByte();
            if (block == 0x2C) {
                in.skipNBytes(4);
                return new ImageHeader(Format.GIF, littleShort(in), littleShort(in), Kind.PALETTE);
            }
            if (block != 0x21) {
                throw new BadImageException("damaged: a GIF file without a frame");
            }
            in.skipNBytes(1);
            for (int length = in.readUnsignedByte(); length > 0; length = in.readUnsignedByte()) {
                in.skipNBytes(length);
            }
        }
    }

    private static ImageHeader bmp(DataInputStream in) throws IOException, BadImageException {
        in.skipNBytes(12);
        int headerBytes = Integer.reverseBytes(in.readInt());
        boolean old = headerBytes == 12;
        int width = old ? littleShort(in) : Integer.reverseBytes(in.readInt());
        int height = old ? littleShort(in) : Integer.reverseBytes(in.readInt());
        in.skipNBytes(2);
        int bits = littleShort(in);
        int compression = old ? 0 : Integer.reverseBytes(in.readInt());
        if (compression < 0 || compression > 3) { // 4 and 5 hold a JPEG or PNG, whose header nobody would check
            throw new BadImageException("BMP compression " + compression + " can't be decoded; save it as PNG");
        }
        // A negative height means rows from top to bottom.
        return new ImageHeader(
                Format.BMP,
                width,
                height == Integer.MIN_VALUE ? 0 : Math.abs(height),
                bits <= 8 ? Kind.PALETTE : Kind.RGB);
    }

    private static int littleShort(DataInputStream in) throws IOException {
        return Short.reverseBytes(in.readShort()) & 0xFFFF;
    }
}
