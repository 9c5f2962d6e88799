package org.latent4j.compute.cpu;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.Pointer;

/** A piece of native memory that arrays lie in. It may move while a plan is prepared, and takes its arrays along. */
final class Block {

    /** JavaCPP knows no public way to make a pointer of an address. */
    private static final class Address extends Pointer {
        Address(long address) {
            this.address = address;
        }
    }

    private final List<Array> arrays = new ArrayList<>();
    private final boolean movable;
    private Object owner; // keeps the memory alive
    private long address;

    private Block(long address, boolean movable, Object owner) {
        this.address = address;
        this.movable = movable;
        this.owner = owner;
    }

    /** Memory that stays where it is, as long as the owner lives. */
    static Block fixed(long address, Object owner) {
        return new Block(address, false, owner);
    }

    static Block movable() {
        return new Block(0, true, null);
    }

    long address() {
        return address;
    }

    /** An array of the given format, {@code offset} bytes from the start. */
    Array array(memory.desc desc, long offset) {
        Array array = new Array(desc, new memory(desc, Dnnl.ENGINE, pointer(address + offset)), this, offset);
        if (movable) {
            arrays.add(array);
        }
        return array;
    }

    void moveTo(long newAddress, Object newOwner) {
        address = newAddress;
        owner = newOwner;
        for (Array array : arrays) {
            array.handle().set_data_handle(pointer(newAddress + array.offset()));
        }
    }

    static Pointer pointer(long address) {
        return new Address(address);
    }
}
