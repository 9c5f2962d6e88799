package org.latent4j.data.synthetic;

/** One key of one synthetic set: a row of the table of all of them. */
public record SyntheticKey(String set, String key, String defaultValue, String meaning) {}
