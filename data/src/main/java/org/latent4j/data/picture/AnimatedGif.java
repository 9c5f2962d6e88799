package org.latent4j.data.picture;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.latent4j.compute.io.AtomicFiles;

/**
 * Writes pictures as an animated GIF that repeats for ever.
 *
 * <p>One palette of 256 colours serves all frames: the exact colours where there are no more (grey always), else the best by median cut,
 * with errors diffused. The delay is in milliseconds; GIF counts in hundredths of a second. Transparent parts become white.
 *
 * <p>Throws {@link IllegalArgumentException} for no frames, frames of several sizes, and delays outside 10 .. 655,350 ms;
 * {@link IOException} as the file system does.
 *
 * <p>Source: CompuServe, "Graphics Interchange Format 89a", 1990; the NETSCAPE2.0 extension for the repetition.
 */
public final class AnimatedGif {
    private AnimatedGif() {}

    public static void write(Path target, List<BufferedImage> frames, int delayMillis) throws IOException {
        if (frames.isEmpty()) {
            throw new IllegalArgumentException("an animation needs at least one frame");
        }
        if (delayMillis < 10 || delayMillis > 655_350) {
            throw new IllegalArgumentException("the delay must be 10 .. 655350 ms, but is " + delayMillis);
        }
        int width = frames.get(0).getWidth();
        int height = frames.get(0).getHeight();
        List<int[]> pixels = new ArrayList<>();
        for (BufferedImage frame : frames) {
            if (frame.getWidth() != width || frame.getHeight() != height) {
                throw new IllegalArgumentException("all frames must have the size of the first, " + width + "x" + height
                        + ", but one is " + frame.getWidth() + "x" + frame.getHeight());
            }
            pixels.add(opaque(frame));
        }
        Palette palette = Palette.of(pixels);
        AtomicFiles.write(target, out -> {
            ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
            try (ImageOutputStream gif = new MemoryCacheImageOutputStream(out)) {
                writer.setOutput(gif);
                writer.prepareWriteSequence(null);
                for (int[] frame : pixels) {
                    BufferedImage indexed = palette.apply(frame, width, height);
                    writer.writeToSequence(new IIOImage(indexed, null, metadata(writer, indexed, delayMillis)), null);
                }
                writer.endWriteSequence();
            } finally {
                writer.dispose();
            }
        });
    }

    /** RGB of each pixel. Grey is taken from the raster: colour management would change it. */
    private static int[] opaque(BufferedImage frame) {
        int width = frame.getWidth();
        int height = frame.getHeight();
        int[] rgb = new int[width * height];
        if (frame.getType() == BufferedImage.TYPE_BYTE_GRAY) {
            frame.getRaster().getSamples(0, 0, width, height, 0, rgb);
            for (int i = 0; i < rgb.length; i++) {
                rgb[i] *= 0x010101;
            }
            return rgb;
        }
        BufferedImage opaque = frame;
        if (frame.getColorModel().hasAlpha()) {
            opaque = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = opaque.createGraphics();
            graphics.drawImage(frame, 0, 0, Color.WHITE, null);
            graphics.dispose();
        }
        opaque.getRGB(0, 0, width, height, rgb, 0, width);
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] &= 0xFFFFFF;
        }
        return rgb;
    }

    private static IIOMetadata metadata(ImageWriter writer, BufferedImage frame, int delayMillis) throws IOException {
        IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(frame), null);
        String format = metadata.getNativeMetadataFormatName();
        IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(format);

        IIOMetadataNode control = child(root, "GraphicControlExtension");
        control.setAttribute("disposalMethod", "none");
        control.setAttribute("userInputFlag", "FALSE");
        control.setAttribute("transparentColorFlag", "FALSE");
        control.setAttribute("transparentColorIndex", "0");
        control.setAttribute("delayTime", Integer.toString(Math.round(delayMillis / 10f)));

        IIOMetadataNode repeat = new IIOMetadataNode("ApplicationExtension");
        repeat.setAttribute("applicationID", "NETSCAPE");
        repeat.setAttribute("authenticationCode", "2.0");
        repeat.setUserObject(new byte[] {1, 0, 0}); // sub-block 1: repeat 0 times, which means for ever
        child(root, "ApplicationExtensions").appendChild(repeat);

        metadata.setFromTree(format, root);
        return metadata;
    }

    private static IIOMetadataNode child(IIOMetadataNode root, String name) {
        for (int i = 0; i < root.getLength(); i++) {
            if (root.item(i).getNodeName().equals(name)) {
                return (IIOMetadataNode) root.item(i);
            }
        }
        IIOMetadataNode node = new IIOMetadataNode(name);
        root.appendChild(node);
        return node;
    }
}
