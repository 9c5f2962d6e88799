#include "common.cuh"
// Agglomerative clustering on a matrix (n, n) of distances, in double: searches of nearest clusters, and the new distances of merged ones.

// Of rows listed in which, or of rows 0, 1, ... of a tile that begins at point first: the nearest point of another group, the lowest of equally
// near ones, or -1. Points of a negative group are not there. A block for each row.
extern "C" __global__ void nearest_other(
        const double* matrix, i64 n, const int* which, int first, const int* group, int* nearest, double* distance) {
    __shared__ double shared[256];
    __shared__ int places[256];
    i64 line = which ? which[blockIdx.x] : blockIdx.x;
    int own = group[which ? line : first + line];
    const double* row = matrix + line * n;
    double best = INFINITY;
    int place = -1;
    for (i64 j = threadIdx.x; j < n; j += blockDim.x) {
        int other = group[j];
        if (other >= 0 && other != own && row[j] < best) {
            best = row[j];
            place = (int) j;
        }
    }
    shared[threadIdx.x] = best;
    places[threadIdx.x] = place;
    __syncthreads();
    for (int half = blockDim.x / 2; half > 0; half /= 2) {
        if (threadIdx.x < half) {
            double d = shared[threadIdx.x + half];
            int j = places[threadIdx.x + half];
            int mine = places[threadIdx.x];
            if (j >= 0 && (mine < 0 || d < shared[threadIdx.x] || d == shared[threadIdx.x] && j < mine)) {
                shared[threadIdx.x] = d;
                places[threadIdx.x] = j;
            }
        }
        __syncthreads();
    }
    if (threadIdx.x == 0) {
        nearest[blockIdx.x] = places[0];
        distance[blockIdx.x] = shared[0];
    }
}

// Primitives.Merging, in its order.
enum { SINGLE, COMPLETE, AVERAGE, WEIGHTED, WARD };

// From c to the union of a and b, which lie ab apart. Rounded step by step, as on the host.
__device__ inline double merged(int rule, double ac, double bc, double ab, double a, double b, double c) {
    switch (rule) {
        case SINGLE: return ac < bc ? ac : bc;
        case COMPLETE: return ac > bc ? ac : bc;
        case AVERAGE: return __dadd_rn(__dmul_rn(a, ac), __dmul_rn(b, bc)) / (a + b);
        case WEIGHTED: return (ac + bc) / 2;
        default:
            return __dsub_rn(__dadd_rn(__dmul_rn(c + a, ac), __dmul_rn(c + b, bc)), __dmul_rn(c, ab)) / (a + b + c);
    }
}

// What becomes of a cluster in this round.
enum { GONE_BEFORE, STAYS, KEPT, GONE };

// The rows of kept clusters: distances to all others as they were before the round. A row of blocks for each pair.
extern "C" __global__ void merge_rows(
        double* matrix, i64 n, const int* kept, const int* gone, const double* between, const double* sizes,
        const int* states, int rule) {
    int a = kept[blockIdx.y], b = gone[blockIdx.y];
    double* row = matrix + a * n;
    const double* other = matrix + b * n;
    for (i64 c = first(); c < n; c += step()) {
        if (states[c] == GONE_BEFORE || c == a || c == b) continue;
        row[c] = merged(rule, row[c], other[c], between[blockIdx.y], sizes[a], sizes[b], sizes[c]);
    }
}

// From each kept cluster to the later ones, which are two clusters in its row so far.
extern "C" __global__ void merge_pairs(
        double* matrix, i64 n, const int* kept, const int* gone, const double* between, const double* sizes, i64 pairs,
        int rule) {
    for (i64 i = first(); i < pairs * pairs; i += step()) {
        i64 p = i / pairs, q = i % pairs;
        if (p >= q) continue;
        i64 own = kept[p], a = kept[q], b = gone[q];
        double distance = merged(
                rule, matrix[own * n + a], matrix[own * n + b], between[q], sizes[a], sizes[b], sizes[own] + sizes[gone[p]]);
        matrix[own * n + a] = distance;
        matrix[a * n + own] = distance;
    }
}

// To the columns of kept clusters, in the rows of those that stay.
extern "C" __global__ void merge_columns(double* matrix, i64 n, const int* kept, const int* states) {
    i64 a = kept[blockIdx.y];
    for (i64 c = first(); c < n; c += step()) {
        if (states[c] == STAYS) matrix[c * n + a] = matrix[a * n + c];
    }
}
