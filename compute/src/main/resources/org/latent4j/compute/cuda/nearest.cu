#include "common.cuh"
// The nearest centre of each row of type X, as exact arithmetic has it: a product of limited accuracy leaves few candidates, which are compared
// in double, and in twice that where doubles can't tell.

// What follows is SquaredDistance, sum by sum, so that labels and distances are those of the other devices to the last bit: nothing is
// contracted, and terms come in the order of the index.
template <class X>
__device__ inline double squared_distance(const X* x, const X* y, i64 columns) {
    double sum = 0;
    for (i64 i = 0; i < columns; i++) {
        double d = __dsub_rn((double) x[i], (double) y[i]);
        sum = __dadd_rn(sum, __dmul_rn(d, d));
    }
    return sum;
}

struct Twofold {
    double high, low;
};

template <class X>
__device__ inline Twofold twofold_distance(const X* x, const X* y, i64 columns) {
    double high = 0, low = 0;
    for (i64 i = 0; i < columns; i++) {
        double p = x[i], q = y[i];
        double d = __dsub_rn(p, q);
        double taken = __dsub_rn(d, p);
        double rest = __dsub_rn(__dsub_rn(p, __dsub_rn(d, taken)), __dadd_rn(q, taken));
        double square = __dmul_rn(d, d);
        double squareRest = __dadd_rn(__fma_rn(d, d, -square), __dmul_rn(__dmul_rn(2, d), rest));
        double total = __dadd_rn(high, square);
        double added = __dsub_rn(total, high);
        double lost = __dadd_rn(__dsub_rn(high, __dsub_rn(total, added)), __dsub_rn(square, added));
        low = __dadd_rn(low, __dadd_rn(lost, squareRest));
        high = total;
    }
    Twofold sum;
    sum.high = __dadd_rn(high, low);
    sum.low = __dsub_rn(low, __dsub_rn(sum.high, high));
    return sum;
}

// Squares of distances up to this can't be told from the least one in double.
__device__ inline double limit_of_ties(double least, i64 columns) {
    return least * (1 + 4 * (columns + 2) * 1.1102230246251565e-16);
}

// Whether a distance is less than the lowest so far, which it then becomes.
__device__ inline bool lower(Twofold sum, Twofold* lowest) {
    double less = lowest->high - sum.high + (lowest->low - sum.low);
    if (!(less > 1.2924697071141057e-26 * sum.high)) return false;
    *lowest = sum;
    return true;
}

enum { LANES = 32, ROWS = 8 };

// Over the 32 threads of a row of the block; each gets the result.
template <class F>
__device__ inline double across(double x, double* shared, F join) {
    double* own = shared + threadIdx.y * LANES;
    own[threadIdx.x] = x;
    __syncthreads();
    for (int half = LANES / 2; half > 0; half /= 2) {
        if (threadIdx.x < half) own[threadIdx.x] = join(own[threadIdx.x], own[threadIdx.x + half]);
        __syncthreads();
    }
    double result = own[0];
    __syncthreads();
    return result;
}

// A product of which nothing is known may belong to the nearest centre.
__device__ inline int may_be_nearest(X product, double square, double bound) {
    return product - product != 0 || !(square - 2 * (double) product > bound);
}

