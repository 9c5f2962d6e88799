// Types, rounding, functions of one number, Philox, and sums within a block. In front of every kernel file.
// T is the type of activations, float or bf16; arithmetic is in float, sums that must not drift in double.

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long i64;

// NVRTC has no headers.
#ifndef INFINITY
#define INFINITY __uint_as_float(0x7f800000u)
#endif
#ifndef NAN
#define NAN __uint_as_float(0x7fffffffu)
#endif

struct bf16 {
    unsigned short bits;
};

__device__ inline float get(float x) { return x; }
__device__ inline float get(bf16 x) { return __uint_as_float((u32) x.bits << 16); }
__device__ inline double get(double x) { return x; }

__device__ inline void put(float* y, float x) { *y = x; }
__device__ inline void put(double* y, double x) { *y = x; }

// Rounds to nearest even; a number that is none stays none.
__device__ inline void put(bf16* y, float x) {
    u32 bits = __float_as_uint(x);
    if ((bits & 0x7fffffffu) > 0x7f800000u) {
        y->bits = (unsigned short) (bits >> 16 | 0x40u);
    } else {
        y->bits = (unsigned short) (bits + 0x7fffu + (bits >> 16 & 1u) >> 16);
    }
}

// Four neighbours, read or written at once where the address allows it.
template <class X>
struct alignas(4 * sizeof(X)) Four {
    X at[4];
};

__device__ inline i64 first() { return (i64) blockIdx.x * blockDim.x + threadIdx.x; }
__device__ inline i64 step() { return (i64) gridDim.x * blockDim.x; }

// y[i] = f(a[i]); wide: both are aligned for Four.
template <class A, class Y, class F>
__device__ inline void map(const A* a, Y* y, i64 n, int wide, F f) {
    i64 packed = wide ? n / 4 : 0;
    for (i64 i = first(); i < packed; i += step()) {
        Four<A> x = ((const Four<A>*) a)[i];
        Four<Y> r;
        for (int j = 0; j < 4; j++) put(&r.at[j], f(get(x.at[j])));
        ((Four<Y>*) y)[i] = r;
    }
    for (i64 i = 4 * packed + first(); i < n; i += step()) put(y + i, f(get(a[i])));
}

// y[i] = f(a[i], b[i]).
template <class A, class B, class Y, class F>
__device__ inline void map(const A* a, const B* b, Y* y, i64 n, int wide, F f) {
    i64 packed = wide ? n / 4 : 0;
    for (i64 i = first(); i < packed; i += step()) {
        Four<A> x = ((const Four<A>*) a)[i];
        Four<B> z = ((const Four<B>*) b)[i];
        Four<Y> r;
        for (int j = 0; j < 4; j++) put(&r.at[j], f(get(x.at[j]), get(z.at[j])));
        ((Four<Y>*) y)[i] = r;
    }
    for (i64 i = 4 * packed + first(); i < n; i += step()) put(y + i, f(get(a[i]), get(b[i])));
}

// Activation.Kind, in its order.
enum { IDENTITY, RELU, LEAKY_RELU, TANH, SIGMOID, SOFTPLUS, ELU, SWISH, HARD_TANH, CLIPPED_RELU, MISH };

__device__ inline float sigmoid(float x) { return 1.0f / (1.0f + expf(-x)); }

__device__ inline float softplus(float x) { return x > 0 ? x + log1pf(expf(-x)) : log1pf(expf(x)); }

__device__ inline float clipped(float x, float low, float high) { return x < low ? low : x > high ? high : x; }

__device__ inline float activation(int kind, float alpha, float x) {
    switch (kind) {
        case RELU: return x > 0 ? x : 0;
        case LEAKY_RELU: return x > 0 ? x : alpha * x;
        case TANH: return tanhf(x);
        case SIGMOID: return sigmoid(x);
        case SOFTPLUS: return softplus(x);
        case ELU: return x > 0 ? x : alpha * expm1f(x);
        case SWISH: return x * sigmoid(alpha * x);
        case HARD_TANH: return clipped(x, -alpha, alpha);
        case CLIPPED_RELU: return clipped(x, 0, alpha);
        case MISH: return x * tanhf(softplus(x));
        default: return x;
    }
}

// Derivative; s is the function's value where that is enough (Activation.differentiableFromOutput), else its argument.
__device__ inline float slope(int kind, float alpha, int fromOutput, float s) {
    switch (kind) {
        case RELU: return s > 0 ? 1 : 0;
        case LEAKY_RELU: return s > 0 ? 1 : alpha;
        case TANH: return 1 - s * s;
        case SIGMOID: return s * (1 - s);
        case SOFTPLUS: return sigmoid(s);
        case ELU: return s > 0 ? 1 : fromOutput ? s + alpha : alpha * expf(s);
        case SWISH: {
            float g = sigmoid(alpha * s);
            return g * (1 + alpha * s * (1 - g));
        }
        case HARD_TANH: return s > -alpha && s < alpha ? 1 : 0;
        case CLIPPED_RELU: return s > 0 && s < alpha ? 1 : 0;
        case MISH: {
            float t = tanhf(softplus(s));
            return t + s * (1 - t * t) * sigmoid(s);
        }
        default: return 1;
    }
}

// Philox4x32-10: word i of the stream (seed, purpose, index) is word i % 4 of block i / 4.
struct Words {
    u32 at[4];
};

__device__ inline Words philox(u64 seed, u32 purpose, u64 index, u32 block) {
    u32 k0 = (u32) seed, k1 = (u32) (seed >> 32);
    u32 c0 = block, c1 = purpose, c2 = (u32) index, c3 = (u32) (index >> 32);
    for (int round = 0; round < 10; round++) {
        u64 p0 = (u64) 0xD2511F53u * c0;
        u64 p1 = (u64) 0xCD9E8D57u * c2;
        c0 = (u32) (p1 >> 32) ^ c1 ^ k0;
        c1 = (u32) p1;
        c2 = (u32) (p0 >> 32) ^ c3 ^ k1;
        c3 = (u32) p0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    Words words = {{c0, c1, c2, c3}};
    return words;
}

// The sum over a block's threads (a power of two, at most 1024), in a fixed order; every thread gets it.
template <class X>
__device__ inline X block_sum(X x, X* shared) {
    int t = threadIdx.y * blockDim.x + threadIdx.x;
    shared[t] = x;
    __syncthreads();
    for (int half = blockDim.x * blockDim.y / 2; half > 0; half /= 2) {
        if (t < half) shared[t] += shared[t + half];
        __syncthreads();
    }
    X sum = shared[0];
    __syncthreads();
    return sum;
}

template <class X>
__device__ inline X block_max(X x, X* shared) {
    int t = threadIdx.y * blockDim.x + threadIdx.x;
    shared[t] = x;
    __syncthreads();
    for (int half = blockDim.x * blockDim.y / 2; half > 0; half /= 2) {
        if (t < half && shared[t + half] > shared[t]) shared[t] = shared[t + half];
        __syncthreads();
    }
    X most = shared[0];
    __syncthreads();
    return most;
}
