#include "common.cuh"
// What is done row by row, one block for each: x is (rows, columns). And losses, tables, dropout.

extern "C" __global__ void softmax(const T* x, T* y, i64 rows, int columns) {
    __shared__ float shared[256];
    for (i64 row = blockIdx.x; row < rows; row += gridDim.x) {
        const T* from = x + row * columns;
        float most = -INFINITY;
        for (int i = threadIdx.x; i < columns; i += blockDim.x) most = fmaxf(most, get(from[i]));
        most = block_max(most, shared);
        float sum = 0;
        for (int i = threadIdx.x; i < columns; i += blockDim.x) sum += expf(get(from[i]) - most);
        sum = block_sum(sum, shared);
        for (int i = threadIdx.x; i < columns; i += blockDim.x) put(y + row * columns + i, expf(get(from[i]) - most) / sum);
    }
}

extern "C" __global__ void softmax_gradient(const T* y, const T* dy, T* dx, i64 rows, int columns) {
    __shared__ float shared[256];
    for (i64 row = blockIdx.x; row < rows; row += gridDim.x) {
        i64 from = row * columns;
        float sum = 0;
        for (int i = threadIdx.x; i < columns; i += blockDim.x) sum += get(y[from + i]) * get(dy[from + i]);
        sum = block_sum(sum, shared);
        for (int i = threadIdx.x; i < columns; i += blockDim.x) put(dx + from + i, get(y[from + i]) * (get(dy[from + i]) - sum));
    }
}

extern "C" __global__ void unit_rows(const T* x, T* y, i64 rows, i64 columns, double epsilon) {
    __shared__ double shared[256];
    for (i64 row = blockIdx.x; row < rows; row += gridDim.x) {
        i64 from = row * columns;
        double square = 0;
        for (i64 i = threadIdx.x; i < columns; i += blockDim.x) square += (double) get(x[from + i]) * get(x[from + i]);
        double norm = sqrt(block_sum(square, shared));
        norm = norm > epsilon ? norm : epsilon;
        for (i64 i = threadIdx.x; i < columns; i += blockDim.x) put(y + from + i, (float) (get(x[from + i]) / norm));
    }
}

// dx = dy / |x| - x (x dy) / |x|^3, the norm and its cube bounded below.
extern "C" __global__ void unit_rows_gradient(const T* x, const T* dy, T* dx, i64 rows, i64 columns, double epsilon) {
    __shared__ double shared[256];
    for (i64 row = blockIdx.x; row < rows; row += gridDim.x) {
        i64 from = row * columns;
        double square = 0, along = 0;
        for (i64 i = threadIdx.x; i < columns; i += blockDim.x) {
            square += (double) get(x[from + i]) * get(x[from + i]);
            along += (double) get(x[from + i]) * get(dy[from + i]);
        }
        double norm = sqrt(block_sum(square, shared));
        double cube = norm * norm * norm;
        along = block_sum(along, shared) / (cube > epsilon ? cube : epsilon);
        norm = norm > epsilon ? norm : epsilon;
        for (i64 i = threadIdx.x; i < columns; i += blockDim.x) {
            put(dx + from + i, (float) (get(dy[from + i]) / norm - get(x[from + i]) * along));
        }
    }
}

// Mean of a row, and one over its deviation or 0; the whole block calls it.
struct Moments {
    double mean, factor;
};

__device__ inline Moments moments_of(const T* row, i64 columns, double* shared) {
    double sum = 0, squares = 0;
    for (i64 i = threadIdx.x; i < columns; i += blockDim.x) sum += get(row[i]);
    double mean = block_sum(sum, shared) / columns;
    for (i64 i = threadIdx.x; i < columns; i += blockDim.x) squares += (get(row[i]) - mean) * (get(row[i]) - mean);
    squares = block_sum(squares, shared);
    Moments moments = {mean, squares > 0 ? 1 / sqrt(squares / columns) : 0};
    return moments;
}