// The nearest of k centres for each row, from products (rows, k) = x c of limited accuracy, |error| <= rounding |x| |c|: all centres that
// the products can't tell from the nearest are compared by sums of squared differences, the lowest of equal ones wins; distances if
// asked. Blocks of 32 threads by 8 rows: a row's threads share the centres among them.
extern "C" __global__ void nearest(
        const X* x, const X* centres, const X* products, const double* squares, const double* largestSquare, int* labels,
        double* distances, i64 rows, i64 columns, int k, double rounding) {
    __shared__ double shared[LANES * ROWS];
    i64 row = (i64) blockIdx.x * ROWS + threadIdx.y;
    int inside = row < rows;
    const X* point = x + (inside ? row : 0) * columns;
    const X* line = products + (inside ? row : 0) * k;
    double own = 0, least = INFINITY;
    for (i64 i = threadIdx.x; i < columns; i += LANES) own += (double) point[i] * point[i];
    for (int j = threadIdx.x; j < k; j += LANES) {
        double value = squares[j] - 2 * (double) line[j];
        least = value < least ? value : least;
    }
    own = across(own, shared, [](double a, double b) { return a + b; });
    least = across(least, shared, [](double a, double b) { return a < b ? a : b; });
    // Sums of squares are rounded as well; factors and products of less than 1.2e-38 may have become 0.
    double norms = sqrt(own) + sqrt(*largestSquare);
    double bound = least + 4 * rounding * sqrt(own) * sqrt(*largestSquare) + (columns + 8) * 5e-16 * norms * norms
            + 5e-38 * columns * (1 + norms);
    if (!(least > -INFINITY)) bound = INFINITY;
    double count = 0, label = k;
    for (int j = threadIdx.x; j < k; j += LANES) {
        if (may_be_nearest(line[j], squares[j], bound)) {
            count += 1;
            label = j < label ? j : label;
        }
    }
    count = across(count, shared, [](double a, double b) { return a + b; });
    // Of this thread's candidates: the least distance, the lowest that has it (or the first, if none has one), the second least.
    double best = INFINITY, second = INFINITY;
    if (inside && label < k && (count > 1 || distances)) {
        for (int j = (int) label; j < k; j += LANES) {
            if (!may_be_nearest(line[j], squares[j], bound)) continue;
            double d = squared_distance(point, centres + (i64) j * columns, columns);
            if (d < best) {
                second = best;
                best = d;
                label = j;
            } else if (d < second) {
                second = d;
            }
        }
    }
    double shortest = across(best, shared, [](double a, double b) { return a < b ? a : b; });
    double winner = across(best == shortest ? label : (double) k, shared, [](double a, double b) { return a < b ? a : b; });
    double next = across(label == winner ? second : best, shared, [](double a, double b) { return a < b ? a : b; });
    if (!inside || threadIdx.x != 0) return;
    double close = limit_of_ties(shortest, columns);
    if (next <= close && close < INFINITY) {
        Twofold lowest = {INFINITY, 0};
        for (int j = 0; j < k; j++) {
            const X* centre = centres + (i64) j * columns;
            if (!may_be_nearest(line[j], squares[j], bound) || !(squared_distance(point, centre, columns) <= close)) continue;
            if (lower(twofold_distance(point, centre, columns), &lowest)) winner = j;
        }
    }
    int chosen = winner < k ? (int) winner : 0;
    labels[row] = chosen;
    if (distances) distances[row] = squared_distance(point, centres + (i64) chosen * columns, columns);
}

// From here on: the same in one kernel, for floats on cards that have TF32 (sm_80). A block takes 128 rows past all centres, 128 at a time;
// a warp multiplies 64 rows by 64 centres on tensor cores. Scores |c|^2 - 2 x c stay in registers, and from them each row gathers the few
// centres that its least score so far can't exclude: those are compared exactly at the end.

enum { BLOCK = 128, DEPTH = 16, WARP = 64, CHUNK = 4, MOST = 14 };

#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
#define TENSOR_CORES

