#include "common.cuh"
// What the algorithm modules ask for, on rows of type X. Sums are in double; every result has one order of summation.

enum { TILE = 16 };

struct Steps {
    i64 aRow, aColumn, bRow, bColumn, yRow, yColumn;
};

// y (m, n) = a (m, k) b (k, n).
extern "C" __global__ void matrix_product(const X* a, const X* b, X* y, i64 m, i64 n, i64 k, Steps s) {
    __shared__ X left[TILE][TILE + 1];
    __shared__ X right[TILE][TILE + 1];
    i64 row = (i64) blockIdx.y * TILE + threadIdx.y;
    i64 column = (i64) blockIdx.x * TILE + threadIdx.x;
    X sum = 0;
    for (i64 from = 0; from < k; from += TILE) {
        i64 across = from + threadIdx.x;
        i64 down = from + threadIdx.y;
        left[threadIdx.y][threadIdx.x] = row < m && across < k ? a[row * s.aRow + across * s.aColumn] : (X) 0;
        right[threadIdx.y][threadIdx.x] = down < k && column < n ? b[down * s.bRow + column * s.bColumn] : (X) 0;
        __syncthreads();
        for (int i = 0; i < TILE; i++) sum += left[threadIdx.y][i] * right[i][threadIdx.x];
        __syncthreads();
    }
    if (row < m && column < n) y[row * s.yRow + column * s.yColumn] = sum;
}

// squares (rows) = |x|^2; one block for each row.
extern "C" __global__ void squared_norms(const X* x, double* squares, i64 rows, i64 columns) {
    __shared__ double shared[256];
    for (i64 row = blockIdx.x; row < rows; row += gridDim.x) {
        double sum = 0;
        for (i64 i = threadIdx.x; i < columns; i += blockDim.x) sum += (double) x[row * columns + i] * x[row * columns + i];
        sum = block_sum(sum, shared);
        if (threadIdx.x == 0) squares[row] = sum;
    }
}

// most = the largest of n numbers that are not negative; one block.
extern "C" __global__ void largest(const double* x, double* most, i64 n) {
    __shared__ double shared[256];
    double best = 0;
    for (i64 i = threadIdx.x; i < n; i += blockDim.x) best = x[i] > best ? x[i] : best;
    best = block_max(best, shared);
    if (threadIdx.x == 0) *most = best;
}

__device__ inline double positive(double x) { return x < 0 ? 0 : x; }

// Metric, in its order.
enum { EUCLIDEAN, SQUARED_EUCLIDEAN, MANHATTAN, CHEBYSHEV, COSINE };

// out (rowsA, rowsB) = distances of rows of a to rows of b, a block for a tile of 16 by 16.
extern "C" __global__ void distances(
        const X* a, const X* b, double* out, i64 rowsA, i64 rowsB, i64 columns, int metric) {
    __shared__ X left[TILE][TILE + 1];
    __shared__ X right[TILE][TILE + 1];
    i64 row = (i64) blockIdx.y * TILE + threadIdx.y;
    i64 column = (i64) blockIdx.x * TILE + threadIdx.x;
    i64 other = (i64) blockIdx.x * TILE + threadIdx.y;
    double sum = 0, own = 0, others = 0;
    for (i64 from = 0; from < columns; from += TILE) {
        i64 at = from + threadIdx.x;
        left[threadIdx.y][threadIdx.x] = row < rowsA && at < columns ? a[row * columns + at] : (X) 0;
        right[threadIdx.y][threadIdx.x] = other < rowsB && at < columns ? b[other * columns + at] : (X) 0;
        __syncthreads();
        for (int i = 0; i < TILE; i++) {
            double p = left[threadIdx.y][i], q = right[threadIdx.x][i];
            double d = p - q;
            switch (metric) {
                case MANHATTAN: sum += fabs(d); break;
                case CHEBYSHEV: sum = fabs(d) > sum || d != d ? fabs(d) : sum; break;
                case COSINE:
                    sum += p * q;
                    own += p * p;
                    others += q * q;
                    break;
                default: sum += d * d;
            }
        }
        __syncthreads();
    }
    if (row < rowsA && column < rowsB) {
        out[row * rowsB + column] = metric == EUCLIDEAN ? sqrt(sum)
                : metric == COSINE                     ? positive(1 - sum / (sqrt(own) * sqrt(others)))
                                                       : sum;
    }
}

