package org.latent4j.gan.evaluate;

/**
 * One number of an evaluation, for tables and curves.
 *
 * @param key name in files, as in {@code frechet}
 * @param title name for a person
 * @param value of the generated samples
 * @param floor what a perfect generator would score; NaN where none is known
 * @param remark what else to know, as an interval; may be empty
 */
public record Figure(String key, String title, double value, double floor, String remark) {}