// c (16, 8) += a (16, 8) b (8, 8), in TF32 with sums in float; each of a warp's threads has four numbers of a and c and two of b.
__device__ inline void multiply_tf32(float* c, const u32* a, const u32* b) {
    asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
                 : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

// To shared memory while the threads go on; zeros where there is nothing to copy.
__device__ inline void copy_four(float* to, const float* from, bool there) {
    u32 at = (u32) __cvta_generic_to_shared(to);
    asm volatile("cp.async.ca.shared.global [%0], [%1], 16, %2;" : : "r"(at), "l"(from), "r"(there ? 16 : 0) : "memory");
}

__device__ inline void copy_one(float* to, const float* from, bool there) {
    u32 at = (u32) __cvta_generic_to_shared(to);
    asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;" : : "r"(at), "l"(from), "r"(there ? 4 : 0) : "memory");
}

__device__ inline void wait_for_copies() { asm volatile("cp.async.wait_all;" : : : "memory"); }
#endif

// To the 11 significant bits of TF32, to nearest.
__device__ inline u32 tf32(float x) { return (__float_as_uint(x) + 0x1000u) & 0xffffe000u; }

// Floats in an order in which integers compare as they do.
__device__ inline int ordered(float x) {
    int bits = (int) __float_as_uint(x);
    return bits >= 0 ? bits : bits ^ 0x7fffffff;
}

__device__ inline float unordered(int bits) { return __uint_as_float((u32) (bits >= 0 ? bits : bits ^ 0x7fffffff)); }

// rounded (k up to a multiple of BLOCK, padded): the centres in TF32, with zeros around; scores: |c|^2, infinite where there is no centre.
extern "C" __global__ void round_centres(
        const X* centres, const double* squares, float* rounded, float* scores, i64 n, int k, int columns, int padded) {
    for (i64 i = first(); i < n; i += step()) {
        int row = (int) (i / padded), column = (int) (i % padded);
        bool there = row < k && column < columns;
        rounded[i] = there ? __uint_as_float(tf32((float) centres[(i64) row * columns + column])) : 0.0f;
        if (column == 0) scores[row] = row < k ? (float) squares[row] : INFINITY;
    }
}

#ifdef TENSOR_CORES
// Numbers (128, 16) of rows and of centres. Chunks of four are exchanged within a row so that threads that read a column of chunks, or write
// a row of them, use all of the memory's banks.
struct alignas(16) Stage {
    float rows[BLOCK * DEPTH];
    float centres[BLOCK * DEPTH];

    __device__ static int at(int row, int chunk) { return row * DEPTH + CHUNK * (chunk ^ (row >> 1 & 3)); }

    // Columns from .. from + 15.
    __device__ void load(
            const float* x, const float* rounded, i64 row, i64 rowCount, i64 columns, int centre, int padded, int from, bool wide) {
        for (int i = threadIdx.x; i < BLOCK * DEPTH / CHUNK; i += BLOCK) {
            int line = i / (DEPTH / CHUNK), chunk = i % (DEPTH / CHUNK);
            int column = from + CHUNK * chunk;
            copy_four(centres + at(line, chunk), rounded + (i64) (centre + line) * padded + column, true);
            bool inside = row + line < rowCount;
            const float* source = x + (inside ? row + line : 0) * columns;
            if (wide) {
                bool there = inside && column < columns;
                copy_four(rows + at(line, chunk), source + (there ? column : 0), there);
                continue;
            }
            for (int j = 0; j < CHUNK; j++) {
                bool there = inside && column + j < columns;
                copy_one(rows + at(line, chunk) + j, source + (there ? column + j : 0), there);
            }
        }
    }

    // A warp's 64 rows by 64 centres from the given ones on: parts of 16 by 8.
    __device__ void multiply(float (*products)[8][4], int row, int centre) const {
        int group = threadIdx.x % 32 / 4, place = threadIdx.x % 4;
#pragma unroll
        for (int half = 0; half < DEPTH / 8; half++) {
            u32 a[4][4];
#pragma unroll
            for (int i = 0; i < 4; i++) {
#pragma unroll
                for (int j = 0; j < 4; j++) {
                    a[i][j] = tf32(rows[at(row + 16 * i + 8 * (j % 2) + group, 2 * half + j / 2) + place]);
                }
            }
#pragma unroll
            for (int j = 0; j < 8; j++) {
                u32 b[2];
#pragma unroll
                for (int i = 0; i < 2; i++) {
                    b[i] = __float_as_uint(centres[at(centre + 8 * j + group, 2 * half + i) + place]);
                }
#pragma unroll
                for (int i = 0; i < 4; i++) multiply_tf32(products[i][j], a[i], b);
            }
        }
    }
};

// What a block knows of its rows: the least score so far, how much more a nearest centre's can be, and the centres that may be nearest.
// More than MOST: all.
struct Found {
    int least[BLOCK];
    float margin[BLOCK];
    int count[BLOCK];
    int index[BLOCK][MOST];
    float score[BLOCK][MOST];

    __device__ bool excludes(int row, float value) const { return !(value <= unordered(least[row]) + margin[row]); }

    // Each warp takes every fourth row.
    __device__ void begin(const float* x, i64 from, i64 rows, i64 columns, double largest, double rounding) {
        for (int row = threadIdx.x / 32; row < BLOCK; row += BLOCK / 32) {
            bool inside = from + row < rows;
            double square = 0;
            if (inside) {
                const float* point = x + (from + row) * columns;
                for (i64 i = threadIdx.x % 32; i < columns; i += 32) square += (double) point[i] * point[i];
            }
            for (int other = 16; other > 0; other /= 2) square += __shfl_xor_sync(0xffffffffu, square, other);
            if (threadIdx.x % 32 != 0) continue;
            double norms = sqrt(square) + sqrt(largest);
            // As in the kernel nearest, and what scores lose as floats.
            double bound = 4 * rounding * sqrt(square) * sqrt(largest) + (columns + 8) * 5e-16 * norms * norms
                    + 5e-38 * columns * (1 + norms) + 1e-6 * (largest + 2 * sqrt(square) * sqrt(largest));
            // Near the largest float there are no scores.
            bool wild = inside && !(norms * norms < 1e37);
            least[row] = ordered(INFINITY);
            margin[row] = inside && !wild ? (float) (bound * 1.000001) : -INFINITY;
            count[row] = wild ? MOST + 1 : 0;
        }
    }

    // Takes a warp's scores of a tile.
    __device__ void add(float (*products)[8][4], const float* scores, int row, int centre, int k) {
        int group = threadIdx.x % 32 / 4, place = threadIdx.x % 4;
        float square[8][2];
#pragma unroll
        for (int j = 0; j < 16; j++) square[j / 2][j % 2] = scores[centre + 8 * (j / 2) + 2 * place + j % 2];
#pragma unroll
        for (int i = 0; i < 8; i++) {
            int own = row + 8 * i + group;
            float value[8][2], low = INFINITY;
#pragma unroll
            for (int j = 0; j < 16; j++) {
                float* product = &products[i / 2][j / 2][2 * (i % 2) + j % 2];
                value[j / 2][j % 2] = square[j / 2][j % 2] - 2 * *product;
                *product = 0;
                low = fminf(low, value[j / 2][j % 2]);
            }
            low = fminf(low, __shfl_xor_sync(0xffffffffu, low, 1));
            low = fminf(low, __shfl_xor_sync(0xffffffffu, low, 2));
            if (place == 0) atomicMin(&least[own], ordered(low));
            // Another warp may lower it meanwhile: whatever is read excludes no more than the least of all will.
            float limit = fminf(low, unordered(*(volatile int*) &least[own])) + margin[own];
#pragma unroll
            for (int j = 0; j < 16; j++) {
                int found = centre + 8 * (j / 2) + 2 * place + j % 2;
                if (value[j / 2][j % 2] <= limit && found < k) put(own, found, value[j / 2][j % 2]);
            }
        }
    }

    __device__ void put(int row, int centre, float value) {
        int slot = atomicAdd(&count[row], 1);
        if (slot < MOST) {
            index[row][slot] = centre;
            score[row][slot] = value;
        }
    }

    // Leaves those that the least of all scores can't exclude, in their order; a row's own thread.
    __device__ void sift(int row) {
        int kept = 0;
        for (int i = 0; i < count[row]; i++) {
            int centre = index[row][i];
            if (excludes(row, score[row][i])) continue;
            int at = kept++;
            for (; at > 0 && index[row][at - 1] > centre; at--) index[row][at] = index[row][at - 1];
            index[row][at] = centre;
        }
        count[row] = kept;
    }
};

// The nearest of some centres, in ascending order, by sums of squared differences.
__device__ inline int nearest_of(const float* point, const float* centres, i64 columns, const int* list, int count) {
    int winner = list[0];
    double best = INFINITY, second = INFINITY;
    for (int i = 0; i < count; i++) {
        double d = squared_distance(point, centres + list[i] * columns, columns);
        if (d < best) {
            second = best;
            best = d;
            winner = list[i];
        } else if (d < second) {
            second = d;
        }
    }
    double close = limit_of_ties(best, columns);
    if (!(second <= close && close < INFINITY)) return winner;
    Twofold lowest = {INFINITY, 0};
    for (int i = 0; i < count; i++) {
        const float* centre = centres + list[i] * columns;
        if (squared_distance(point, centre, columns) <= close && lower(twofold_distance(point, centre, columns), &lowest)) {
            winner = list[i];
        }
    }
    return winner;
}

// The nearest of all; a warp's threads share the centres among them.
__device__ inline int nearest_of_all(const float* point, const float* centres, i64 columns, int k) {
    int lane = threadIdx.x % 32;
    int winner = 0;
    double best = INFINITY, second = INFINITY;
    for (int j = lane; j < k; j += 32) {
        double d = squared_distance(point, centres + j * columns, columns);
        if (d < best) {
            second = best;
            best = d;
            winner = j;
        } else if (d < second) {
            second = d;
        }
    }
    for (int other = 16; other > 0; other /= 2) {
        double d = __shfl_xor_sync(0xffffffffu, best, other);
        double next = __shfl_xor_sync(0xffffffffu, second, other);
        int j = __shfl_xor_sync(0xffffffffu, winner, other);
        bool takes = d < best || d == best && j < winner;
        second = fmin(fmin(second, next), takes ? best : d);
        best = takes ? d : best;
        winner = takes ? j : winner;
    }
    double close = limit_of_ties(best, columns);
    if (!(second <= close && close < INFINITY)) return winner;
    Twofold lowest = {INFINITY, 0};
    for (int from = 0; from < k; from += 32) {
        int j = from + lane;
        bool tied = j < k && squared_distance(point, centres + j * columns, columns) <= close;
        for (u32 left = __ballot_sync(0xffffffffu, tied); left != 0; left &= left - 1) {
            int which = from + __ffs((int) left) - 1;
            if (lower(twofold_distance(point, centres + which * columns, columns), &lowest)) winner = which;
        }
    }
    return winner;
}
#endif

// Labels, and distances if asked, of rows (.., columns), as the kernel nearest gives them. rounded, scores: of round_centres; wide: rows are
// aligned for four numbers at once. Blocks of 128 threads.
extern "C" __global__ void nearest_fused(
        const X* points, const X* exactCentres, const float* rounded, const float* scores, const double* largestSquare, int* labels,
        double* distances, i64 rows, i64 columns, int k, int padded, int wide, double rounding) {
#ifdef TENSOR_CORES
    __shared__ Stage stages[2];
    __shared__ Found found;
    const float* x = (const float*) points;
    const float* centres = (const float*) exactCentres;
    i64 from = (i64) blockIdx.x * BLOCK;
    int warpRow = threadIdx.x / 64 * WARP, warpCentre = threadIdx.x / 32 % 2 * WARP;
    float products[4][8][4] = {};
    found.begin(x, from, rows, columns, *largestSquare, rounding);
    stages[0].load(x, rounded, from, rows, columns, 0, padded, 0, wide);
    int now = 0;
    for (int centre = 0; centre < k; centre += BLOCK) {
        for (int column = 0; column < padded; column += DEPTH) {
            wait_for_copies();
            __syncthreads();
            // Everybody has done with the other stage.
            int nextColumn = column + DEPTH < padded ? column + DEPTH : 0;
            int nextCentre = nextColumn > 0 ? centre : centre + BLOCK;
            if (nextCentre < k) stages[1 - now].load(x, rounded, from, rows, columns, nextCentre, padded, nextColumn, wide);
            stages[now].multiply(products, warpRow, warpCentre);
            now = 1 - now;
        }
        found.add(products, scores, warpRow, centre + warpCentre, k);
    }
    __syncthreads();
    int row = threadIdx.x;
    if (from + row < rows && found.count[row] <= MOST) {
        found.sift(row);
        const float* point = x + (from + row) * columns;
        int label = found.count[row] == 1 ? found.index[row][0]
                : found.count[row] == 0   ? 0
                                          : nearest_of(point, centres, columns, found.index[row], found.count[row]);
        labels[from + row] = label;
        if (distances) distances[from + row] = squared_distance(point, centres + label * columns, columns);
    }
    __syncthreads();
    for (row = threadIdx.x / 32; row < BLOCK; row += BLOCK / 32) {
        if (found.count[row] <= MOST) continue;
        const float* point = x + (from + row) * columns;
        int label = nearest_of_all(point, centres, columns, k);
        if (threadIdx.x % 32 == 0) {
            labels[from + row] = label;
            if (distances) distances[from + row] = squared_distance(point, centres + label * columns, columns);
        }
    }
#endif
}
