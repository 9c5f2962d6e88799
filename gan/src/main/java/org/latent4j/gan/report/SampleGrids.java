package org.latent4j.gan.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.latent4j.compute.io.AtomicFiles;

/** The sample grids of a run, {@code samples/<kimg>-kimg.png}, in the order of training, and which of them a report holds. */
record SampleGrids(List<Grid> all, List<Grid> chosen) {
    private static final int MOST = 40;
    /** The report of a long run of colour images stays a file that mail and browsers accept. */
    private static final long MOST_BYTES = 12L << 20;

    private static final Pattern NAME = Pattern.compile("(\\d+(?:\\.\\d+)?)-kimg\\.png");
    private static final long SIGNATURE = 0x89504E470D0A1A0AL;

    /** A PNG file with its size in bytes; kimg is NaN where the name doesn't say it. */
    record Grid(Path file, double kimg, long bytes) {}

    /** A file's content with what its header says. */
    record Png(byte[] content, int width, int height) {}

    static SampleGrids find(Path folder) throws IOException {
        List<Grid> all = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    String name = file.getFileName().toString();
                    if (name.endsWith(".png") && !name.startsWith(AtomicFiles.TEMPORARY_PREFIX)) {
                        Matcher matcher = NAME.matcher(name);
                        double kimg = matcher.matches() ? Double.parseDouble(matcher.group(1)) : Double.NaN;
                        all.add(new Grid(file, kimg, Files.size(file)));
                    }
                }
            }
        }
        all.sort(Comparator.comparingDouble(Grid::kimg)
                .thenComparing(grid -> grid.file().getFileName().toString()));
        long bytes = all.stream().mapToLong(Grid::bytes).sum();
        int most = bytes <= MOST_BYTES ? MOST : (int) Math.max(2, Math.min(MOST, MOST_BYTES * all.size() / bytes));
        return new SampleGrids(List.copyOf(all), spaced(all, most));
    }

    /** First, last, and evenly spaced ones between. */
    static <T> List<T> spaced(List<T> all, int most) {
        if (all.size() <= most) {
            return List.copyOf(all);
        }
        List<T> chosen = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            chosen.add(all.get((int) ((long) i * (all.size() - 1) / (most - 1))));
        }
        return List.copyOf(chosen);
    }

    /** Null for a file that is no PNG, or gone since it was listed: a report never fails over one picture. */
    static Png read(Grid grid) {
        try {
            byte[] content = Files.readAllBytes(grid.file());
            ByteBuffer header = ByteBuffer.wrap(content);
            boolean isPng = content.length >= 24 && header.getLong(0) == SIGNATURE;
            return isPng ? new Png(content, header.getInt(16), header.getInt(20)) : null;
        } catch (IOException gone) {
            return null;
        }
    }
}
