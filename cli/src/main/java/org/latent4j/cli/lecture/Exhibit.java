package org.latent4j.cli.lecture;

import java.awt.image.BufferedImage;
import java.util.List;

/**
 * What a lecture shows: pictures and numbers, all computed.
 *
 * @param explanation one paragraph of plain text: what is seen and why it is so
 * @param figures in reading order
 * @param tables in reading order
 */
public record Exhibit(String explanation, List<Figure> figures, List<NumberTable> tables) {

    /**
     * A picture.
     *
     * @param file name without folder, ending in .png; begins with the lecture's name
     * @param caption a sentence
     */
    public record Figure(String file, String caption, BufferedImage picture) {}

    /** Numbers ready to be read: a heading, the columns' names, and rows of as many cells. */
    public record NumberTable(String heading, List<String> columns, List<List<String>> rows) {}
}
