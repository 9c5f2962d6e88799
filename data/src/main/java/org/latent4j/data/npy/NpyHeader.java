package org.latent4j.data.npy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.latent4j.data.DataException;

/**
 * The header of an NPY file: element type, byte order, memory order, shape, and where the data begin.
 *
 * <p>The shape lists the axes as NumPy does, (n, ...); offsets are bytes. Reading checks everything that the file's own length can
 * tell, so that a header that passes describes data which are there, and allocates no more than the header itself.
 *
 * <p>Throws {@link DataException} for a wrong magic, unknown version, damaged header, refused element type, or missing data.
 *
 * <p>Source: NumPy, numpy.lib.format, versions 1.0, 2.0 and 3.0.
 */
public record NpyHeader(NpyType type, boolean bigEndian, boolean fortranOrder, List<Long> shape, long dataOffset) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int LONGEST_HEADER = 1 << 20;
    private static final int WRITTEN_LENGTH = 128; // room for any shape, so that a header can be rewritten in place
    private static final Pattern ITEM =
            Pattern.compile("\\G\\s*'(\\w+)'\\s*:\\s*('[^']*'|\\[.*?\\]|True|False|\\([\\d\\sL,]*\\))\\s*,?");
    private static final Map<String, NpyType> TYPES =
            Arrays.stream(NpyType.values()).collect(Collectors.toUnmodifiableMap(t -> t.code, t -> t));

    public NpyHeader {
        shape = List.copyOf(shape);
    }

    public static boolean hasMagic(byte[] start) {
        return start.length >= MAGIC.length && Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /** Product of the shape: checked against overflow when the header was read. */
    public long elements() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    /** Elements of one entry along the first axis. */
    public long rowElements() {
        return shape.stream().skip(1).reduce(1L, Math::multiplyExact);
    }

    static NpyHeader read(Path file, FileChannel channel) throws IOException {
        long length = channel.size();
        ByteBuffer start = readFully(channel, 0, (int) Math.min(12, length));
        if (!hasMagic(start.array()) || length < 10) {
            throw new DataException(
                    file + " is not an NPY file: its first bytes are not \\x93NUMPY; write it with numpy.save");
        }
        int version = start.get(6);
        if (version < 1 || version > 3) {
            throw new DataException(file + ": NPY format version " + version + " is unknown; versions 1 to 3 are read");
        }
        boolean wide = version > 1;
        int lengthEnd = wide ? 12 : 10;
        long headerLength =
                length < lengthEnd ? Long.MAX_VALUE : wide ? start.getInt(8) & 0xFFFFFFFFL : start.getShort(8) & 0xFFFF;
        if (headerLength > length - lengthEnd || headerLength > LONGEST_HEADER) {
            throw new DataException(file + " is damaged: its header of " + headerLength
                    + " bytes does not fit the file of " + length + " bytes; write or copy it again");
        }
        String text = new String(
                readFully(channel, lengthEnd, (int) headerLength).array(),
                version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        NpyHeader header = parse(file, text, lengthEnd + headerLength);
        header.checkLength(file, length);
        return header;
    }

    private static NpyHeader parse(Path file, String text, long dataOffset) {
        String trimmed = text.strip();
        Map<String, String> items = new HashMap<>();
        if (trimmed.startsWith("{") && trimmed.endsWith("}")) {
            Matcher item = ITEM.matcher(trimmed.substring(1, trimmed.length() - 1));
            while (item.find()) {
                items.put(item.group(1), item.group(2));
            }
        }
        String descr = items.get("descr");
        String fortran = items.get("fortran_order");
        String shape = items.get("shape");
        if (descr == null || fortran == null || shape == null || !shape.startsWith("(")) {
            throw new DataException(
                    file + " is damaged: its NPY header lacks descr, fortran_order or shape: " + brief(trimmed));
        }
        NpyType type = descr.matches("'[<>|=][a-z]\\d'") ? TYPES.get(descr.substring(2, 4)) : null;
        if (type == null) {
            throw new DataException(
                    file + " holds elements of type " + brief(descr) + "; types that are read are bool, "
                            + "u1, i1, u2, i2, u4, i4, i8, f4 and f8: convert it with astype('float32') or astype('uint8')");
        }
        return new NpyHeader(type, descr.charAt(1) == '>', fortran.equals("True"), axes(file, shape), dataOffset);
    }

    private static List<Long> axes(Path file, String shape) {
        List<Long> axes = new ArrayList<>();
        for (String axis : shape.substring(1, shape.length() - 1).split(",")) {
            String digits = axis.strip().replace("L", ""); // Python 2 wrote longs as 3L
            if (!digits.isEmpty()) {
                if (digits.length() > 18 || !digits.chars().allMatch(Character::isDigit)) {
                    throw new DataException(file + " declares the shape " + brief(shape) + ", which no file can hold");
                }
                axes.add(Long.parseLong(digits));
            }
        }
        return axes;
    }

    private void checkLength(Path file, long length) {
        long needed;
        try {
            // Nonzero axes first: a zero axis must not hide that the others overflow when rows are counted.
            long product = shape.stream().filter(axis -> axis != 0).reduce(1L, Math::multiplyExact);
            needed = shape.contains(0L) ? 0 : Math.multiplyExact(product, type.bytes);
        } catch (ArithmeticException overflow) {
            throw new DataException(file + " declares the shape " + shape + ", which no file can hold", overflow);
        }
        if (needed > length - dataOffset) {
            throw new DataException(file + " is truncated: shape " + shape + " of type " + type.code + " needs "
                    + needed + " bytes, but " + (length - dataOffset) + " are there; write or copy it again");
        }
    }

    /** A little-endian, C-order, version 1.0 header. Its length does not depend on the shape up to 128 bytes. */
    public static byte[] encode(NpyType type, long... shape) {
        String axes = Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(", "));
        String text = "{'descr': '" + (type.bytes == 1 ? "|" : "<") + type.code
                + "', 'fortran_order': False, 'shape': (" + axes + (shape.length == 1 ? ",)" : ")") + ", }";
        int length = Math.max(WRITTEN_LENGTH, (10 + text.length() + 1 + 63) / 64 * 64);
        ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        out.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) (length - 10));
        out.put(text.getBytes(StandardCharsets.US_ASCII));
        while (out.remaining() > 1) {
            out.put((byte) ' ');
        }
        return out.put((byte) '\n').array();
    }

    private static ByteBuffer readFully(FileChannel channel, long from, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) >= 0) {}
        return buffer;
    }

    private static String brief(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "...";
    }
}
