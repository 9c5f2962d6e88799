package org.latent4j.data.ising;

import java.util.Arrays;
import org.latent4j.compute.Philox;

/**
 * One periodic lattice with its own stream of random words, and the two update kernels. Both kernels are free of data-dependent
 * branches, which near the critical temperature no processor can predict.
 */
final class IsingLattice {
    private static final long CERTAIN = 1L << 32;

    /**
     * The share of sites at which a sweep proposes a flip. With all of them, what costs no energy flips for sure: 2x2 lattices never reach
     * some states, and hot ones alternate between a configuration and its mirror image (integrated time of |m| at T = 100: 16 sweeps, and
     * 1.6 with this share, which costs a factor of 1.3 at T = 3).
     */
    private static final double PROPOSED = 0.9;

    private final int size;
    private final int stride; // a power of two >= size: column and row of a site by a mask, without a division
    private final byte[] spins; // (size, stride), +1 or -1
    /** Sites of the growing cluster; one place more than there are sites, as the kernel writes before it decides. */
    private final int[] queue;

    private final Philox random;
    private final int[] words;
    private int used;
    private final int bondOpens; // of 2^16
    private final long bondOpensOnTie; // of 2^32: the further bits of the probability
    private final long[] flips = new long[5]; // of 2^32, by (spin * neighbours + 4) / 2

    IsingLattice(int size, double temperature, Philox random) {
        this.size = size;
        this.stride = Integer.highestOneBit(size - 1) << 1;
        this.spins = new byte[size * stride];
        this.queue = new int[size * size + 1];
        this.random = random;
        this.words = new int[Math.max(4096, 4 * size)];
        this.used = words.length;
        long bond = Math.round(-StrictMath.expm1(-2 / temperature) * 0x1.0p48);
        this.bondOpens = (int) (bond >>> 32);
        this.bondOpensOnTie = bond & 0xFFFFFFFFL;
        for (int i = 0; i < flips.length; i++) {
            flips[i] = Math.round(PROPOSED * Math.min(1, StrictMath.exp(-2.0 * (2 * i - 4) / temperature)) * CERTAIN);
        }
    }

    /** All spins the same: the start below the critical temperature. */
    void startOrdered() {
        Arrays.fill(spins, (byte) 1);
    }

    /** Every spin drawn by itself: the start above the critical temperature. */
    void startRandom() {
        for (int i = 0; i < spins.length; i++) {
            spins[i] = randomSign();
        }
    }

    byte randomSign() {
        need(1);
        return (byte) (words[used++] >> 31 | 1);
    }

    /** Flips one cluster grown from a random site (Wolff) and returns its size. */
    int flipCluster() {
        need(1);
        int seed = (int) ((words[used++] & 0xFFFFFFFFL) * (size * (long) size) >>> 32);
        int site = seed / size * stride + seed % size;
        int spin = spins[site];
        spins[site] = (byte) -spin;
        queue[0] = site;
        int end = 1;
        int mask = stride - 1;
        int last = size - 1;
        int lastRow = last * stride;
        // First in, first out: unlike the top of a stack, the next site is known before the last one's bonds are.
        for (int next = 0; next < end; next++) {
            site = queue[next];
            need(2);
            int across = words[used++];
            int along = words[used++];
            int x = site & mask;
            end = tryBond(x == last ? site - last : site + 1, spin, end, across & 0xFFFF);
            end = tryBond(x == 0 ? site + last : site - 1, spin, end, across >>> 16);
            end = tryBond(site >= lastRow ? site - lastRow : site + stride, spin, end, along & 0xFFFF);
            end = tryBond(site < stride ? site + lastRow : site - stride, spin, end, along >>> 16);
        }
        return end;
    }

    /**
     * Flips and queues a neighbour if it is aligned with the cluster and the bond opens; returns the new end of the queue. Sixteen random
     * bits decide; the one time in 2^16 that they don't, another word does: the probability is exact to 2^-48 for half the words.
     */
    private int tryBond(int neighbour, int spin, int end, int bits) {
        int other = spins[neighbour];
        int aligned = other * spin + 1 >> 1;
        int joins = aligned & (bits - bondOpens >>> 31);
        if (bits == bondOpens) {
            need(1);
            joins = aligned & (int) ((words[used++] & 0xFFFFFFFFL) - bondOpensOnTie >>> 63);
        }
        spins[neighbour] = (byte) (other - 2 * other * joins);
        queue[end] = neighbour;
        return end + joins;
    }

    /** Visits every site once, the one colour of the chessboard after the other, and mostly proposes to flip it (Metropolis). */
    void sweep() {
        for (int colour = 0; colour < 2; colour++) {
            for (int y = 0; y < size; y++) {
                need(size);
                int row = y * stride;
                int down = (y + 1 == size ? 0 : y + 1) * stride;
                int up = (y == 0 ? size - 1 : y - 1) * stride;
                for (int x = y + colour & 1; x < size; x += 2) {
                    int right = x + 1 == size ? 0 : x + 1;
                    int left = x == 0 ? size - 1 : x - 1;
                    int spin = spins[row + x];
                    int field = spins[row + left] + spins[row + right] + spins[up + x] + spins[down + x];
                    long odds = flips[spin * field + 4 >> 1];
                    int flip = (int) ((words[used++] & 0xFFFFFFFFL) - odds >>> 63);
                    spins[row + x] = (byte) (spin - 2 * spin * flip);
                }
            }
        }
    }

    /** A copy of the configuration, (size, size), every spin multiplied by the sign. */
    byte[] copy(byte sign) {
        byte[] out = new byte[size * size];
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                out[y * size + x] = (byte) (sign * spins[y * stride + x]);
            }
        }
        return out;
    }

    private void need(int count) {
        if (used + count > words.length) {
            random.fill(words, 0, words.length);
            used = 0;
        }
    }
}
