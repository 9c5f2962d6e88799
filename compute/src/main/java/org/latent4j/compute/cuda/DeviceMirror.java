package org.latent4j.compute.cuda;

import org.latent4j.compute.graph.Mirror;

/** The card's copy of a piece of the host's memory; numbers cross only when the other side needs them. */
final class DeviceMirror implements Mirror {
    private final Gpu gpu;
    private final long host;
    private final DeviceMemory memory;
    private boolean hostNewer = true;
    private boolean deviceNewer;

    DeviceMirror(Gpu gpu, long host, long bytes) {
        this.gpu = gpu;
        this.host = host;
        this.memory = new DeviceMemory(gpu, bytes);
    }

    Place place() {
        return Place.of(memory);
    }

    /** Before the card reads. */
    void toDevice() {
        if (hostNewer) {
            gpu.upload(memory.address(), host, memory.bytes());
            hostNewer = false;
        }
    }

    /** After the card has written. */
    void deviceChanged() {
        deviceNewer = true;
    }

    @Override
    public void toHost() {
        if (deviceNewer) {
            gpu.enter();
            gpu.download(host, memory.address(), memory.bytes());
            deviceNewer = false;
        }
    }

    @Override
    public void hostChanged(long offset, long bytes) {
        if (bytes == memory.bytes()) {
            hostNewer = true;
            deviceNewer = false;
        } else if (deviceNewer) {
            gpu.enter();
            gpu.upload(memory.address() + offset, host + offset, bytes);
        } else {
            hostNewer = true;
        }
    }

    @Override
    public void copy(long offset, Mirror from, long fromOffset, long bytes) {
        DeviceMirror other = (DeviceMirror) from;
        gpu.enter();
        toDevice();
        other.toDevice();
        gpu.copy(memory.address() + offset, other.memory.address() + fromOffset, bytes);
        deviceNewer = true;
    }
}
