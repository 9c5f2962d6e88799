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

__device__ inline double squared_distance(const X* x, const X* y, i64 columns, double* shared) {
    double sum = 0;
    for (i64 i = threadIdx.x; i < columns; i += blockDim.x) {
        double d = (double) x[i] - (double) y[i];
        sum += d * d;
    }
    return block_sum(sum, shared);
}

// The nearest of k centres for each row, from products (rows, k) = x c of limited accuracy: |error| <= rounding |x| |c|. All centres that
// the products can't tell from the nearest are compared by sums of squared differences; the lowest of equal ones wins. One block a row.
extern "C" __global__ void nearest(
        const X* x, const X* centres, const X* products, const double* squares, const double* largestSquare, int* labels,
        double* distances, i64 rows, i64 columns, int k, double rounding) {
    __shared__ double shared[256];
    __shared__ int candidates[256];
    __shared__ int count;
    for (i64 row = blockIdx.x; row < rows; row += gridDim.x) {
        const X* point = x + row * columns;
        const X* line = products + row * k;
        double own = 0;
        for (i64 i = threadIdx.x; i < columns; i += blockDim.x) own += (double) point[i] * point[i];
        own = block_sum(own, shared);
        double least = INFINITY;
        for (int j = threadIdx.x; j < k; j += blockDim.x) {
            double value = squares[j] - 2 * (double) line[j];
            least = value < least ? value : least;
        }
        least = -block_max(-least, shared);
        double bound = least + 4 * rounding * sqrt(own) * sqrt(*largestSquare) + 1e-15 * (own + *largestSquare);
        if (threadIdx.x == 0) count = 0;
        __syncthreads();
        for (int j = threadIdx.x; j < k; j += blockDim.x) {
            // Not "<=": what is no number is a candidate as well.
            if (!(squares[j] - 2 * (double) line[j] > bound)) {
                int at = atomicAdd(&count, 1);
                if (at < 256) candidates[at] = j;
            }
        }
        __syncthreads();
        int found = count;
        int all = found > 256 || found == 0;
        int label = 0;
        double best = INFINITY;
        if (found == 1 && !distances) {
            label = candidates[0];
        } else {
            for (int i = 0; i < (all ? k : found); i++) {
                int j = all ? i : candidates[i];
                double d = squared_distance(point, centres + (i64) j * columns, columns, shared);
                if (d < best || d == best && j < label || i == 0) {
                    best = d;
                    label = j;
                }
            }
        }
        if (threadIdx.x == 0) {
            labels[row] = label;
            if (distances) distances[row] = best;
        }
        __syncthreads();
    }
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

// counts (resamples, n) = how often Philox(seed, purpose, first + resample).nextInt(n) gives each number in n draws; counts begin at 0.
// Words that multiply-and-reject rejects are made up for by the words behind the first n. One block for each resample.
extern "C" __global__ void resample_counts(float* counts, u64 seed, u32 purpose, u64 firstIndex, u32 n) {
    __shared__ int rejected;
    float* own = counts + (i64) blockIdx.x * n;
    u64 index = firstIndex + blockIdx.x;
    u32 threshold = (u32) (0x100000000ull % n);
    if (threadIdx.x == 0) rejected = 0;
    __syncthreads();
    for (u32 block = threadIdx.x; block < n / 4 + (n % 4 != 0); block += blockDim.x) {
        Words words = philox(seed, purpose, index, block);
        for (u32 j = 0; j < 4 && 4 * (u64) block + j < n; j++) {
            u64 product = (u64) words.at[j] * n;
            if ((u32) product < threshold) {
                atomicAdd(&rejected, 1);
            } else {
                atomicAdd(own + (product >> 32), 1.0f);
            }
        }
    }
    __syncthreads();
    if (threadIdx.x == 0) {
        int missing = rejected;
        for (u32 word = n; missing > 0; word++) {
            u64 product = (u64) philox(seed, purpose, index, word / 4).at[word % 4] * n;
            if ((u32) product >= threshold) {
                own[product >> 32] += 1.0f;
                missing--;
            }
        }
    }
}
