package org.latent4j.gan.dl4j;

import java.util.function.Supplier;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.ResetPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The memory of one kind of update: an ND4J workspace that holds every array made between the begin and end of a {@link #use}, activations of all
 * layers included, and is used again for the next one. Arrays outside workspaces are freed only when Java's collector happens to run,
 * which a few small Java objects don't make it do: a DCGAN then takes 10 GB within a hundred steps.
 */
final class Arena implements AutoCloseable {
    private static final WorkspaceConfiguration CONFIGURATION = WorkspaceConfiguration.builder()
            .initialSize(0)
            .overallocationLimit(0.05)
            .policyLearning(LearningPolicy.FIRST_LOOP)
            .policyAllocation(AllocationPolicy.OVERALLOCATE)
            .policyReset(ResetPolicy.BLOCK_LEFT)
            .policySpill(SpillPolicy.REALLOCATE)
            .build();

    private final String name;
    private final LayerWorkspaceMgr manager;

    Arena(String name) {
        this.name = name;
        this.manager = LayerWorkspaceMgr.builder()
                .with(ArrayType.UPDATER_WORKING_MEM, name + "_UPDATER", CONFIGURATION)
                .noWorkspaceFor(ArrayType.RNN_FF_LOOP_WORKING_MEM)
                .noWorkspaceFor(ArrayType.RNN_BP_LOOP_WORKING_MEM)
                .noWorkspaceFor(ArrayType.FF_CACHE)
                .defaultWorkspace(name, CONFIGURATION)
                .build();
    }

    /** Every array that the work makes lives in this arena, and is invalid afterwards. */
    <T> T use(Supplier<T> work) {
        MemoryWorkspace scope = Nd4j.getWorkspaceManager().getAndActivateWorkspace(CONFIGURATION, name);
        try {
            return work.get();
        } finally {
            scope.close();
        }
    }

    /** What DL4J's layers ask for memory. */
    LayerWorkspaceMgr manager() {
        return manager;
    }

    @Override
    public void close() {
        for (String workspace : new String[] {name, name + "_UPDATER"}) {
            if (Nd4j.getWorkspaceManager().checkIfWorkspaceExists(workspace)) {
                Nd4j.getWorkspaceManager()
                        .getWorkspaceForCurrentThread(workspace)
                        .destroyWorkspace(true);
            }
        }
    }
}
