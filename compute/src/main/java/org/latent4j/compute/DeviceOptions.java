package org.latent4j.compute;

/**
 * How a device computes, where there is a choice.
 *
 * @param force whether 16-bit numbers are also used where the device emulates them, slowly
 * @param tf32 device cuda: whether factors of fp32 products are rounded to 11 bits, for tensor cores
 * @param deterministic device cuda: whether only algorithms are used that repeat bit for bit; cpu always does
 */
public record DeviceOptions(boolean force, boolean tf32, boolean deterministic) {
    public static final DeviceOptions DEFAULT = new DeviceOptions(false, false, false);
}
