package org.latent4j.compute.cuda;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The emulated card tells faults that kernels here have by design, and has nothing against sound ones. */
class LaunchCheckTest {
    private static final String KERNELS =
            """
            #define t threadIdx.x
            extern "C" __global__ void neighbours(float* y, int* z, int distance) {
                __shared__ float shared[256];
                shared[t] = y[t];
                __syncthreads();
                y[t] = shared[t] + shared[(t + distance) % 256];
            }
            extern "C" __global__ void neighbours_at_once(float* y, int* z, int distance) {
                __shared__ float shared[256];
                shared[t] = y[t];
                y[t] = shared[t] + shared[(t + distance) % 256];
            }
            extern "C" __global__ void shift(float* y, int* z, int distance) {
                float next = y[t + distance];
                __syncthreads();
                y[t] = next;
            }
            extern "C" __global__ void shift_at_once(float* y, int* z, int distance) {
                y[t] = y[t + distance];
            }
            extern "C" __global__ void places_of_blocks(float* y, int* z, int distance) {
                y[256 * blockIdx.x + t] += 1;
            }
            extern "C" __global__ void places_for_all(float* y, int* z, int distance) {
                y[t] = y[t] * 2 + blockIdx.x;
            }
            extern "C" __global__ void barriers_between_blocks(float* y, int* z, int distance) {
                __syncthreads();
                if (t == blockIdx.x) y[0] = blockIdx.x;
                __syncthreads();
            }
            extern "C" __global__ void counts(float* y, int* z, int distance) {
                atomicAdd(z, 1);
                atomicMin(z + 1, -(int) t);
                atomicMax(z + 2, (int) t);
            }
            extern "C" __global__ void lost_counts(float* y, int* z, int distance) {
                z[0] += 1;
            }
            extern "C" __global__ void early_looks(float* y, int* z, int distance) {
                atomicAdd(z, 1);
                if (t == 0) z[1] = z[0] > 0;
            }
            extern "C" __global__ void float_sums(float* y, int* z, int distance) {
                atomicAdd(y, 1.0f / (1 + t));
            }
            extern "C" __global__ void unwritten(float* y, int* z, int distance) {
                __shared__ float shared[256];
                y[t] = shared[t];
            }
            extern "C" __global__ void beyond_the_end(float* y, int* z, int distance) {
                if (t == 0) y[600 + distance] = 0;
            }
            extern "C" __global__ void votes(float* y, int* z, int distance) {
                z[t] = __ballot_sync(0xffffffffu, t % 3 == 0);
                __syncthreads();
            }
            extern "C" __global__ void votes_of_some(float* y, int* z, int distance) {
                if (t % 2) z[t] = __ballot_sync(0xffffffffu, 1);
                __syncthreads();
            }
            """;

    @BeforeEach
    void open() {
        String problem = EmulatedKernels.problem();
        assumeTrue(problem.isEmpty(), problem);
    }

    private static void run(String function, int blocks, int distance, boolean watched) {
        KernelName name = KernelName.of("made up", function);
        EmulatedKernels kernels = EmulatedKernels.get();
        new KernelCase("made up", function, Grid.blocks(blocks))
                .some("float", 600)
                .ints(new int[600])
                .integer(distance)
                .check(EmulatedGpu.get(), watched ? kernels.watched(name, KERNELS) : kernels.plain(name, KERNELS), 6);
    }

    private static void passes(String function, int blocks, int distance) {
        for (boolean watched : new boolean[] {true, false}) {
            assertThatCode(() -> run(function, blocks, distance, watched)).doesNotThrowAnyException();
        }
    }

    private static void isWatched(String function, int blocks, int distance, String problem) {
        assertThatThrownBy(() -> run(function, blocks, distance, true))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(problem);
    }

    private static void givesOtherBits(String function, int blocks, int distance) {
        assertThatThrownBy(() -> run(function, blocks, distance, false))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("other bits in order");
    }

    /** Neighbours of the same warp, and of another. */
    @ParameterizedTest
    @ValueSource(ints = {1, 31, 32, 128})
    void neighboursWithoutABarrier(int distance) {
        passes("neighbours", 1, distance);
        isWatched("neighbours_at_once", 1, distance, "of shared memory");
        givesOtherBits("neighbours_at_once", 1, distance);
        passes("shift", 1, distance);
        isWatched("shift_at_once", 1, distance, "of global memory");
        givesOtherBits("shift_at_once", 1, distance);
    }

    @Test
    void blocksAtOnePlace() {
        passes("places_of_blocks", 2, 0);
        isWatched("places_for_all", 2, 0, "of block 0 writes, too");
        givesOtherBits("places_for_all", 2, 0);
        isWatched("barriers_between_blocks", 2, 0, "of block 0 writes, too");
        givesOtherBits("barriers_between_blocks", 2, 0);
    }

    /** Where each thread goes on until a barrier no addition is lost, in any order: only the look for races tells. */
    @Test
    void changesThatAreNotAtomic() {
        passes("counts", 2, 0);
        isWatched("lost_counts", 1, 0, "of global memory");
        isWatched("early_looks", 1, 0, "changes atomically");
    }

    /** No race, but sums that are rounded in another order. */
    @Test
    void atomicSumsOfFloats() {
        givesOtherBits("float_sums", 1, 0);
        isWatched("float_sums", 1, 0, "other bits in order");
    }

    /** Of 600 numbers. */
    @Test
    void memoryThatIsNobodys() {
        passes("beyond_the_end", 1, -1);
        for (int distance : new int[] {0, -601}) {
            assertThatThrownBy(() -> run("beyond_the_end", 1, distance, false))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("wrote outside of a piece of 2400 bytes");
        }
        passes("beyond_the_end", 1, -1);
    }

    @Test
    void sharedMemoryThatNobodyWrote() {
        isWatched("unwritten", 1, 0, "nobody wrote");
    }

    @Test
    void votesOfPartOfAWarp() {
        passes("votes", 1, 0);
        isWatched("votes_of_some", 1, 0, "of their warp");
    }
}
