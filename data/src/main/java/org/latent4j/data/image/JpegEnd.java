package org.latent4j.data.image;

/**
 * Whether a JPEG file reaches its end-of-image marker. Thumbnails have one too, so the segments are followed from the start.
 *
 * <p>Source: ITU-T T.81, B.1.1: markers within entropy-coded data are FF followed by neither 00 nor a restart marker.
 */
final class JpegEnd {
    private JpegEnd() {}

    static boolean isThere(byte[] file) {
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
}
