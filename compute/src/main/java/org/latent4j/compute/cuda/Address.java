package org.latent4j.compute.cuda;

import org.bytedeco.javacpp.Pointer;

/** A pointer made of an address, which JavaCPP knows no public way for. */
final class Address extends Pointer {
    private Address(long address) {
        this.address = address;
    }

    static Pointer of(long address) {
        return address == 0 ? null : new Address(address);
    }
}
