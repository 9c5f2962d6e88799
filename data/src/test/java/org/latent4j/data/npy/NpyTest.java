package org.latent4j.data.npy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latent4j.data.DataException;

/** The files in base64 were written by NumPy 2.4 (numpy.lib.format.write_array). */
class NpyTest {
    private static final String F4 =
            "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAADAAAAAvwAAgD8AACBAAACAQAAAsEA=";
    private static final String BIG_F8_V2 =
            "k05VTVBZAgB0AAAAeydkZXNjcic6ICc+ZjgnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMiwgMyksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIArAAAAAAAAAAL/gAAAAAAAAP/AAAAAAAABABAAAAAAAAEAQAAAAAAAAQBYAAAAAAAA=";
    private static final String FORTRAN_I2_V3 =
            "k05VTVBZAwB0AAAAeydkZXNjcic6ICc+aTInLCAnZm9ydHJhbl9vcmRlcic6IFRydWUsICdzaGFwZSc6ICgyLCAzLCA0KSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAMAAQAEAAIABQAAQANAAUAEQAJABUAAgAOAAYAEgAKABYAAwAPAAcAEwALABc=";
    private static final String BOOL =
            "k05VTVBZAQB2AHsnZGVzY3InOiAnfGIxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoBAAE=";
    private static final String I8 =
            "k05VTVBZAQB2AHsnZGVzY3InOiAnPGk4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEsIDIpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAr7/////////wAAAAAAAQAA";
    private static final String I1 =
            "k05VTVBZAQB2AHsnZGVzY3InOiAnfGkxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEsIDIpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAr9ZA==";
    private static final String I4 =
            "k05VTVBZAQB2AHsnZGVzY3InOiAnPmk0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEsIDEpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAr//u6Q";
    private static final String F2 =
            "k05VTVBZAQB2AHsnZGVzY3InOiAnPGYyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAA";
    private static final String STRUCT =
            "k05VTVBZAQB2AHsnZGVzY3InOiBbKCdhJywgJzxmNCcpLCAoJ2InLCAnPGk0JywgKDIsKSldLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMiwpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    @TempDir
    Path folder;

    @Test
    void readsWhatNumpyWrote() throws IOException {
        float[] ramp = {-2, -0.5f, 1, 2.5f, 4, 5.5f};
        Npy.Floats matrix = Npy.readFloats(numpy(F4));
        assertThat(matrix.rows()).isEqualTo(2);
        assertThat(matrix.columns()).isEqualTo(3);
        assertThat(matrix.values()).containsExactly(ramp);
        assertThat(Npy.readFloats(numpy(BIG_F8_V2)).values()).containsExactly(ramp);
        assertThat(Npy.readFloats(numpy(BOOL)).values()).containsExactly(1, 0, 1);
        assertThat(Npy.readFloats(numpy(I1)).values()).containsExactly(-3, 100);
        assertThat(Npy.readFloats(numpy(I4)).values()).containsExactly(-70000);
        double[] row = new double[2];
        NpyFile.open(numpy(I8)).readDoubles(0, row, 0);
        assertThat(row).containsExactly(-5, 0x1p40);
    }

