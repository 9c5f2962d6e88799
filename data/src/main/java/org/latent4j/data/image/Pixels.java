package org.latent4j.data.image;

/**
 * A decoded picture: (height, width, channels) bytes. Channels are 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha; alpha is straight,
 * not multiplied into the colours.
 */
record Pixels(int width, int height, int channels, byte[] data) {

    /** With 1, 3 or 4 channels: transparent pixels show the background (0xRRGGBB) unless 4 are asked for; grey is the luma of BT.601. */
    Pixels toChannels(int wanted, int background) {
        if (wanted == channels) {
            return this;
        }
        boolean grey = channels <= 2;
        boolean alpha = channels == 2 || channels == 4;
        int pixels = width * height;
        byte[] out = new byte[pixels * wanted];
        for (int i = 0, at = 0, to = 0; i < pixels; i++, at += channels) {
            int r = data[at] & 0xFF;
            int g = grey ? r : data[at + 1] & 0xFF;
            int b = grey ? r : data[at + 2] & 0xFF;
            int a = alpha ? data[at + channels - 1] & 0xFF : 255;
            if (wanted != 4 && a != 255) {
                r = over(r, background >> 16 & 0xFF, a);
                g = over(g, background >> 8 & 0xFF, a);
                b = over(b, background & 0xFF, a);
            }
            if (wanted == 1) {
                out[to++] = (byte) ((299 * r + 587 * g + 114 * b + 500) / 1000);
                continue;
            }
            out[to++] = (byte) r;
            out[to++] = (byte) g;
            out[to++] = (byte) b;
            if (wanted == 4) {
                out[to++] = (byte) a;
            }
        }
        return new Pixels(width, height, wanted, out);
    }

    private static int over(int value, int background, int alpha) {
        return (value * alpha + background * (255 - alpha) + 127) / 255;
    }
}
