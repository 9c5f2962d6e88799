package org.latent4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latent4j.data.npy.NpyFile;
import org.latent4j.gan.run.StoredRun;

/** The gan commands with {@code --conditional} and {@code --label}. */
class GanByClassTest {
    @TempDir
    private Path folder;

    private String err;

    /** Dark and light images by class, with all that goes with it; a run in two parts is the run in one. */
    @Test
    void imagesOfAClassAreTrainedResumedAndGenerated() throws IOException {
        Path data = folder.resolve("shades");
        for (int i = 0; i < 32; i++) {
            Path shade = Files.createDirectories(data.resolve(i % 2 == 0 ? "dark" : "light"));
            BufferedImage image = new BufferedImage(6, 6, BufferedImage.TYPE_BYTE_GRAY);
            int level = i % 2 == 0 ? 40 + i : 190 + i;
            for (int pixel = 0; pixel < 36; pixel++) {
                image.setRGB(pixel % 6, pixel / 6, 0x010101 * (level + pixel % 5));
            }
            ImageIO.write(image, "png", shade.resolve(i + ".png").toFile());
        }
        String train = "gan train --data " + data + " --conditional --network mlp --width 32 --latent 3 --batch 16"
                + " --loss relativistic --update simultaneous --penalty r1+r2 --spectral-norm"
                + " --augment translation+cutout --ema 0.9 --updater adam:lr=5e-3,beta1=0.5 --checkpoint-every 1000"
                + " --sample-every 1000 --report-every 40 --out ";
        Path run = folder.resolve("runs/shades");
        Path parts = folder.resolve("runs/parts");
        assertThat(run((train + run + " --steps 160").split(" "))).as(err).isZero();
        assertThat(err)
                .contains(
                        "from 5 latent numbers",
                        "penalty r1+r2 with gamma 1.0, 2 classes, spectral norm, augmentation");
        assertThat(run((train + parts + " --steps 60").split(" "))).as(err).isZero();
        assertThat(run("gan", "train", "--out", parts + "", "--resume", "--steps", "160"))
                .as(err)
                .isZero();
        assertThat(StoredRun.open(parts).readDiscriminator().params())
                .isEqualTo(StoredRun.open(run).readDiscriminator().params());

        checkOwnGraphs(data, run);
        assertThat(meanOf(run, "dark")).isLessThan(110);
        assertThat(meanOf(run, "1")).isGreaterThan(150);
        Path grid = folder.resolve("grid.png");
        assertThat(run("gan", "generate", "--run", run + "", "--label", "all", "--n", "6", "--grid", grid + ""))
                .as(err)
                .isZero();
        BufferedImage picture = ImageIO.read(grid.toFile()); // three rows of a dark and a light one
        assertThat(picture.getHeight()).isGreaterThan(picture.getWidth());
        int quarter = picture.getWidth() / 4;
        assertThat(picture.getRGB(3 * quarter, picture.getHeight() / 2) & 255)
                .isGreaterThan(picture.getRGB(quarter, picture.getHeight() / 2) & 255);
        assertThat(run("gan", "generate", "--run", run + "", "--label", "drak")).isEqualTo(2);
        assertThat(err).contains("did you mean \"dark\"?");
    }

    /** The networks of a run by class are the user's own of another. */
    private void checkOwnGraphs(Path data, Path run) {
        String own = "gan train --data " + data + " --conditional --steps 2 --batch 4 --generator "
                + run.resolve("generator.json") + " --discriminator " + run.resolve("discriminator.json");
        assertThat(run((own + " --out " + folder.resolve("own") + " --latent 3").split(" ")))
                .as(err)
                .isZero();
        assertThat(run((own + " --out " + folder.resolve("x")).split(" "))).isEqualTo(2);
        assertThat(err).contains("beside the 2 that name its class by --latent");
        String plain = own.replace(" --conditional", "");
        assertThat(run((plain + " --out " + folder.resolve("x")).split(" "))).isEqualTo(2);
        assertThat(err).contains("gives (n, 2) for samples (n, 36), but one logit each is needed");
    }

    private double meanOf(Path run, String label) {
        Path npy = folder.resolve("made.npy");
        assertThat(run("gan", "generate", "--run", run + "", "--n", "20", "--label", label, "--npy", npy + ""))
                .as(err)
                .isZero();
        byte[] pixels = new byte[36];
        double sum = 0;
        for (int i = 0; i < 20; i++) {
            NpyFile.open(npy).readBytes(i, pixels, 0);
            for (byte pixel : pixels) {
                sum += (pixel & 255) / 720.0;
            }
        }
        return sum;
    }

    private int run(String... arguments) {
        StringWriter text = new StringWriter();
        int code = Main.run(new PrintWriter(new StringWriter()), new PrintWriter(text), arguments);
        err = text.toString();
        return code;
    }
}