extern "C" __global__ void layer_norm(const T* x, T* y, i64 rows, i64 columns) {
    __shared__ double shared[256];
    for (i64 row = blockIdx.x; row < rows; row += gridDim.x) {
        i64 from = row * columns;
        Moments m = moments_of(x + from, columns, shared);
        for (i64 i = threadIdx.x; i < columns; i += blockDim.x) put(y + from + i, (float) (m.factor * (get(x[from + i]) - m.mean)));
    }
}

// dx = (dy - mean(dy) - y mean(y dy)) / deviation.
extern "C" __global__ void layer_norm_gradient(const T* x, const T* dy, T* dx, i64 rows, i64 columns) {
    __shared__ double shared[256];
    for (i64 row = blockIdx.x; row < rows; row += gridDim.x) {
        i64 from = row * columns;
        Moments m = moments_of(x + from, columns, shared);
        double mean = 0, along = 0;
        for (i64 i = threadIdx.x; i < columns; i += blockDim.x) {
            mean += get(dy[from + i]);
            along += m.factor * (get(x[from + i]) - m.mean) * get(dy[from + i]);
        }
        mean = block_sum(mean, shared) / columns;
        along = block_sum(along, shared) / columns;
        for (i64 i = threadIdx.x; i < columns; i += blockDim.x) {
            double y = m.factor * (get(x[from + i]) - m.mean);
            put(dx + from + i, (float) (m.factor * (get(dy[from + i]) - mean - y * along)));
        }
    }
}

// y (rows, columns) = rows of a table; an index outside of it gives what is no number. The first sample that has such a one is told in bad:
// rows - sample in the upper half, its index in the lower one.
extern "C" __global__ void lookup(
        const float* indices, const float* table, T* y, i64 rows, i64 columns, i64 size, i64 rowStep, i64 columnStep, u64* bad) {
    for (i64 i = first(); i < rows * columns; i += step()) {
        float index = indices[i / columns];
        if (index >= 0 && index < size) {
            put(y + i, table[(i64) index * rowStep + i % columns * columnStep]);
        } else {
            put(y + i, NAN);
            atomicMax(bad, (u64) (rows - i / columns) << 32 | (u32) (int) index);
        }
    }
}

// Sums over the samples of the same index, in the samples' order: one thread for each number of the table.
extern "C" __global__ void lookup_gradient(
        const float* indices, const T* dy, float* dw, i64 rows, i64 columns, i64 size, i64 rowStep, i64 columnStep, int add) {
    for (i64 i = first(); i < size * columns; i += step()) {
        i64 index = i / columns, column = i % columns;
        float* place = dw + index * rowStep + column * columnStep;
        float sum = add ? *place : 0.0f;
        for (i64 row = 0; row < rows; row++) {
            if ((i64) indices[row] == index) sum += get(dy[row * columns + column]);
        }
        *place = sum;
    }
}

// noise: seed, pass. A layer draws from stream pass * streams + layer.
extern "C" __global__ void dropout(
        T* y, i64 n, const u64* noise, u32 purpose, u64 streams, int layer, float kept, double threshold) {
    i64 blocks = (n + 3) / 4;
    for (i64 block = first(); block < blocks; block += step()) {
        Words words = philox(noise[0], purpose, noise[1] * streams + layer, (u32) block);
        for (int j = 0; j < 4 && 4 * block + j < n; j++) put(y + 4 * block + j, words.at[j] < threshold ? kept : 0.0f);
    }
}

