package org.latent4j.cli;

import java.util.ArrayList;
import java.util.List;
import org.latent4j.compute.cuda.CudaSetup;

/** What the doctor tells of NVIDIA cards: the kernel's driver, each library with its version and place, each card. */
final class CudaChecks {
    private CudaChecks() {}

    static List<Check> run() {
        List<Check> checks = new ArrayList<>();
        for (CudaSetup.Line line : CudaSetup.ofSystem().lines()) {
            checks.add(
                    line.good()
                            ? Check.ok(line.name(), line.detail())
                            : Check.note(line.name(), line.detail(), line.remedy()));
        }
        return checks;
    }
}
