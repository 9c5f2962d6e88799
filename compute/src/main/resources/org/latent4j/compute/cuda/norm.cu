#include "common.cuh"
// Sums by channel, and batch norm. x is (rows, channels), channels side by side. Sums go in two stages of a fixed order, so that they
// repeat bit for bit: blocks of 32 channels by 8 rows each sum a part of the rows; then as large a block adds the parts of its channels.
// What is lost in each addition is kept beside the sum: sums that should cancel do, and updaters that divide by a gradient's own size
// don't blow up rounding.

enum { WIDTH = 32, HEIGHT = 8 };

struct Sum {
    float high = 0, low = 0;

    __device__ inline void add(float x) {
        float sum = high + x;
        float part = sum - high;
        low += (high - (sum - part)) + (x - part);
        high = sum;
    }

    __device__ inline double value() const { return (double) high + low; }
};

// The eight sums of a column of the block become one, which all of its threads get.
__device__ inline double column_sum(double x, double* shared) {
    shared[threadIdx.y * WIDTH + threadIdx.x] = x;
    __syncthreads();
    for (int half = HEIGHT / 2; half > 0; half /= 2) {
        if (threadIdx.y < half) {
            shared[threadIdx.y * WIDTH + threadIdx.x] += shared[(threadIdx.y + half) * WIDTH + threadIdx.x];
        }
        __syncthreads();
    }
    double sum = shared[threadIdx.x];
    __syncthreads();
    return sum;
}

// A thread's channel; there may be fewer.
__device__ inline int own_channel() { return blockIdx.x * WIDTH + threadIdx.x; }

// The sum of a channel's parts, `stride` numbers apart; the whole block calls it.
__device__ inline double sum_of_parts(const double* parts, int c, int channels, int count, i64 stride, double* shared) {
    double sum = 0;
    for (int i = threadIdx.y; c < channels && i < count; i += HEIGHT) sum += parts[i * stride + c];
    return column_sum(sum, shared);
}

// parts (gridDim.y, channels) = sums of x, each sample of so many rows times its weight if there are weights.
extern "C" __global__ void channel_parts(
        const T* x, const float* weights, double* parts, i64 rows, i64 rowsOfSample, int channels) {
    __shared__ double shared[WIDTH * HEIGHT];
    int c = own_channel();
    Sum sum;
    if (c < channels) {
        for (i64 r = (i64) blockIdx.y * HEIGHT + threadIdx.y; r < rows; r += (i64) gridDim.y * HEIGHT) {
            sum.add(get(x[r * channels + c]) * (weights ? weights[r / rowsOfSample] : 1.0f));
        }
    }
    double total = column_sum(sum.value(), shared);
    if (c < channels && threadIdx.y == 0) parts[(i64) blockIdx.y * channels + c] = total;
}

extern "C" __global__ void channel_sum(const double* parts, float* sums, int count, int channels, int add) {
    __shared__ double shared[WIDTH * HEIGHT];
    int c = own_channel();
    double sum = sum_of_parts(parts, c, channels, count, channels, shared);
    if (c < channels && threadIdx.y == 0) sums[c] = (float) (add ? sums[c] + sum : sum);
}

// Sums of x - x_0 and of its square, x_0 being the first row: near enough to the mean that nothing cancels.
extern "C" __global__ void moment_parts(const T* x, double* parts, i64 rows, int channels) {
    __shared__ double shared[WIDTH * HEIGHT];
    int c = own_channel();
    Sum sum, square;
    if (c < channels) {
        float origin = get(x[c]);
        for (i64 r = (i64) blockIdx.y * HEIGHT + threadIdx.y; r < rows; r += (i64) gridDim.y * HEIGHT) {
            float d = get(x[r * channels + c]) - origin;
            sum.add(d);
            square.add(d * d);
        }
    }
    double total = column_sum(sum.value(), shared);
    double squares = column_sum(square.value(), shared);
    if (c < channels && threadIdx.y == 0) {
        parts[(i64) blockIdx.y * 2 * channels + c] = total;
        parts[((i64) blockIdx.y * 2 + 1) * channels + c] = squares;
    }
}

extern "C" __global__ void moments(
        const T* x, const double* parts, float* mean, float* variance, int count, i64 rows, int channels) {
    __shared__ double shared[WIDTH * HEIGHT];
    int c = own_channel();
    double sum = sum_of_parts(parts, c, channels, count, 2 * channels, shared);
    double square = sum_of_parts(parts + channels, c, channels, count, 2 * channels, shared);
    if (c < channels && threadIdx.y == 0) {
        double shift = sum / rows;
        double spread = square / rows - shift * shift;
        mean[c] = (float) (get(x[c]) + shift);
        variance[c] = (float) (spread > 0 ? spread : 0);
    }
}