// The k smallest of each row of distances (rows, n), smallest first, the lower index first among equal ones. One block a row.
extern "C" __global__ void smallest(const double* distances, int* indices, double* values, i64 rows, i64 n, int k) {
    __shared__ double shared[256];
    __shared__ i64 places[256];
    for (i64 row = blockIdx.x; row < rows; row += gridDim.x) {
        const double* line = distances + row * n;
        double last = -1;
        i64 lastPlace = -1;
        for (int rank = 0; rank < k; rank++) {
            double best = INFINITY;
            i64 place = n;
            for (i64 i = threadIdx.x; i < n; i += blockDim.x) {
                double d = line[i];
                if ((d > last || d == last && i > lastPlace) && (d < best || d == best && i < place)) {
                    best = d;
                    place = i;
                }
            }
            shared[threadIdx.x] = best;
            places[threadIdx.x] = place;
            __syncthreads();
            for (int half = blockDim.x / 2; half > 0; half /= 2) {
                if (threadIdx.x < half) {
                    double d = shared[threadIdx.x + half];
                    i64 i = places[threadIdx.x + half];
                    if (d < shared[threadIdx.x] || d == shared[threadIdx.x] && i < places[threadIdx.x]) {
                        shared[threadIdx.x] = d;
                        places[threadIdx.x] = i;
                    }
                }
                __syncthreads();
            }
            last = shared[0];
            lastPlace = places[0];
            if (threadIdx.x == 0) {
                indices[row * k + rank] = (int) lastPlace;
                values[row * k + rank] = last;
            }
            __syncthreads();
        }
    }
}

enum { WIDTH = 32, HEIGHT = 8 };

// Sums of the rows order[from .. to) of each piece, weighted: parts (pieces, columns). Pieces: from, to. Blocks of 32 columns by 8 rows.
extern "C" __global__ void segment_parts(
        const X* x, const int* order, const i64* pieces, const double* weights, double* parts, i64 columns) {
    __shared__ double shared[WIDTH * HEIGHT];
    i64 column = (i64) blockIdx.x * WIDTH + threadIdx.x;
    i64 from = pieces[2 * blockIdx.y], to = pieces[2 * blockIdx.y + 1];
    double sum = 0;
    if (column < columns) {
        for (i64 i = from + threadIdx.y; i < to; i += HEIGHT) {
            i64 row = order[i];
            sum += (weights ? weights[row] : 1.0) * x[row * columns + column];
        }
    }
    shared[threadIdx.y * WIDTH + threadIdx.x] = sum;
    __syncthreads();
    for (int half = HEIGHT / 2; half > 0; half /= 2) {
        if (threadIdx.y < half) {
            shared[threadIdx.y * WIDTH + threadIdx.x] += shared[(threadIdx.y + half) * WIDTH + threadIdx.x];
        }
        __syncthreads();
    }
    if (column < columns && threadIdx.y == 0) parts[blockIdx.y * columns + column] = shared[threadIdx.x];
}

// sums (segments, columns): each segment's parts, first[segment] to first[segment + 1], one after the other.
extern "C" __global__ void segment_sums(const double* parts, const i64* firsts, double* sums, i64 segments, i64 columns) {
    for (i64 i = first(); i < segments * columns; i += step()) {
        i64 segment = i / columns;
        double sum = 0;
        for (i64 part = firsts[segment]; part < firsts[segment + 1]; part++) sum += parts[part * columns + i % columns];
        sums[i] = sum;
    }
}

__device__ inline u64 split_mix(u64 state) {
    u64 z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

// counts (resamples, n) = how often resample first + block draws each of 0 ... n - 1, as the class Resamples defines it; counts begin at 0.
// A word has 64 / bits lanes, each of which is a draw. One block for each resample.
extern "C" __global__ void resample_counts(float* counts, u64 start, u64 first, u32 n, int bits) {
    const u64 gamma = 0x9E3779B97F4A7C15ull;
    float* own = counts + (i64) blockIdx.x * n;
    u64 lanes = 64 / bits;
    u64 words = (n + lanes - 1) / lanes;
    u64 mask = (1ull << bits) - 1;
    u64 least = (1ull << bits) % n;
    u64 leastAgain = (1ull << 32) % n;
    for (u64 i = threadIdx.x; i < words; i += blockDim.x) {
        u64 word = split_mix(start + ((first + blockIdx.x) * words + i + 1) * gamma);
        for (u64 lane = 0; lane < lanes && i * lanes + lane < n; lane++) {
            u64 product = (word >> (lane * bits) & mask) * n;
            u64 index = product >> bits;
            if ((product & mask) < least) {
                u64 other = word;
                do {
                    other = split_mix(other + (lane + 1) * gamma);
                    product = (other >> 32) * n;
                } while ((product & 0xFFFFFFFFull) < leastAgain);
                index = product >> 32;
            }
            atomicAdd(own + index, 1.0f);
        }
    }
}
