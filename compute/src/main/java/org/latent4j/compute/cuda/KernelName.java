package org.latent4j.compute.cuda;

import java.util.List;

/**
 * One kernel.
 *
 * @param file of the resources, without its ending
 * @param types what stands for the file's letters, as "T=bf16"
 */
record KernelName(String file, List<String> types, String function) {

    static KernelName of(String file, String function, String... types) {
        return new KernelName(file, List.of(types), function);
    }

    /** What is compiled at once. */
    String module() {
        return types.isEmpty() ? file : file + " " + String.join(" ", types);
    }

    @Override
    public String toString() {
        return function + (types.isEmpty() ? "" : "<" + String.join(", ", types) + ">");
    }
}