// y = gamma (x - mean) / sqrt(variance + epsilon) + beta, then max(y, 0) with a mask of what is left, if there is a mask. wide: four
// neighbours at once, which are then of one row.
extern "C" __global__ void normalize(
        const T* x, const float* gamma, const float* beta, const float* mean, const float* variance, T* y, u8* mask,
        i64 n, int channels, float epsilon, int wide) {
    auto of = [=](float value, int c) {
        return (value - mean[c]) * (gamma[c] * rsqrtf(variance[c] + epsilon)) + beta[c];
    };
    i64 packed = wide ? n / 4 : 0;
    for (i64 i = first(); i < packed; i += step()) {
        int c = (int) (4 * i % channels);
        Four<T> from = ((const Four<T>*) x)[i];
        Four<T> to;
        Four<u8> left;
        for (int j = 0; j < 4; j++) {
            float r = of(get(from.at[j]), c + j);
            left.at[j] = r > 0;
            put(&to.at[j], mask && !(r > 0) ? 0.0f : r);
        }
        ((Four<T>*) y)[i] = to;
        if (mask) ((Four<u8>*) mask)[i] = left;
    }
    for (i64 i = 4 * packed + first(); i < n; i += step()) {
        float r = of(get(x[i]), (int) (i % channels));
        if (mask) mask[i] = r > 0;
        put(y + i, mask && !(r > 0) ? 0.0f : r);
    }
}

// Sums of dy and of dy (x - mean), dy masked.
extern "C" __global__ void gradient_parts(
        const T* x, const float* mean, const T* dy, const u8* mask, double* parts, i64 rows, int channels) {
    __shared__ double shared[WIDTH * HEIGHT];
    int c = own_channel();
    Sum sum, product;
    if (c < channels) {
        float m = mean[c];
        for (i64 r = (i64) blockIdx.y * HEIGHT + threadIdx.y; r < rows; r += (i64) gridDim.y * HEIGHT) {
            i64 i = r * channels + c;
            float d = mask && !mask[i] ? 0.0f : get(dy[i]);
            sum.add(d);
            product.add(d * (get(x[i]) - m));
        }
    }
    double total = column_sum(sum.value(), shared);
    double products = column_sum(product.value(), shared);
    if (c < channels && threadIdx.y == 0) {
        parts[(i64) blockIdx.y * 2 * channels + c] = total;
        parts[((i64) blockIdx.y * 2 + 1) * channels + c] = products;
    }
}

// sums (2, channels): dbeta and dgamma of this batch alone; added to dgamma and dbeta, or put there.
extern "C" __global__ void gradient_sums(
        const double* parts, const float* variance, float* sums, float* dgamma, float* dbeta, int count, int channels,
        float epsilon, int addGamma, int addBeta) {
    __shared__ double shared[WIDTH * HEIGHT];
    int c = own_channel();
    double sum = sum_of_parts(parts, c, channels, count, 2 * channels, shared);
    double product = sum_of_parts(parts + channels, c, channels, count, 2 * channels, shared);
    if (c < channels && threadIdx.y == 0) {
        product *= rsqrtf(variance[c] + epsilon);
        sums[c] = (float) sum;
        sums[channels + c] = (float) product;
        dbeta[c] = addBeta ? dbeta[c] + (float) sum : (float) sum;
        dgamma[c] = addGamma ? dgamma[c] + (float) product : (float) product;
    }
}

// dx = gamma / sigma (dy - mean dy - x^ mean(dy x^)). wide: as in normalize.
extern "C" __global__ void normalize_gradient(
        const T* x, const float* gamma, const float* mean, const float* variance, const T* dy, const u8* mask,
        const float* sums, T* dx, i64 n, int channels, float epsilon, int wide) {
    float part = 1.0f / (float) (n / channels);
    auto of = [=](float value, float slope, int c) {
        float inverse = rsqrtf(variance[c] + epsilon);
        float hat = (value - mean[c]) * inverse;
        return gamma[c] * inverse * (slope - part * (sums[c] + hat * sums[channels + c]));
    };
    i64 packed = wide ? n / 4 : 0;
    for (i64 i = first(); i < packed; i += step()) {
        int c = (int) (4 * i % channels);
        Four<T> from = ((const Four<T>*) x)[i];
        Four<T> slopes = ((const Four<T>*) dy)[i];
        Four<u8> left;
        if (mask) left = ((const Four<u8>*) mask)[i];
        Four<T> to;
        for (int j = 0; j < 4; j++) {
            float d = mask && !left.at[j] ? 0.0f : get(slopes.at[j]);
            put(&to.at[j], of(get(from.at[j]), d, c + j));
        }
        ((Four<T>*) dx)[i] = to;
    }
    for (i64 i = 4 * packed + first(); i < n; i += step()) {
        float d = mask && !mask[i] ? 0.0f : get(dy[i]);
        put(dx + i, of(get(x[i]), d, (int) (i % channels)));
    }
}

// What DL4J's update subtracts from the running moments: (1 - decay)(running - batch), or a difference of logarithms.
extern "C" __global__ void running_moments(
        const float* mean, const float* variance, const float* runningMean, const float* runningSpread,
        float* meanGradient, float* spreadGradient, int channels, double decay, int logarithm, int add) {
    for (i64 c = first(); c < channels; c += step()) {
        float meanChange = (float) ((1 - decay) * (runningMean[c] - mean[c]));
        double spread = runningSpread[c];
        double change;
        if (logarithm) {
            double running = pow(10.0, 2.0 * spread);
            change = 0.5 * log10(running / (decay * running + (1 - decay) * variance[c]));
        } else {
            change = (1 - decay) * (spread - variance[c]);
        }
        meanGradient[c] = add ? meanGradient[c] + meanChange : meanChange;
        spreadGradient[c] = (float) (add ? spreadGradient[c] + change : change);
    }
}

extern "C" __global__ void variance_from_log10(const float* x, float* y, int channels) {
    for (i64 c = first(); c < channels; c += step()) y[c] = (float) pow(10.0, 2.0 * x[c]);
}
