package org.latent4j.cli;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.latent4j.data.SampleShape;
import org.latent4j.data.picture.Charts;
import org.latent4j.data.picture.ImageGrid;
import org.latent4j.gan.run.SamplePictures;
import org.latent4j.gan.run.TrainedGenerator;
import org.latent4j.reduction.pca.LatentDirections;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gan directions}: edit directions of a trained generator, each as strips of images. */
@Command(
        name = "directions",
        description = "Find the directions in which a trained generator's images vary most, and draw them as strips.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        versionProvider = Main.Version.class)
final class GanDirectionsCommand implements Callable<Integer> {
    private static final int STEPS = 7;
    private static final int MARGIN = 150;

    @Spec
    private CommandSpec spec;

    @Option(names = "--run", paramLabel = "RUN", required = true, description = "Run directory of a gan train.")
    private Path run;

    @Option(
            names = "--components",
            paramLabel = "K",
            description = "Number of directions (default: 6, or as many as there are latent numbers or features).")
    private Integer components;

    @Option(
            names = "--n",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Latents to learn from (default ${DEFAULT-VALUE}).")
    private int n;

    @Option(
            names = "--layer",
            paramLabel = "NAME",
            description = "Whose output is analysed (default: the first block of layers).")
    private String layer;

    @Option(
            names = "--range",
            paramLabel = "S",
            defaultValue = "3",
            description = "From -S to S standard deviations (default ${DEFAULT-VALUE}).")
    private double range;

    @Option(names = "--samples", paramLabel = "M", defaultValue = "2", description = "Strips for each direction.")
    private int samples;

    @Option(names = "--out", paramLabel = "DIR", description = "Results go here (default: RUN/directions).")
    private Path out;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "1", description = "Decides the latents.")
    private long seed;

    @Mixin
    private final CheckpointOptions checkpoint = new CheckpointOptions();

    @Option(
            names = "--device",
            paramLabel = "D",
            defaultValue = "auto",
            description = "auto, nd4j, cpu, cuda or cuda:INDEX (default ${DEFAULT-VALUE}).")
    private String device;

    @Override
    public Integer call() throws IOException {
        if (n < 10 || samples < 1 || !(range > 0 && range <= 100)) {
            throw new DataException("--n must be at least 10, --samples at least 1 and --range above 0 and at most 100,"
                    + " but they are " + n + ", " + samples + " and " + range);
        }
        TrainedGenerator generator = TrainedGenerator.of(checkpoint.open(run), device);
        if (!(generator.shape() instanceof SampleShape.Image image)) {
            throw new DataException("strips are made of images, but this run's samples are " + generator.shape());
        }
        PrintWriter err = spec.commandLine().getErr();
        String name = layer != null ? layer : generator.firstBlock();
        float[] latents = generator.latents(seed, 0, n);
        float[] features = generator.activations(latents, name);
        int width = latents.length / n;
        err.println(String.format(Locale.ROOT, "layer %s: %,d features of %,d latents", name, features.length / n, n));
        int k = directions(width, features.length / n);
        Devices.Choice choice = Devices.choose(device, List::of);
        LatentDirections found;
        try (Primitives primitives = Devices.primitives(choice.device());
                INDArray z = Nd4j.create(latents, new long[] {n, width}, 'c');
                INDArray y = Nd4j.create(features, new long[] {n, features.length / n}, 'c')) {
            found = LatentDirections.find(z, y, k, seed, primitives);
        }
        write(found, generator, image, name, width);
        return ExitCode.OK;
    }

    /** More directions than the latents have numbers would repeat each other. */
    private int directions(int width, int features) {
        int most = Math.min(Math.min(width, features), n - 1);
        if (components == null) {
            return Math.min(6, most);
        }
        if (components < 1 || components > most) {
            throw new DataException(String.format(
                    Locale.ROOT,
                    "--components must be from 1 to %,d (%,d latent numbers, %,d features, %,d latents to learn from), but is %,d",
                    most,
                    width,
                    features,
                    n,
                    components));
        }
        return components;
    }

    private void write(
            LatentDirections found, TrainedGenerator generator, SampleShape.Image image, String name, int width)
            throws IOException {
        ReductionResults results = new ReductionResults(
                out != null ? out : run.resolve("directions"),
                spec.commandLine().getOut());
        try (INDArray directions = Nd4j.createFromArray(found.directions())) {
            results.array("directions", directions);
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("run", run.toString());
        figures.put("step", generator.step());
        figures.put("layer", name);
        figures.put("latents", n);
        figures.put("seed", seed);
        figures.put("explainedVarianceRatio", found.explainedVarianceRatio());
        results.json("directions.json", figures);
        results.picture("directions.png", strips(found, generator, image, width));
    }

    /** A row of images for each direction and sample, from -range to range deviations; the middle one is the sample itself. */
    private BufferedImage strips(
            LatentDirections found, TrainedGenerator generator, SampleShape.Image image, int width) {
        int rows = found.directions().length * samples;
        float[] start = generator.latents(seed, n, samples);
        float[] moved = new float[rows * STEPS * width];
        int at = 0;
        for (double[] direction : found.directions()) {
            for (int sample = 0; sample < samples; sample++) {
                for (int step = 0; step < STEPS; step++) {
                    double t = range * (2.0 * step / (STEPS - 1) - 1);
                    for (int j = 0; j < width; j++) {
                        moved[at++] = (float) (start[sample * width + j] + t * direction[j]);
                    }
                }
            }
        }
        byte[] pixels = SamplePictures.toBytes(generator.generate(moved), image);
        BufferedImage grid = ImageGrid.of(image, rows, STEPS).draw(pixels);
        return labelled(grid, found);
    }

    private BufferedImage labelled(BufferedImage grid, LatentDirections found) {
        int top = 34;
        BufferedImage all =
                new BufferedImage(grid.getWidth() + MARGIN, grid.getHeight() + top, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = all.createGraphics();
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, all.getWidth(), all.getHeight());
        g.drawImage(grid, MARGIN, top, null);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setColor(Charts.INK);
        g.setFont(g.getFont().deriveFont(15f));
        int count = found.directions().length;
        for (int k = 0; k < count; k++) {
            int y = top + grid.getHeight() * (2 * k + 1) / (2 * count);
            g.drawString("direction " + (k + 1), 16, y - 2);
            g.drawString(String.format(Locale.ROOT, "%.1f %%", 100 * found.explainedVarianceRatio()[k]), 16, y + 17);
        }
        g.drawString(String.format(Locale.ROOT, "%.3g sigma", -range), MARGIN + 8, 23);
        String right = String.format(Locale.ROOT, "+%.3g sigma", range);
        g.drawString(right, all.getWidth() - 8 - g.getFontMetrics().stringWidth(right), 23);
        g.dispose();
        return all;
    }
}
