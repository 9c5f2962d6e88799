// What kernels need of CUDA, on the host. Behind it: races-shim.h, threads-shim.h, warp-shim.h, and the kernels.
#include <cmath>
#include <cstdio>
#include <cstring>
#include <functional>
#include <memory>
#include <numeric>
#include <tuple>
#include <ucontext.h>
#include <unordered_map>
#include <utility>
#include <vector>

#define __device__
#define __global__
// All of a module's shared memory lies in one section, whose bounds the linker knows.
#define __shared__ static __attribute__((section("shared_memory")))
#define __forceinline__ inline
#define __restrict__

struct Sizes {
    unsigned x, y, z;
};
static Sizes threadIdx, blockIdx, blockDim, gridDim;

static inline float __uint_as_float(unsigned bits) { float x; memcpy(&x, &bits, 4); return x; }
static inline unsigned __float_as_uint(float x) { unsigned bits; memcpy(&bits, &x, 4); return bits; }
static inline long long __double_as_longlong(double x) { long long bits; memcpy(&bits, &x, 8); return bits; }
static inline double __longlong_as_double(long long bits) { double x; memcpy(&x, &bits, 8); return x; }
static inline float rsqrtf(float x) { return 1.0f / sqrtf(x); }
static inline double __dmul_rn(double a, double b) { return a * b; }
static inline double __dadd_rn(double a, double b) { return a + b; }
static inline double __dsub_rn(double a, double b) { return a - b; }
static inline double __fma_rn(double a, double b, double c) { return fma(a, b, c); }
static inline float __fmul_rn(float a, float b) { return a * b; }
static inline float __fadd_rn(float a, float b) { return a + b; }
