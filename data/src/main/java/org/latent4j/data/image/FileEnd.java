package org.latent4j.data.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Whether a file in memory reaches its end, for formats whose decoders don't mind when it is missing: libjpeg fills the missing part
 * with grey. Thumbnails have end markers too, so a JPEG's segments are followed from the start.
 *
 * <p>Source: ITU-T T.81, B.1.1: markers within entropy-coded data are FF followed by neither 00 nor a restart marker; W3C PNG, 5.3;
 * Microsoft's BITMAPINFOHEADER.
 */
final class FileEnd {
    private FileEnd() {}

    static boolean isThere(byte[] file, ImageHeader header) {
        return switch (header.format()) {
            case JPEG -> isThereInJpeg(file);
            case PNG -> isThereInPng(file);
            case BMP -> isThereInBmp(file, header);
            case GIF, ARRAY -> true; // ImageIO refuses a GIF whose first frame ends early
        };
    }

    private static boolean isThereInJpeg(byte[] file) {
        int at = 2;
        while (at + 1 < file.length) {
            int marker = file[at + 1] & 0xFF;
            if ((file[at] & 0xFF) != 0xFF || marker == 0 || marker == 0x01 || marker >= 0xD0 && marker <= 0xD7) {
                at += (file[at] & 0xFF) == 0xFF ? 2 : 1; // entropy-coded data
            } else if (marker == 0xFF) {
                at++; // fill byte
            } else if (marker == 0xD9) {
                return true;
            } else if (at + 3 < file.length) {
                at += 2 + Math.max(2, (file[at + 2] & 0xFF) << 8 | file[at + 3] & 0xFF);
            } else {
                return false;
            }
        }
        return false;
    }

    /** ImageIO leaves missing pixels of the last row black. Run-length coded files (8 and 4 bits) tell no length. */
    private static boolean isThereInBmp(byte[] file, ImageHeader header) {
        ByteBuffer fields = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        boolean old = fields.getInt(14) == 12;
        int compression = old ? 0 : fields.getInt(30);
        if (compression == 1 || compression == 2) {
            return true;
        }
        long rowBits = (long) header.width() * fields.getShort(old ? 24 : 28);
        long paddedRow = (rowBits + 31) / 32 * 4;
        return (fields.getInt(10) & 0xFFFFFFFFL) + paddedRow * (header.height() - 1) + (rowBits + 7) / 8 <= file.length;
    }

    private static boolean isThereInPng(byte[] file) {
        ByteBuffer chunks = ByteBuffer.wrap(file);
        long at = 8;
        while (at + 12 <= file.length) {
            if (chunks.getInt((int) at + 4) == 0x49454E44) { // IEND
                return true;
            }
            at += 12 + (chunks.getInt((int) at) & 0xFFFFFFFFL);
        }
        return false;
    }
}
