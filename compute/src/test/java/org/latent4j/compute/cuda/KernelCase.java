package org.latent4j.compute.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.bytedeco.javacpp.BytePointer;

/** A launch of one kernel by itself, with the numbers that its arguments point to. */
final class KernelCase {
    /** An argument, which may point to memory. */
    private record Argument(byte[] memory, BiConsumer<Arguments, Place> put) {}

    private final KernelName name;
    private final Grid grid;
    private final List<Argument> arguments = new ArrayList<>();

    KernelCase(String file, String function, Grid grid, String... types) {
        this.name = KernelName.of(file, function, types);
        this.grid = grid;
    }

    KernelName name() {
        return name;
    }

    @Override
    public String toString() {
        return name.toString();
    }

    /** Memory with numbers between -1 and 1, or bytes of any value. */
    KernelCase some(String type, int count) {
        int width =
                type.equals("double") ? Double.BYTES : type.equals("float") ? Float.BYTES : type.equals("bf16") ? 2 : 1;
        ByteBuffer bytes = ByteBuffer.allocate(count * width).order(ByteOrder.nativeOrder());
        for (int i = 0; i < count; i++) {
            double number = Math.sin(1.7 * i + 0.9 * arguments.size());
            switch (type) {
                case "double" -> bytes.putDouble(number);
                case "float" -> bytes.putFloat((float) number);
                case "bf16" -> bytes.putShort((short) (Float.floatToIntBits((float) number) >> 16));
                default -> bytes.put((byte) (37 * i + i / 7 * i));
            }
        }
        return memory(bytes.array());
    }

    KernelCase floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.nativeOrder());
        for (float value : values) {
            bytes.putFloat(value);
        }
        return memory(bytes.array());
    }

    KernelCase doubles(double... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.nativeOrder());
        for (double value : values) {
            bytes.putDouble(value);
        }
        return memory(bytes.array());
    }

    KernelCase ints(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.nativeOrder());
        for (int value : values) {
            bytes.putInt(value);
        }
        return memory(bytes.array());
    }

    KernelCase longs(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.nativeOrder());
        for (long value : values) {
            bytes.putLong(value);
        }
        return memory(bytes.array());
    }

    /** Memory for so many results of up to eight bytes. */
    KernelCase room(int count) {
        return memory(new byte[count * Long.BYTES]);
    }

    KernelCase memory(byte[] bytes) {
        arguments.add(new Argument(bytes, Arguments::at));
        return this;
    }

    KernelCase none() {
        return plain(all -> all.at(null));
    }

    KernelCase number(long value) {
        return plain(all -> all.number(value));
    }

    KernelCase integer(int... values) {
        for (int value : values) {
            plain(all -> all.integer(value));
        }
        return this;
    }

    KernelCase real(double value) {
        return plain(all -> all.real(value));
    }

    KernelCase precise(double value) {
        return plain(all -> all.precise(value));
    }

    KernelCase integers(long... fields) {
        return plain(all -> all.integers(fields));
    }

    KernelCase numbers(long... fields) {
        return plain(all -> all.numbers(fields));
    }

    private KernelCase plain(Consumer<Arguments> put) {
        arguments.add(new Argument(null, (all, place) -> put.accept(all)));
        return this;
    }

    /** Runs it in so many orders, as {@link LaunchCheck} does. */
    void check(EmulatedGpu gpu, long function, int orders) {
        NavigableMap<Long, Long> memory = new TreeMap<>();
        List<DeviceMemory> pieces = new ArrayList<>();
        Arguments all = new Arguments();
        try {
            for (Argument argument : arguments) {
                Place place = null;
                if (argument.memory != null) {
                    DeviceMemory piece = new DeviceMemory(gpu, argument.memory.length);
                    pieces.add(piece);
                    try (BytePointer host = new BytePointer(argument.memory)) {
                        gpu.upload(piece.address(), host.address(), argument.memory.length);
                    }
                    memory.put(piece.address(), (long) argument.memory.length);
                    place = Place.of(piece);
                }
                argument.put.accept(all, place);
            }
            LaunchCheck.check(name + " in " + grid, order -> function, grid, all, memory, orders);
        } finally {
            pieces.forEach(DeviceMemory::close);
        }
    }
}
