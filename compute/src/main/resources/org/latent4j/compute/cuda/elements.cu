#include "common.cuh"
// What is done element by element. wide: all addresses are aligned for four at once.

extern "C" __global__ void activate(const T* x, T* y, i64 n, int kind, float alpha, int wide) {
    map(x, y, n, wide, [=](float a) { return activation(kind, alpha, a); });
}

extern "C" __global__ void activate_gradient(
        const T* saved, const T* dy, T* dx, i64 n, int kind, float alpha, int fromOutput, int wide) {
    map(saved, dy, dx, n, wide, [=](float s, float d) { return d * slope(kind, alpha, fromOutput, s); });
}

// y (rows, channels) = function(y + bias); a bias of 0 is none. wide: four neighbours at once, which are then of one row.
extern "C" __global__ void bias_activate(T* y, const float* bias, i64 n, int channels, int kind, float alpha, int wide) {
    i64 packed = wide ? n / 4 : 0;
    for (i64 i = first(); i < packed; i += step()) {
        int c = (int) (4 * i % channels);
        Four<T> numbers = ((Four<T>*) y)[i];
        for (int j = 0; j < 4; j++) {
            put(&numbers.at[j], activation(kind, alpha, get(numbers.at[j]) + (bias ? bias[c + j] : 0.0f)));
        }
        ((Four<T>*) y)[i] = numbers;
    }
    for (i64 i = 4 * packed + first(); i < n; i += step()) {
        put(y + i, activation(kind, alpha, get(y[i]) + (bias ? bias[i % channels] : 0.0f)));
    }
}

// Op.BinaryKind, in its order.
extern "C" __global__ void binary(const T* a, const T* b, T* y, i64 n, int kind, int wide) {
    map(a, b, y, n, wide, [=](float p, float q) {
        switch (kind) {
            case 0: return p + q;
            case 1: return p - q;
            case 2: return p * q;
            case 3: return p > q ? p : q;
            default: return p >= q ? 1.0f : 0.0f;
        }
    });
}

// y = |x|^exponent.
extern "C" __global__ void absolute_power(const T* x, T* y, i64 n, float exponent, int wide) {
    map(x, y, n, wide, [=](float a) { return powf(fabsf(a), exponent); });
}

// dx = exponent |x|^(exponent - 1) sign(x) dy, and 0 where x is.
extern "C" __global__ void absolute_power_gradient(const T* x, const T* dy, T* dx, i64 n, float exponent, int wide) {
    map(x, dy, dx, n, wide, [=](float a, float d) {
        if (a == 0) return 0.0f;
        float slope = exponent * powf(fabsf(a), exponent - 1.0f);
        return (a < 0 ? -slope : slope) * d;
    });
}

extern "C" __global__ void linear(const T* x, T* y, i64 n, float scale, float shift, int wide) {
    map(x, y, n, wide, [=](float a) { return scale * a + shift; });
}

extern "C" __global__ void fill(T* y, i64 n, float value) {
    for (i64 i = first(); i < n; i += step()) put(y + i, value);
}

// Each sample times its own number, plus an addend if there is one.
extern "C" __global__ void scale_samples(const T* x, const float* factors, const T* addend, T* y, i64 n, i64 elements) {
    for (i64 i = first(); i < n; i += step()) {
        put(y + i, get(x[i]) * factors[i / elements] + (addend ? get(addend[i]) : 0.0f));
    }
}
