#include "common.cuh"
// Convolutions straight from their definition, one thread for each result: what cuDNN is compared with, and what runs where it has no
// algorithm. Images (n, h, w, c) and (n, oh, ow, k); weights (k, kh, kw, c / groups).

struct Conv {
    int h, w, c;
    int oh, ow, k;
    int kh, kw;
    int sh, sw;
    int top, left;
    int dh, dw;
    int groups;
};

// How many channels, and how many filters, a group has.
static __device__ int channels(const Conv& s) {
    return s.c / s.groups;
}

static __device__ int filters(const Conv& s) {
    return s.k / s.groups;
}

extern "C" __global__ void conv_forward(const T* x, const T* weights, T* y, i64 n, Conv s) {
    for (i64 i = first(); i < n; i += step()) {
        i64 rest = i;
        int k = (int) (rest % s.k);
        rest /= s.k;
        int column = (int) (rest % s.ow);
        rest /= s.ow;
        int row = (int) (rest % s.oh);
        i64 image = rest / s.oh;
        int width = channels(s);
        int start = k / filters(s) * width;
        float sum = 0;
        for (int a = 0; a < s.kh; a++) {
            int p = row * s.sh - s.top + a * s.dh;
            if (p < 0 || p >= s.h) continue;
            for (int b = 0; b < s.kw; b++) {
                int q = column * s.sw - s.left + b * s.dw;
                if (q < 0 || q >= s.w) continue;
                const T* from = x + ((image * s.h + p) * s.w + q) * s.c + start;
                const T* by = weights + (((i64) k * s.kh + a) * s.kw + b) * width;
                for (int c = 0; c < width; c++) sum += get(from[c]) * get(by[c]);
            }
        }
        put(y + i, sum);
    }
}

extern "C" __global__ void conv_data(const T* dy, const T* weights, T* dx, i64 n, Conv s) {
    for (i64 i = first(); i < n; i += step()) {
        i64 rest = i;
        int c = (int) (rest % s.c);
        rest /= s.c;
        int q = (int) (rest % s.w);
        rest /= s.w;
        int p = (int) (rest % s.h);
        i64 image = rest / s.h;
        int width = channels(s);
        int count = filters(s);
        i64 start = (i64) (c / width) * count; // of the filters that see this channel
        float sum = 0;
        for (int a = 0; a < s.kh; a++) {
            int row = p + s.top - a * s.dh;
            if (row < 0 || row % s.sh || row / s.sh >= s.oh) continue;
            for (int b = 0; b < s.kw; b++) {
                int column = q + s.left - b * s.dw;
                if (column < 0 || column % s.sw || column / s.sw >= s.ow) continue;
                const T* from = dy + ((image * s.oh + row / s.sh) * s.ow + column / s.sw) * s.k + start;
                const T* by = weights + ((start * s.kh + a) * s.kw + b) * width + c % width;
                for (int k = 0; k < count; k++) sum += get(from[k]) * get(by[(i64) k * s.kh * s.kw * width]);
            }
        }
        put(dx + i, sum);
    }
}

extern "C" __global__ void conv_weights(const T* x, const T* dy, float* dw, i64 n, Conv s, int images) {
    for (i64 i = first(); i < n; i += step()) {
        i64 rest = i;
        int width = channels(s);
        int c = (int) (rest % width);
        rest /= width;
        int b = (int) (rest % s.kw);
        rest /= s.kw;
        int a = (int) (rest % s.kh);
        int k = (int) (rest / s.kh);
        int seen = k / filters(s) * width + c;
        double sum = 0;
        for (i64 image = 0; image < images; image++) {
            for (int row = 0; row < s.oh; row++) {
                int p = row * s.sh - s.top + a * s.dh;
                if (p < 0 || p >= s.h) continue;
                float line = 0;
                for (int column = 0; column < s.ow; column++) {
                    int q = column * s.sw - s.left + b * s.dw;
                    if (q < 0 || q >= s.w) continue;
                    line += get(x[((image * s.h + p) * s.w + q) * s.c + seen])
                            * get(dy[((image * s.oh + row) * s.ow + column) * s.k + k]);
                }
                sum += line;
            }
        }
        dw[i] = (float) sum;
    }
}
