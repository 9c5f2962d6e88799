package org.latent4j.cli;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.latent4j.compute.io.AtomicFiles;
import org.latent4j.data.DataException;
import org.latent4j.data.DataSource;
import org.latent4j.data.Progress;
import org.latent4j.data.SampleShape;
import org.latent4j.data.Suggest;
import org.latent4j.data.npy.Npy;
import org.latent4j.data.npy.NpyType;
import org.latent4j.data.picture.AnimatedGif;
import org.latent4j.data.picture.ImageGrid;
import org.latent4j.data.picture.PngFile;
import org.latent4j.gan.run.InterpolationStrips;
import org.latent4j.gan.run.SamplePictures;
import org.latent4j.gan.run.StoredRun;
import org.latent4j.gan.run.TrainedGenerator;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gan generate}: samples of a trained run as pictures and arrays. */
@Command(
        name = "generate",
        description = "Draw samples from a trained run.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        versionProvider = Main.Version.class)
final class GanGenerateCommand implements Callable<Integer> {
    private static final int MOST_IN_GRID = 400;
    private static final int MOST_IN_FRAME = 16;
    private static final int ANCHORS = 6;
    private static final int FRAMES_BETWEEN = 10;
    private static final int FRAME_MILLIS = 80;
    private static final int MOST_STRIPS = 8;
    private static final int STRIP_LENGTH = 12;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--run",
            paramLabel = "RUN",
            required = true,
            description = "Run directory of a gan train; several of them make a mixture.")
    private List<Path> runs;

    private Path run;
    private GeneratorMixture mixture;

    @Option(
            names = "--n",
            paramLabel = "N",
            defaultValue = "64",
            description = "Number of samples (default ${DEFAULT-VALUE}).")
    private int n;

    @Option(
            names = "--grid",
            paramLabel = "FILE.png",
            description = "All samples in one picture (default: RUN/generated.png).")
    private Path grid;

    @Option(names = "--images", paramLabel = "DIR", description = "Each image as a PNG of its own.")
    private Path images;

    @Option(
            names = "--npy",
            paramLabel = "FILE.npy",
            description = "The samples in the data's units: uint8 images (n, h, w, c), points (n, p).")
    private Path npy;

    @Option(
            names = "--interpolate",
            paramLabel = "FILE",
            description = "A walk between latents: FILE.gif is an animation, FILE.png strips.")
    private Path interpolate;

    @Option(
            names = "--label",
            paramLabel = "CLASS",
            split = ",",
            description =
                    "Classes by name or number, which take turns; all: each of them. For runs with --conditional.")
    private List<String> labels;

    private int[] chosen;

    @Mixin
    private final SamplingOptions sampling = new SamplingOptions();

    @Option(
            names = "--weights",
            paramLabel = "W",
            description = {
                "ema (moving average; default where the run keeps one) or latest.",
                "Of several runs: equal (default), a number for each as in 0.7,0.3, or fit: by a discriminator's ratios."
            })
    private String weights;

    @Option(
            names = "--data",
            paramLabel = "D",
            description = "Of several runs: held-out data for weights and coverage (default: the first run's data).")
    private String data;

    @Option(names = "--json", paramLabel = "FILE", description = "Of several runs: weights and coverage as JSON.")
    private Path json;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Decides the latents (default ${DEFAULT-VALUE}).")
    private long seed;

    @Override
    public Integer call() throws IOException {
        PrintWriter results = spec.commandLine().getOut();
        if (n < 1) {
            throw new DataException("--n must be at least 1, but is " + n);
        }
        run = runs.get(0);
        if (runs.size() == 1 && (data != null || json != null)) {
            throw new DataException(
                    "--data and --json are for mixtures of several runs; gan evaluate measures a single one");
        }
        StoredRun stored = sampling.open(run);
        TrainedGenerator generator = weights == null || runs.size() > 1
                ? sampling.generator(stored)
                : sampling.generator(stored, Suggest.choice(TrainedGenerator.Weights.class, "--weights", weights));
        boolean isImage = generator.shape() instanceof SampleShape.Image;
        if (images != null && !isImage) {
            throw new DataException(
                    "--images is for images, but this run's samples are " + generator.shape() + "; use --npy");
        }
        if (grid == null && images == null && npy == null && interpolate == null) {
            grid = run.resolve(runs.size() > 1 ? "mixture.png" : "generated.png");
        }
        if (runs.size() > 1) {
            mix(stored, results);
        }
        spec.commandLine()
                .getErr()
                .println((generator.weights() == TrainedGenerator.Weights.EMA ? "averaged generator" : "generator")
                        + " of step " + String.format(Locale.ROOT, "%,d", generator.step()) + ", "
                        + generator.shape() + ", device " + generator.device()
                        + (generator.classes() == null
                                ? ""
                                : ", classes "
                                        + String.join(", ", generator.classes().names())));
        chosen = chosen(generator);
        if (grid != null) {
            if (isImage && n > MOST_IN_GRID) {
                throw new DataException("--grid shows at most " + MOST_IN_GRID + " images, but --n is " + n
                        + "; use --images or --npy for more");
            }
            PngFile.write(
                    made(grid),
                    pictures(stored)
                            .withColumns(chosen.length > 1 ? chosen.length : 0)
                            .draw(
                                    samples(generator, 0, n),
                                    stored.config().training().kimg(generator.step())));
            results.println(grid);
        }
        if (images != null) {
            try (ProgressView progress = new ProgressView(spec.commandLine().getErr())) {
                writeImages(generator, (SampleShape.Image) generator.shape(), progress);
            }
            results.println(images + ": " + n + " images");
        }
        if (npy != null) {
            try (ProgressView progress = new ProgressView(spec.commandLine().getErr())) {
                writeNpy(generator, progress);
            }
            results.println(npy);
        }
        if (interpolate != null) {
            if (interpolate.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
                PngFile.write(
                        made(interpolate),
                        InterpolationStrips.draw(generator, seed, Math.min(n, MOST_STRIPS), STRIP_LENGTH));
            } else {
                try (ProgressView progress = new ProgressView(spec.commandLine().getErr())) {
                    writeWalk(stored, generator, progress);
                }
            }
            results.println(interpolate);
        }
        results.flush();
        return ExitCode.OK;
    }

    private void mix(StoredRun stored, PrintWriter results) throws IOException {
        if (interpolate != null || labels != null) {
            throw new DataException("--interpolate and --label are for a single run, but there are " + runs.size());
        }
        DataSource before = stored.config().data();
        DataSource source = data == null || data.equals(before.source()) ? before : DataSource.of(data);
        mixture = GeneratorMixture.open(runs, sampling, seed);
        Map<String, Object> report = mixture.prepare(
                weights == null ? "equal" : weights,
                n,
                source,
                spec.commandLine().getErr());
        results.println(GeneratorMixture.table(report));
        if (json != null) {
            AtomicFiles.write(
                    made(json),
                    JsonMapper.builder()
                            .enable(SerializationFeature.INDENT_OUTPUT)
                            .build()
                            .writeValueAsString(report));
            results.println(json);
        }
    }

    /** The classes asked for; none: any. */
    private int[] chosen(TrainedGenerator generator) {
        if (labels == null) {
            return new int[0];
        }
        if (generator.classes() == null) {
            throw new DataException("--label: " + run + " was not trained with --conditional; leave it out");
        }
        List<String> names = generator.classes().names();
        return labels.equals(List.of("all")) && !names.contains("all")
                ? IntStream.range(0, names.size()).toArray()
                : labels.stream().mapToInt(generator.classes()::label).toArray();
    }

    private float[] latents(TrainedGenerator generator, int from, int count) {
        return chosen.length == 0 ? generator.latents(seed, from, count) : generator.latents(seed, from, count, chosen);
    }

    private float[] samples(TrainedGenerator generator, int from, int count) {
        return mixture != null ? mixture.samples(from, count) : generator.generate(latents(generator, from, count));
    }

    private void writeImages(TrainedGenerator generator, SampleShape.Image shape, Progress progress)
            throws IOException {
        Files.createDirectories(images);
        int digits = Math.max(4, String.valueOf(n - 1).length());
        for (int from = 0; from < n; from += MOST_IN_GRID) {
            int count = Math.min(MOST_IN_GRID, n - from);
            byte[] pixels = SamplePictures.toBytes(samples(generator, from, count), shape);
            for (int i = 0; i < count; i++) {
                byte[] one = Arrays.copyOfRange(pixels, i * shape.elements(), (i + 1) * shape.elements());
                PngFile.write(
                        images.resolve(String.format(Locale.ROOT, "%0" + digits + "d.png", from + i)),
                        ImageGrid.single(shape, one));
            }
            progress.report("images", from + count, n);
        }
    }

    private void writeNpy(TrainedGenerator generator, Progress progress) throws IOException {
        SampleShape shape = generator.shape();
        if (shape instanceof SampleShape.Image image) {
            long[] axes = {n, image.height(), image.width(), image.channels()};
            Npy.write(made(npy), NpyType.U1, axes, out -> {
                for (int from = 0; from < n; from += MOST_IN_GRID) {
                    int count = Math.min(MOST_IN_GRID, n - from);
                    byte[] pixels = SamplePictures.toBytes(samples(generator, from, count), image);
                    out.put(pixels, 0, pixels.length);
                    progress.report("samples", from + count, n);
                }
            });
        } else {
            Npy.write(made(npy), samples(generator, 0, n), n, shape.elements());
        }
    }

    /** A closed walk: from each set of latents to the next on great arcs, and back to the first. */
    private void writeWalk(StoredRun stored, TrainedGenerator generator, Progress progress) throws IOException {
        boolean isImage = generator.shape() instanceof SampleShape.Image;
        int shown = isImage ? Math.min(n, MOST_IN_FRAME) : n;
        SamplePictures pictures = pictures(stored);
        double kimg = stored.config().training().kimg(generator.step());
        List<BufferedImage> frames = new ArrayList<>();
        for (int anchor = 0; anchor < ANCHORS; anchor++) {
            float[] start = latents(generator, anchor * shown, shown);
            float[] end = latents(generator, (anchor + 1) % ANCHORS * shown, shown);
            for (int frame = 0; frame < FRAMES_BETWEEN; frame++) {
                float[] latents = generator.between(start, end, (double) frame / FRAMES_BETWEEN);
                float[] samples = generator.generate(latents);
                frames.add(
                        generator.shape() instanceof SampleShape.Image image
                                ? frame(image, shown, samples)
                                : pictures.draw(samples, kimg));
                progress.report("frames", frames.size(), ANCHORS * FRAMES_BETWEEN);
            }
        }
        AnimatedGif.write(made(interpolate), frames, FRAME_MILLIS);
    }

    /** Half as large as a picture of its own would be: an animation of noisy images grows with its pixels. */
    private static BufferedImage frame(SampleShape.Image shape, int shown, float[] samples) {
        ImageGrid comfortable = ImageGrid.forSamples(shown, shape);
        return new ImageGrid(shape, comfortable.rows(), comfortable.columns(), Math.max(1, comfortable.scale() / 2))
                .draw(SamplePictures.toBytes(samples, shape));
    }

    /** Points are drawn over the real ones, which the run's data give; images need none. */
    private static SamplePictures pictures(StoredRun stored) {
        if (stored.config().sample().toShape() instanceof SampleShape.Image image) {
            return SamplePictures.ofShape(image);
        }
        DataSource source = stored.config().data();
        try {
            return new SamplePictures(source.open(GanTrainCommand.store(stored.folder()), Progress.NONE)
                    .data());
        } catch (DataException e) {
            throw new DataException(
                    "points are drawn over the real ones, but the run's data can't be opened: " + e.getMessage()
                            + "; use --npy",
                    e);
        }
    }

    private static Path made(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        try {
            Files.createDirectories(parent);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }
}