    @Test
    void fortranOrderComesOutInCOrder() throws IOException {
        NpyFile file = NpyFile.open(numpy(FORTRAN_I2_V3));
        assertThat(file.header().fortranOrder()).isTrue();
        float[] row = new float[12];
        file.readFloats(1, row, 0);
        for (int i = 0; i < 12; i++) {
            assertThat(row[i]).isEqualTo(12 + i);
        }
        assertThatThrownBy(() -> file.readFloats(2, row, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void refusesOtherElementTypesByName() throws IOException {
        refused(Base64.getDecoder().decode(F2), "'<f2'", "astype");
        refused(Base64.getDecoder().decode(STRUCT), "('a', '<f4')", "astype");
        refused(header("|O", "(2,)"), "'|O'", "astype");
    }

    @Test
    void refusesDamagedFilesBeforeAllocating() throws IOException {
        byte[] whole = Base64.getDecoder().decode(F4);
        refused(Arrays.copyOf(whole, whole.length - 1), "truncated", "24 bytes", "23");
        refused(Arrays.copyOf(whole, 60), "damaged", "118 bytes");
        refused(Arrays.copyOf(whole, 9), "not an NPY file");
        refused(new byte[0], "not an NPY file");
        refused("PK and so on, a zip".getBytes(StandardCharsets.UTF_8), "not an NPY file");
        byte[] version9 = whole.clone();
        version9[6] = 9;
        refused(version9, "version 9");
        refused(header("<f4", "(4611686018427387904, 4)"), "no file can hold");
        refused(header("<f4", "(99999999999999999999,)"), "no file can hold");
        refused(header("<f4", "(0, 4611686018427387904, 4)"), "no file can hold");
        refused(header("<f4", "(1000000000000,)"), "truncated", "4000000000000 bytes");
        refused(header("<f4", "(-3,)"), "damaged");
    }

    @Test
    void writtenArraysAreReadBack() throws IOException {
        int n = 20_011; // more than the pieces in which it is written
        float[] floats = new float[n];
        double[] doubles = new double[n];
        int[] ints = new int[n];
        for (int i = 0; i < n; i++) {
            floats[i] = i * 0.1f;
            doubles[i] = -i * 0.1;
            ints[i] = i * 100_003;
        }
        Path file = folder.resolve("x.npy");
        Npy.write(file, floats, 1, n);
        assertThat(Npy.readFloats(file).values()).containsExactly(floats);
        double[] read = new double[n];
        Npy.write(file, doubles, 1, n);
        NpyFile.open(file).readDoubles(0, read, 0);
        assertThat(read).containsExactly(doubles);
        Npy.write(file, ints, 1, n);
        NpyFile.open(file).readDoubles(0, read, 0);
        assertThat(Arrays.stream(read).mapToInt(v -> (int) v))
                .containsExactly(Arrays.stream(ints).boxed().toArray(Integer[]::new));
        assertThatThrownBy(() -> Npy.write(file, floats, 2, n)).hasMessageContaining("needs " + 2 * n);
        assertThat(NpyFile.open(file).header().type()).isEqualTo(NpyType.I4); // the failed write left the former file
    }

    @Test
    void theHeaderIsTheOneThatNumpyDocuments() {
        byte[] header = NpyHeader.encode(NpyType.U1, 3, 5);
        assertThat(header).hasSize(128).startsWith(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0);
        assertThat(new String(header, 10, 118, StandardCharsets.US_ASCII))
                .startsWith("{'descr': '|u1', 'fortran_order': False, 'shape': (3, 5), }")
                .endsWith(" \n");
    }

    @Test
    void mapsOfAnyLengthCrossTheirBorders() throws IOException {
        byte[] bytes = new byte[1009];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 7);
        }
        Path file = Files.write(folder.resolve("bytes"), bytes);
        try (FileChannel channel = FileChannel.open(file)) {
            MappedBytes mapped = new MappedBytes(channel, 9, 1000, 12, 100);
            byte[] out = new byte[1000];
            mapped.read(0, out, 0, 1000);
            assertThat(out).containsExactly(Arrays.copyOfRange(bytes, 9, 1009));
            for (int unit = 0; unit < 83; unit++) {
                long position = unit * 12L;
                assertThat(mapped.map(position).capacity() - mapped.offset(position))
                        .isGreaterThanOrEqualTo(4);
                assertThat(mapped.map(position).get(mapped.offset(position) + 3))
                        .isEqualTo(bytes[9 + unit * 12 + 3]);
            }
            assertThatThrownBy(() -> mapped.read(990, out, 0, 11)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> new MappedBytes(channel, 10, 1000, 12, 100))
                    .isInstanceOf(IOException.class);
        }
    }

    private Path numpy(String base64) throws IOException {
        return Files.write(folder.resolve("numpy.npy"), Base64.getDecoder().decode(base64));
    }

    private void refused(byte[] content, String... parts) throws IOException {
        Path file = Files.write(folder.resolve("bad.npy"), content);
        assertThatThrownBy(() -> NpyFile.open(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("bad.npy")
                .hasMessageContainingAll(parts);
    }

    private static byte[] header(String descr, String shape) {
        String text = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }\n";
        byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) text.length(), 0};
        byte[] all = Arrays.copyOf(start, 10 + text.length() + 8);
        System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, all, 10, text.length());
        return all;
    }
}
