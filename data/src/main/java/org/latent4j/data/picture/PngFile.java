package org.latent4j.data.picture;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.latent4j.compute.io.AtomicFiles;

/**
 * Writes a picture as a PNG file, whole or not at all.
 *
 * <p>Throws {@link IOException} as the file system does; the file that was there before is then still there.
 */
public final class PngFile {
    private PngFile() {}

    public static void write(Path target, BufferedImage picture) throws IOException {
        AtomicFiles.write(target, out -> {
            // Not ImageIO's own wrapping, which keeps a cache file in the temporary folder.
            try (ImageOutputStream png = new MemoryCacheImageOutputStream(out)) {
                if (!ImageIO.write(picture, "png", png)) {
                    throw new IOException("no PNG writer for pictures of type " + picture.getType());
                }
            }
        });
    }
}