// Standard normals, two of each pair of words, by Box and Muller; drawn as by dropout.
extern "C" __global__ void normals(T* y, i64 n, const u64* noise, u32 purpose, u64 streams, int layer) {
    i64 blocks = (n + 3) / 4;
    for (i64 block = first(); block < blocks; block += step()) {
        Words words = philox(noise[0], purpose, noise[1] * streams + layer, (u32) block);
        for (int j = 0; j < 4 && 4 * block + j < n; j++) {
            double radius = sqrt(-2 * log((words.at[j / 2 * 2] + 1.0) * 2.3283064365386963e-10));
            double angle = words.at[j / 2 * 2 + 1] * 1.4629180792671596e-9; // 2 pi / 2^32
            put(y + 4 * block + j, (float) (radius * (j % 2 ? sin(angle) : cos(angle))));
        }
    }
}

// Op.LossKind, in its order.
enum { SQUARE, MEAN_SQUARE, ABSOLUTE, MEAN_ABSOLUTE, BINARY_CROSS_ENTROPY, SOFTMAX_CROSS_ENTROPY, HINGE, WASSERSTEIN };

__device__ inline double clipped(double a, double clip) {
    return clip > 0 ? fmin(fmax(a, clip), 1 - clip) : a;
}

__device__ inline double loss_value(int kind, double clip, double a, double y) {
    switch (kind) {
        case SQUARE:
        case MEAN_SQUARE: return (a - y) * (a - y);
        case ABSOLUTE:
        case MEAN_ABSOLUTE: return fabs(a - y);
        case BINARY_CROSS_ENTROPY: return -y * log(clipped(a, clip)) - (1 - y) * log(1 - clipped(a, clip));
        case SOFTMAX_CROSS_ENTROPY: return y == 0 ? 0 : -y * log(clipped(a, clip));
        case HINGE: return fmax(0.0, 1 - y * a);
        default: return y * a;
    }
}

__device__ inline double loss_slope(int kind, double clip, double a, double y) {
    switch (kind) {
        case SQUARE:
        case MEAN_SQUARE: return 2 * (a - y);
        case ABSOLUTE:
        case MEAN_ABSOLUTE: return a > y ? 1 : a < y ? -1 : 0;
        case BINARY_CROSS_ENTROPY: return (clipped(a, clip) - y) / (clipped(a, clip) * (1 - clipped(a, clip)));
        case SOFTMAX_CROSS_ENTROPY: return a - y;
        case HINGE: return y * a < 1 ? -y : 0;
        default: return y;
    }
}

// One block: the sum has a fixed order.
extern "C" __global__ void loss(
        const float* outputs, const float* labels, float* gradients, float* sum, i64 n, int kind, double clip, double scale) {
    __shared__ double shared[256];
    double total = 0;
    for (i64 i = threadIdx.x; i < n; i += blockDim.x) {
        double a = outputs[i], y = labels[i];
        total += loss_value(kind, clip, a, y);
        gradients[i] = (float) (scale * loss_slope(kind, clip, a, y));
    }
    total = block_sum(total, shared);
    if (threadIdx.x == 0) *sum = (float) (scale * total);
}

// Penalty, in its order: NONE, ZERO_CENTRED, ONE_CENTRED. start = factor v, squares = |v|^2.
extern "C" __global__ void penalty_start(
        const T* v, const float* weights, T* start, float* squares, i64 columns, int penalty) {
    __shared__ double shared[256];
    i64 from = blockIdx.x * columns;
    double sum = 0;
    for (i64 i = threadIdx.x; i < columns; i += blockDim.x) sum += (double) get(v[from + i]) * get(v[from + i]);
    sum = block_sum(sum, shared);
    double weight = weights[blockIdx.x];
    float factor = (float) (penalty == 0 ? 0 : penalty == 1 ? weight : sum > 0 ? 2 * weight * (1 - 1 / sqrt(sum)) : 0);
    for (i64 i = threadIdx.x; i < columns; i += blockDim.x) put(start + from + i, factor * get(v[from + i]));
    if (threadIdx.x == 0) squares[blockIdx.x] = (float) sum;
}

// Of images (n, h, w, c), or of parameters in the same order of axes.
struct ImageSizes {
    int h, w, c;
};

