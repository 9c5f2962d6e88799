package org.latent4j.data.npy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A stretch of a file mapped to memory for reading, of any length: one map holds at most 2 GiB, so several are used.
 *
 * <p>Positions count bytes from the start of the stretch. Maps end at multiples of a unit, so that a unit never lies in two of them.
 * Safe for concurrent readers; the maps live until the object is garbage.
 *
 * <p>Throws {@link IndexOutOfBoundsException} for positions outside of the stretch.
 */
public final class MappedBytes {
    private static final long LONGEST_MAP = 1L << 30;

    private final ByteBuffer[] maps;
    private final long mapBytes;

    public MappedBytes(FileChannel channel, long from, long length, long unit) throws IOException {
        this(channel, from, length, unit, LONGEST_MAP);
    }

    MappedBytes(FileChannel channel, long from, long length, long unit, long longestMap) throws IOException {
        if (unit < 1 || unit > Integer.MAX_VALUE || from + length > channel.size()) {
            throw new IOException("can't map " + length + " bytes from " + from + " in units of " + unit
                    + ": the file has " + channel.size());
        }
        mapBytes = Math.max(1, longestMap / unit) * unit;
        maps = new ByteBuffer[Math.toIntExact((length + mapBytes - 1) / mapBytes)];
        for (int i = 0; i < maps.length; i++) {
            long at = i * mapBytes;
            maps[i] = channel.map(FileChannel.MapMode.READ_ONLY, from + at, Math.min(mapBytes, length - at));
        }
    }

    /** Copies {@code count} bytes, which may lie in several maps. */
    public void read(long position, byte[] out, int at, int count) {
        while (count > 0) {
            int inMap = offset(position);
            ByteBuffer map = map(position);
            int some = Math.min(count, map.capacity() - inMap);
            if (some <= 0) {
                throw new IndexOutOfBoundsException("position " + position + " is behind the end");
            }
            map.get(inMap, out, at, some);
            position += some;
            at += some;
            count -= some;
        }
    }

    /** The map that holds the byte at a position; use absolute gets from {@link #offset} on, never its own position. */
    public ByteBuffer map(long position) {
        return maps[(int) (position / mapBytes)];
    }

    /** Where in its map the byte at a position is. */
    public int offset(long position) {
        return (int) (position % mapBytes);
    }
}
