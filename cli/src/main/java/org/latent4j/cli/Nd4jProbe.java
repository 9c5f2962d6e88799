package org.latent4j.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.latent4j.compute.Devices;
import org.latent4j.compute.nd4j.Nd4jBackends;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.environment.Nd4jEnvironment;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Loads ND4J, has it compute, and reports on it and on the devices that training can run on. */
record Nd4jProbe(boolean works, List<Check> checks) {
    private static final String REBUILD =
            "natives exist for Linux with glibc (x86-64, arm64), macOS and Windows (x86-64); on one of them remove the folder"
                    + " cli/target and start latent4j again, which gets those of this platform";

    static Nd4jProbe run() {
        List<Check> checks = new ArrayList<>();
        String problem = Nd4jBackends.ofClassPath().problem();
        if (!problem.isEmpty()) {
            checks.add(Check.missing("ND4J", problem, ""));
            return new Nd4jProbe(false, List.copyOf(checks));
        }
        try {
            checks.add(product());
            checks.add(threads());
        } catch (Exception | LinkageError broken) {
            problem = rootMessage(broken);
            checks.add(Check.missing("ND4J", problem, REBUILD));
        }
        boolean works = problem.isEmpty();
        checks.add(
                works
                        ? Check.ok("device nd4j", "ready: stock Deeplearning4j on " + backend())
                        : Check.missing("device nd4j", "ND4J doesn't load", ""));
        for (Devices.State device : Devices.states()) {
            if (!device.name().equals("nd4j")) {
                checks.add(
                        device.usable()
                                ? Check.ok("device " + device.name(), device.detail())
                                : Check.note("device " + device.name(), device.detail(), ""));
            }
        }
        return new Nd4jProbe(works, List.copyOf(checks));
    }

    /** A matrix product of small whole numbers, which floats hold exactly. */
    private static Check product() throws IOException {
        int n = 37;
        int k = 29;
        int m = 41;
        float[] a = new float[n * k];
        float[] b = new float[k * m];
        for (int i = 0; i < a.length; i++) {
            a[i] = i % 13 - 6;
        }
        for (int i = 0; i < b.length; i++) {
            b[i] = i % 7 - 3;
        }
        try (INDArray left = Nd4j.createFromArray(a).reshape(n, k);
                INDArray right = Nd4j.createFromArray(b).reshape(k, m);
                INDArray product = left.mmul(right).castTo(DataType.FLOAT)) {
            for (int row = 0; row < n; row++) {
                for (int column = 0; column < m; column++) {
                    float expected = 0;
                    for (int i = 0; i < k; i++) {
                        expected += a[row * k + i] * b[i * m + column];
                    }
                    if (product.getFloat(row, column) != expected) {
                        throw new ArithmeticException("a matrix product gives " + product.getFloat(row, column)
                                + " instead of " + expected + " at (" + row + ", " + column + ")");
                    }
                }
            }
        }
        return Check.ok("ND4J", version() + ", " + backend() + ", a matrix product is right");
    }

    private static Check threads() {
        Properties environment = Nd4j.getExecutioner().getEnvironmentInformation();
        int cores = Runtime.getRuntime().availableProcessors();
        int omp = number(environment.get(Nd4jEnvironment.OMP_THREADS_KEY));
        int blas = number(environment.get(Nd4jEnvironment.BLAS_THREADS_KEY));
        String detail = String.format(
                Locale.ROOT,
                "%d for operations, %d for %s, %d cores for this process",
                omp,
                blas,
                environment.get(Nd4jEnvironment.BLAS_VENDOR_KEY),
                cores);
        return Math.max(omp, blas) > cores
                ? Check.note(
                        "threads",
                        detail + ": more threads than cores slow each other down",
                        "export OMP_NUM_THREADS=" + cores)
                : Check.ok("threads", detail);
    }

    private static int number(Object value) {
        return value instanceof Number number ? number.intValue() : 0;
    }

    private static String backend() {
        return Nd4j.getBackend().getClass().getSimpleName();
    }

    private static String version() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Nd4j.class.getResourceAsStream("/META-INF/maven/org.nd4j/nd4j-api/pom.properties")) {
            if (in != null) {
                properties.load(in);
            }
        }
        return properties.getProperty("version", "of unknown version");
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getClass().getSimpleName() + (root.getMessage() == null ? "" : ": " + root.getMessage());
    }
}
