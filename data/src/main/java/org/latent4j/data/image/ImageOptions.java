package org.latent4j.data.image;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.latent4j.data.DataException;

/**
 * How images are to be decoded.
 *
 * <p>{@code size}: without it, images that all have one size of at most 256 x 256 keep it; others become squares, whose side is the
 * smaller of 64 and the median short side, rounded down to a multiple of 4. {@code channels}: 1 (grey), 3 (RGB) or 4 (RGB and alpha);
 * without it, 3 if any image has colour by its file's header (palettes and RGB count as colour, whatever the pixels are), else 1.
 * {@code background}: 0xRRGGBB, what shows through transparent pixels unless 4 channels are asked for. {@code strict}: bad files fail
 * the run, all named, instead of being skipped.
 *
 * <p>Throws {@link DataException} for values outside of these.
 */
public record ImageOptions(Optional<Size> size, OptionalInt channels, int background, boolean strict) {
    private static final int WHITE = 0xFFFFFF;

    /** Width and height in pixels. */
    public record Size(int width, int height) {
        public static final int LARGEST_SIDE = 8192;
        private static final Pattern TEXT = Pattern.compile("(\\d{1,9})(?:\\s*[xX]\\s*(\\d{1,9}))?");

        public Size {
            if (width < 1 || height < 1) {
                throw new DataException("an image size of " + width + "x" + height + " has no pixels");
            }
        }

        /** Reads {@code 32} as 32 x 32 and {@code 48x32} as width 48, height 32. */
        public static Size parse(String text) {
            Matcher matcher = TEXT.matcher(text.strip());
            if (matcher.matches()) {
                int width = Integer.parseInt(matcher.group(1));
                int height = matcher.group(2) == null ? width : Integer.parseInt(matcher.group(2));
                if (Math.min(width, height) >= 1 && Math.max(width, height) <= LARGEST_SIDE) {
                    return new Size(width, height);
                }
            }
            throw new DataException(
                    "image size '" + text + "' is neither a number of pixels such as 32 nor WIDTHxHEIGHT such as "
                            + "48x32, each from 1 to " + LARGEST_SIDE);
        }

        @Override
        public String toString() {
            return width + "x" + height;
        }
    }

    public ImageOptions {
        if (channels.isPresent() && channels.getAsInt() != 1 && channels.getAsInt() != 3 && channels.getAsInt() != 4) {
            throw new DataException("images can have 1 (grey), 3 (RGB) or 4 (RGBA) channels, but " + channels.getAsInt()
                    + " were asked for");
        }
        if (background < 0 || background > WHITE) {
            throw new DataException(
                    "background " + Integer.toHexString(background) + " is no colour of the form RRGGBB");
        }
        if (size.isPresent()
                && (long) size.get().width() * size.get().height() > (long) Size.LARGEST_SIDE * Size.LARGEST_SIDE) {
            throw new DataException(
                    "image size " + size.get() + " is too large; a side has at most " + Size.LARGEST_SIDE);
        }
    }

    /** Size and channels as the images have them, white background, bad files skipped. */
    public static ImageOptions defaults() {
        return new ImageOptions(Optional.empty(), OptionalInt.empty(), WHITE, false);
    }

    public ImageOptions withSize(Size newSize) {
        return new ImageOptions(Optional.of(newSize), channels, background, strict);
    }

    public ImageOptions withChannels(int newChannels) {
        return new ImageOptions(size, OptionalInt.of(newChannels), background, strict);
    }

    public ImageOptions withBackground(int newBackground) {
        return new ImageOptions(size, channels, newBackground, strict);
    }

    public ImageOptions withStrict(boolean newStrict) {
        return new ImageOptions(size, channels, background, newStrict);
    }

    /** Reads {@code white}, {@code black}, {@code grey} or {@code #RRGGBB}, with or without the #. */
    public static int parseColour(String text) {
        String colour = text.strip().toLowerCase(Locale.ROOT);
        switch (colour) {
            case "white":
                return WHITE;
            case "black":
                return 0;
            case "grey", "gray":
                return 0x808080;
            default:
                String digits = colour.startsWith("#") ? colour.substring(1) : colour;
                if (digits.matches("[0-9a-f]{6}")) {
                    return Integer.parseInt(digits, 16);
                }
                throw new DataException("colour '" + text + "' is neither white, black, grey nor of the form #RRGGBB");
        }
    }

    /** What decides the decoded pixels: strictness does not. */
    String fingerprint() {
        return "size " + size.map(Size::toString).orElse("-") + " channels "
                + (channels.isPresent() ? channels.getAsInt() : "-") + " background " + background;
    }
}
