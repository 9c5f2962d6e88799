package org.latent4j.compute.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** The kernels' files, and the combinations of types in which the backend asks for them. */
final class KernelSources {
    private static final String INCLUDE = "#include \"common.cuh\"\n";

    private static final Pattern KERNEL = Pattern.compile("extern \"C\" __global__ void (\\w+)\\(");

    /** Every module that is ever compiled. */
    static final List<KernelName> MODULES = List.of(
            module("elements", "T=float"),
            module("elements", "T=bf16"),
            module("boxes", "X=float", "Y=float"),
            module("boxes", "X=float", "Y=bf16"),
            module("boxes", "X=bf16", "Y=float"),
            module("boxes", "X=bf16", "Y=bf16"),
            module("norm", "T=float"),
            module("norm", "T=bf16"),
            module("pool", "T=float", "P=u8"),
            module("pool", "T=bf16", "P=u8"),
            module("pool", "T=float", "P=int"),
            module("pool", "T=bf16", "P=int"),
            module("conv", "T=float"),
            module("conv", "T=bf16"),
            module("product", "A=float", "B=float", "Y=float"),
            module("product", "A=bf16", "B=bf16", "Y=bf16"),
            module("product", "A=bf16", "B=bf16", "Y=float"),
            module("rows", "T=float"),
            module("rows", "T=bf16"),
            module("update"),
            module("game"),
            module("histograms"),
            module("merges"),
            module("primitives", "X=float"),
            module("primitives", "X=double"),
            module("nearest", "X=float"),
            module("nearest", "X=double"));

    private KernelSources() {}

    private static KernelName module(String file, String... types) {
        return new KernelName(file, List.of(types), "");
    }

    /** A module's source: what its file includes, its types, the file. */
    static String text(KernelName module) {
        String own = read(module.file() + ".cu");
        if (!own.startsWith(INCLUDE)) {
            throw new IllegalStateException(module.file() + ".cu must begin with " + INCLUDE);
        }
        StringBuilder text = new StringBuilder(read("common.cuh"));
        for (String type : module.types()) {
            String[] parts = type.split("=");
            text.append("typedef ")
                    .append(parts[1])
                    .append(' ')
                    .append(parts[0])
                    .append(";\n");
        }
        return text.append("#line 2 \"")
                .append(module.file())
                .append(".cu\"\n")
                .append(own.substring(INCLUDE.length()))
                .toString();
    }

    /** The kernels of a file. */
    static List<String> functions(String file) {
        return KERNEL.matcher(read(file + ".cu"))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    private static String read(String name) {
        try (InputStream in = KernelSources.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("there are no kernels " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
