#include "common.cuh"
// Sums by channel, and batch norm. x is (rows, channels), channels side by side. Sums go in two stages of a fixed order, so that they
// repeat bit for bit: blocks of 32 channels by 8 rows each sum a part of the rows; then one thread for each channel adds the parts.
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

// The eight sums of a column of the block become one, in row 0.
__device__ inline double column_sum(Sum x, double* shared) {
    shared[threadIdx.y * WIDTH + threadIdx.x] = x.value();
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

// parts (gridDim.y, channels) = sums of x, each sample of so many rows times its weight if there are weights.
extern "C" __global__ void channel_parts(
        const T* x, const float* weights, double* parts, i64 rows, i64 rowsOfSample, int channels) {
    __shared__ double shared[WIDTH * HEIGHT];
    int c = blockIdx.x * WIDTH + threadIdx.x;
    Sum sum;
    if (c < channels) {
        for (i64 r = (i64) blockIdx.y * HEIGHT + threadIdx.y; r < rows; r += (i64) gridDim.y * HEIGHT) {
            sum.add(get(x[r * channels + c]) * (weights ? weights[r / rowsOfSample] : 1.0f));
        }
    }
    double total = column_sum(sum, shared);
    if (c < channels && threadIdx.y == 0) parts[(i64) blockIdx.y * channels + c] = total;
}

extern "C" __global__ void channel_sum(const double* parts, float* sums, int count, int channels, int add) {
    for (i64 c = first(); c < channels; c += step()) {
        double sum = 0;
        for (int i = 0; i < count; i++) sum += parts[(i64) i * channels + c];
        sums[c] = (float) (add ? sums[c] + sum : sum);
    }
}

// Sums of x - x_0 and of its square, x_0 being the first row: near enough to the mean that nothing cancels.
extern "C" __global__ void moment_parts(const T* x, double* parts, i64 rows, int channels) {
    __shared__ double shared[WIDTH * HEIGHT];
    int c = blockIdx.x * WIDTH + threadIdx.x;
    Sum sum, square;
    if (c < channels) {
        float origin = get(x[c]);
        for (i64 r = (i64) blockIdx.y * HEIGHT + threadIdx.y; r < rows; r += (i64) gridDim.y * HEIGHT) {
            float d = get(x[r * channels + c]) - origin;
            sum.add(d);
            square.add(d * d);
        }
    }
    double total = column_sum(sum, shared);
    double squares = column_sum(square, shared);
    if (c < channels && threadIdx.y == 0) {
        parts[(i64) blockIdx.y * 2 * channels + c] = total;
        parts[((i64) blockIdx.y * 2 + 1) * channels + c] = squares;
    }
}

extern "C" __global__ void moments(
        const T* x, const double* parts, float* mean, float* variance, int count, i64 rows, int channels) {
    for (i64 c = first(); c < channels; c += step()) {
        double sum = 0, square = 0;
        for (int i = 0; i < count; i++) {
            sum += parts[(i64) i * 2 * channels + c];
            square += parts[((i64) i * 2 + 1) * channels + c];
        }
        double shift = sum / rows;
        double spread = square / rows - shift * shift;
        mean[c] = (float) (get(x[c]) + shift);
        variance[c] = (float) (spread > 0 ? spread : 0);
    }
}

// y = gamma (x - mean) / sqrt(variance + epsilon) + beta, then max(y, 0) with a mask of what is left, if there is a mask.
extern "C" __global__ void normalize(
        const T* x, const float* gamma, const float* beta, const float* mean, const float* variance, T* y, u8* mask,
        i64 n, int channels, float epsilon) {
    for (i64 i = first(); i < n; i += step()) {
        int c = (int) (i % channels);
        float scale = gamma[c] * rsqrtf(variance[c] + epsilon);
        float r = (get(x[i]) - mean[c]) * scale + beta[c];
        if (mask) {
            mask[i] = r > 0;
            r = r > 0 ? r : 0;
        }
        put(y + i, r);
    }
}

// Sums of dy and of dy (x - mean), dy masked.
extern "C" __global__ void gradient_parts(
        const T* x, const float* mean, const T* dy, const u8* mask, double* parts, i64 rows, int channels) {
    __shared__ double shared[WIDTH * HEIGHT];
    int c = blockIdx.x * WIDTH + threadIdx.x;
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
    double total = column_sum(sum, shared);
    double products = column_sum(product, shared);
    if (c < channels && threadIdx.y == 0) {
        parts[(i64) blockIdx.y * 2 * channels + c] = total;
        parts[((i64) blockIdx.y * 2 + 1) * channels + c] = products;
    }
}

// sums (2, channels): dbeta and dgamma of this batch alone; added to dgamma and dbeta, or put there.
extern "C" __global__ void gradient_sums(
        const double* parts, const float* variance, float* sums, float* dgamma, float* dbeta, int count, int channels,
        float epsilon, int addGamma, int addBeta) {
    for (i64 c = first(); c < channels; c += step()) {
        double sum = 0, product = 0;
        for (int i = 0; i < count; i++) {
            sum += parts[(i64) i * 2 * channels + c];
            product += parts[((i64) i * 2 + 1) * channels + c];
        }
        product *= rsqrtf(variance[c] + epsilon);
        sums[c] = (float) sum;
        sums[channels + c] = (float) product;
        dbeta[c] = addBeta ? dbeta[c] + (float) sum : (float) sum;
        dgamma[c] = addGamma ? dgamma[c] + (float) product : (float) product;
    }
}

// dx = gamma / sigma (dy - mean dy - x^ mean(dy x^)).
extern "C" __global__ void normalize_gradient(
        const T* x, const float* gamma, const float* mean, const float* variance, const T* dy, const u8* mask,
        const float* sums, T* dx, i64 n, int channels, float epsilon) {
    float part = 1.0f / (float) (n / channels);
    for (i64 i = first(); i < n; i += step()) {
        int c = (int) (i % channels);
        float inverse = rsqrtf(variance[c] + epsilon);
        float hat = (get(x[i]) - mean[c]) * inverse;
        float d = mask && !mask[i] ? 0.0f : get(dy[i]);
        put(dx + i, gamma[c] * inverse * (d - part * (sums[c] + hat * sums[channels + c])));
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
