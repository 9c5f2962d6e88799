package org.latent4j.compute.cpu;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How much of the processor others take: programs beside this one, and the host of a virtual machine. Only Linux says so ({@code /proc/stat}, see proc(5)).
 *
 * @param busy time of all cores that was used or stolen, in units of {@code all}
 * @param all time of all cores
 * @param own nanoseconds that threads of this program ran
 * @param nanos when that was
 * @param cores of the machine
 */
record OtherLoad(long busy, long all, long own, long nanos, int cores) {
    private static final Path STATISTICS = Path.of("/proc/stat");
    private static final int IDLE = 3; // columns after the name
    private static final int WAITS_FOR_DISK = 4;
    private static final int STOLEN = 7; // what follows, time of guests, is counted before

    /** Empty where the system doesn't tell. */
    static Optional<OtherLoad> now() {
        boolean tells =
                ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean;
        if (!tells || !Files.isReadable(STATISTICS)) {
            return Optional.empty();
        }
        long own = ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
        try {
            return Optional.of(of(Files.readAllLines(STATISTICS), own, System.nanoTime()));
        } catch (IOException | RuntimeException e) {
            return Optional.empty(); // another format: it's a hint only
        }
    }

    static OtherLoad of(List<String> statistics, long own, long nanos) {
        String[] times = statistics.get(0).split("\\s+");
        long all = 0;
        long busy = 0;
        for (int column = 0; column <= STOLEN; column++) {
            long time = Long.parseLong(times[1 + column]);
            all += time;
            busy += column == IDLE || column == WAITS_FOR_DISK ? 0 : time;
        }
        long cores =
                statistics.stream().filter(line -> line.matches("cpu\\d+ .*")).count();
        return new OtherLoad(busy, all, own, nanos, Math.toIntExact(cores));
    }

    /** The share of the processor that others took since then, 0 to 1. */
    double since(OtherLoad before) {
        double used = (double) (busy - before.busy) / Math.max(1, all - before.all);
        double ours = (double) (own - before.own) / Math.max(1, (nanos - before.nanos) * cores);
        return Math.min(1, Math.max(0, used - ours));
    }
}
