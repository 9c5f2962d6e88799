#include "common.cuh"
// DL4J's updates of parameters w by gradients g, all ranges of the flat vector in one launch: a block works on a piece of one range, and
// the range says what is done there. Numbers that change from step to step (learning rates, schedules, 1 / minibatch) are scalars in memory.

enum { NOTHING, NO_OP, SGD, NESTEROVS, ROOT_MEAN_SQUARE, ADAM, AMS_GRAD, ADA_MAX, NADAM, ADA_DELTA };
enum { PLAIN, CLIP_NUMBERS, UNIT_NORM, CLIP_NORM };

struct Range {
    i64 offset, count;  // floats of the flat vector
    i64 state;          // first float of the updater's state, arrays of stateCount one after the other
    i64 stateCount;
    int average;        // scalar that g is multiplied by first, or -1
    int normalize;      // what is done to g then
    int norm;           // squared norm that it needs
    int l2, l1;         // scalars, or -1
    int decay;          // scalar that w is multiplied by, or -1
    int updater;
    int rate;           // scalar: minus the step
    int momentum;       // scalar of NESTEROVS
    int decay2;         // scalar that stands for beta2, or -1
    float threshold;
    float beta1, fresh1, beta2, fresh2;  // fresh is 1 - beta
    float epsilon;
};

// norms[i] = sum of squares of (average g) over a range; parts of 256 sums in a fixed order.
extern "C" __global__ void norm_parts(
        const float* g, i64 offset, i64 count, const float* scalars, int average, double* parts) {
    __shared__ double shared[256];
    double sum = 0;
    float factor = average < 0 ? 1.0f : scalars[average];
    for (i64 i = first(); i < count; i += step()) {
        double x = g[offset + i] * factor;
        sum += x * x;
    }
    sum = block_sum(sum, shared);
    if (threadIdx.x == 0) parts[blockIdx.x] = sum;
}

extern "C" __global__ void norm_sum(const double* parts, int count, double* norm) {
    __shared__ double shared[256];
    double sum = 0;
    for (int i = threadIdx.x; i < count; i += blockDim.x) sum += parts[i];
    sum = block_sum(sum, shared);
    if (threadIdx.x == 0) *norm = sum;
}

__device__ inline float normalized(const Range& r, const double* norms, float g) {
    switch (r.normalize) {
        case CLIP_NUMBERS: return fminf(fmaxf(g, -r.threshold), r.threshold);
        case UNIT_NORM: return g * (float) (norms[r.norm] == 0 ? 1e5 : 1 / sqrt(norms[r.norm]));
        case CLIP_NORM: return g * (float) fmin(1.0, r.threshold / sqrt(norms[r.norm]));
        default: return g;
    }
}

// pieces: range and first float within it, for each block.
extern "C" __global__ void update(
        float* w, const float* gradients, float* state, const Range* ranges, const i64* pieces, const float* scalars,
        const double* norms, i64 pieceSize) {
    Range r = ranges[pieces[2 * blockIdx.x]];
    i64 from = pieces[2 * blockIdx.x + 1];
    i64 end = from + pieceSize < r.count ? from + pieceSize : r.count;
    float rate = r.rate < 0 ? 0.0f : scalars[r.rate];
    float momentum = r.momentum < 0 ? 0.0f : scalars[r.momentum];
    float beta2 = r.decay2 < 0 ? r.beta2 : scalars[r.decay2];
    float fresh2 = r.decay2 < 0 ? r.fresh2 : 1.0f - beta2;
    for (i64 i = from + threadIdx.x; i < end; i += blockDim.x) {
        i64 at = r.offset + i;
        float p = w[at];
        float g = gradients[at];
        if (r.average >= 0) g *= scalars[r.average];
        g = normalized(r, norms, g);
        if (r.l2 >= 0) g += p * scalars[r.l2];
        if (r.l1 >= 0) g += scalars[r.l1] * (p > 0 ? 1.0f : p < 0 ? -1.0f : 0.0f);
        if (r.decay >= 0) p *= scalars[r.decay];
        float* s = state + r.state + i;
        i64 n = r.stateCount;
        switch (r.updater) {
            case NO_OP: p -= g; break;
            case SGD: p += rate * g; break;
            case NESTEROVS: {
                float v = momentum * s[0] + rate * g;
                s[0] = v;
                p += momentum * v + rate * g;
                break;
            }
            case ROOT_MEAN_SQUARE: {
                float q = beta2 * s[0] + fresh2 * g * g;
                s[0] = q;
                p += rate * g / (sqrtf(q) + r.epsilon);
                break;
            }
            case ADAM:
            case AMS_GRAD: {
                float m = r.beta1 * s[0] + r.fresh1 * g;
                float v = beta2 * s[n] + fresh2 * g * g;
                s[0] = m;
                s[n] = v;
                if (r.updater == AMS_GRAD) {
                    v = fmaxf(s[2 * n], v);
                    s[2 * n] = v;
                }
                p += rate * m / (sqrtf(v) + r.epsilon);
                break;
            }
            case ADA_MAX: {
                float m = r.beta1 * s[0] + r.fresh1 * g;
                float u = fmaxf(beta2 * s[n], fabsf(g));
                s[0] = m;
                s[n] = u;
                p += rate * m / (u + 1e-32f);
                break;
            }
            case NADAM: {
                float m = r.beta1 * s[0] + r.fresh1 * g;
                float v = beta2 * s[n] + fresh2 * g * g;
                s[0] = m;
                s[n] = v;
                p += rate * (r.beta1 * m + r.fresh1 * g) / (sqrtf(v) + r.epsilon);
                break;
            }
            case ADA_DELTA: {
                float q = beta2 * s[0] + fresh2 * g * g;
                float d = g * sqrtf(s[n] + r.epsilon) / sqrtf(q + r.epsilon);
                s[0] = q;
                s[n] = beta2 * s[n] + fresh2 * d * d;
                p -= d;
                break;
            }
            default: break;
        }
        w[at] = p;
    }
}

// y = x / 127.5 - 1.
extern "C" __global__ void from_bytes(const u8* x, float* y, i64 n, int wide) {
    i64 packed = wide ? n / 4 : 0;
    for (i64 i = first(); i < packed; i += step()) {
        Four<u8> a = ((const Four<u8>*) x)[i];
        Four<float> r;
        for (int j = 0; j < 4; j++) r.at[j] = a.at[j] / 127.5f - 1.0f;
        ((Four<float>*) y)[i] = r;
    }
    for (i64 i = 4 * packed + first(); i < n; i += step()) y[i] = x[i] / 127.5f - 1.0f;
}

// average = keep average + (1 - keep) values.
extern "C" __global__ void average(const float* values, float* average, i64 n, const float* keep) {
    float k = *keep;
    map(values, average, average, n, 1, [=](float w, float a) { return k * a + (1.0f - k) * w; });
}