// From number to number of a parameter along each axis; 0 where there is one for all.
struct ImageSteps {
    i64 h, w, c;
};

// Each element of images times its factor, plus its channel's bias if there is one.
extern "C" __global__ void scale(
        const T* x, const float* factors, const float* bias, T* y, i64 n, ImageSizes s, ImageSteps steps) {
    for (i64 i = first(); i < n; i += step()) {
        i64 channel = i % s.c, column = i / s.c % s.w, row = i / s.c / s.w % s.h;
        float factor = factors[row * steps.h + column * steps.w + channel * steps.c];
        put(y + i, get(x[i]) * factor + (bias ? bias[channel] : 0.0f));
    }
}

// Sums of images over samples and the axes on which the result has 1; a block for each of the sums.
extern "C" __global__ void sum_to(
        const T* x, float* sums, i64 results, i64 samples, ImageSizes s, ImageSizes result, ImageSteps steps, int add) {
    __shared__ double shared[256];
    i64 channels = s.c / result.c, columns = s.w / result.w, rows = s.h / result.h;
    i64 count = samples * rows * columns * channels;
    for (i64 r = blockIdx.x; r < results; r += gridDim.x) {
        i64 channel = r % result.c, column = r / result.c % result.w, row = r / result.c / result.w;
        double sum = 0;
        for (i64 i = threadIdx.x; i < count; i += blockDim.x) {
            i64 line = i / channels / columns;
            i64 pixel = (line / rows * s.h + row + line % rows) * s.w + column + i / channels % columns;
            sum += get(x[pixel * s.c + channel + i % channels]);
        }
        sum = block_sum(sum, shared);
        if (threadIdx.x == 0) {
            float* place = sums + row * steps.h + column * steps.w + channel * steps.c;
            *place = (float) sum + (add ? *place : 0.0f);
        }
    }
}

// Fourier features: y (rows, size (1 + 2 octaves)) are x, then sines and cosines of frequency 2^k x.
extern "C" __global__ void fourier(const T* x, T* y, i64 n, int size, double frequency, int octaves) {
    for (i64 i = first(); i < n; i += step()) {
        double value = get(x[i]);
        double sine = sin(frequency * value), cosine = cos(frequency * value);
        T* at = y + i / size * size * (1 + 2 * octaves) + i % size;
        put(at, (float) value);
        for (int k = 0; k < octaves; k++) {
            put(at += size, (float) sine);
            put(at += size, (float) cosine);
            double twice = 2 * sine * cosine;
            cosine = 1 - 2 * sine * sine;
            sine = twice;
        }
    }
}

extern "C" __global__ void fourier_gradient(
        const T* y, const T* dy, T* dx, i64 n, int size, double frequency, int octaves) {
    for (i64 i = first(); i < n; i += step()) {
        i64 at = i / size * size * (1 + 2 * octaves) + i % size;
        double sum = get(dy[at]), f = frequency;
        for (int k = 0; k < octaves; k++) {
            i64 sine = at + (1 + 2 * k) * size, cosine = sine + size;
            sum += f * ((double) get(y[cosine]) * get(dy[sine]) - (double) get(y[sine]) * get(dy[cosine]));
            f *= 2;
        }
        put(dx + i, (float) sum);
    }
}

extern "C" __global__ void fourier_tangent(
        const T* y, const T* dx, T* dy, i64 n, int size, double frequency, int octaves) {
    for (i64 i = first(); i < n; i += step()) {
        i64 at = i / size * size * (1 + 2 * octaves) + i % size;
        double change = get(dx[i]), f = frequency;
        put(dy + at, (float) change);
        for (int k = 0; k < octaves; k++) {
            i64 sine = at + (1 + 2 * k) * size, cosine = sine + size;
            put(dy + sine, (float) (f * get(y[cosine]) * change));
            put(dy + cosine, (float) (-f * get(y[sine]) * change));
            f *= 2;
        }
    }
}
