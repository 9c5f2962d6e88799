package org.latent4j.compute.cuda;

import java.util.HashMap;
import java.util.Map;
import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Kernel;
import org.latent4j.compute.graph.Mirror;
import org.latent4j.compute.graph.Shape;

/** The card's copy of a piece of the host's memory; numbers cross only when the other side needs them. */
final class DeviceMirror implements Mirror {
    private final Gpu gpu;
    private final long host;
    private final DeviceMemory memory;
    private final Map<Way, Kernel> ways = new HashMap<>();
    private boolean hostNewer = true;
    private boolean deviceNewer;

    /** What a reordering goes from and to; a mirror is like no other. */
    private record Way(DeviceMirror from, long fromOffset, long offset, Shape images, boolean toImages) {}

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

    @Override
    public void reorder(long offset, Mirror from, long fromOffset, Shape images, boolean toImages) {
        Way way = new Way((DeviceMirror) from, fromOffset, offset, images, toImages);
        gpu.enter();
        toDevice();
        way.from.toDevice();
        ways.computeIfAbsent(way, this::prepare).run();
        deviceNewer = true;
    }

    private Kernel prepare(Way way) {
        long[] flat = way.images.rowMajor();
        long[] last = CudaPlan.natural(way.images);
        return MoveKernels.boxKernel(
                gpu,
                MoveKernels.Side.of(way.from.place().plus(way.fromOffset), DType.F32, way.toImages ? flat : last),
                MoveKernels.Side.of(place().plus(way.offset), DType.F32, way.toImages ? last : flat),
                way.images.array(),
                false);
    }
}
