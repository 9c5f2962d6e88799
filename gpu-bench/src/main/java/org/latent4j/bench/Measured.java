package org.latent4j.bench;

/** Work that can be done again and again. */
@FunctionalInterface
public interface Measured {

    /** Does the work so many times and gives the median milliseconds of one time. */
    double millis(int times);

    /** Times each call of the work on its own. */
    static Measured of(Runnable work) {
        return times -> {
            double[] millis = new double[times];
            for (int i = 0; i < times; i++) {
                long start = System.nanoTime();
                work.run();
                millis[i] = (System.nanoTime() - start) / 1e6;
            }
            return Medians.median(millis);
        };
    }
}
