#include "common.cuh"
// Maxima and means over windows of images (n, h, w, c). Gradients are gathered, pixel by pixel, so that they repeat bit for bit.

struct Images {
    int h, w, c;    // the larger images
    int oh, ow;     // what the windows give
    int kh, kw;     // window
    int sh, sw;     // steps
    int top, left;  // padding
    int dh, dw;     // dilation
};

struct Pixel {
    int c, column, row;
    i64 image;
};

__device__ inline Pixel pixel(i64 i, int h, int w, int c) {
    Pixel p;
    p.c = (int) (i % c);
    i /= c;
    p.column = (int) (i % w);
    i /= w;
    p.row = (int) (i % h);
    p.image = i / h;
    return p;
}

// kind: Op.PoolKind. places: which pixel of the window was the first maximum, in type P.
extern "C" __global__ void pool(const T* x, T* y, P* places, i64 n, Images s, int kind) {
    for (i64 i = first(); i < n; i += step()) {
        Pixel p = pixel(i, s.oh, s.ow, s.c);
        float most = 0, sum = 0;
        int place = -1, inside = 0;
        for (int a = 0; a < s.kh; a++) {
            int row = p.row * s.sh - s.top + a * s.dh;
            for (int b = 0; b < s.kw; b++) {
                int column = p.column * s.sw - s.left + b * s.dw;
                if (row < 0 || row >= s.h || column < 0 || column >= s.w) continue;
                float v = get(x[((p.image * s.h + row) * s.w + column) * s.c + p.c]);
                sum += v;
                inside++;
                if (place < 0 || v > most) {
                    most = v;
                    place = a * s.kw + b;
                }
            }
        }
        if (kind == 0) {
            places[i] = (P) place;
            put(y + i, most);
        } else {
            put(y + i, sum / (kind == 1 ? s.kh * s.kw : inside));
        }
    }
}

extern "C" __global__ void pool_gradient(const T* dy, const P* places, T* dx, i64 n, Images s, int kind) {
    for (i64 i = first(); i < n; i += step()) {
        Pixel p = pixel(i, s.h, s.w, s.c);
        float sum = 0;
        for (int a = 0; a < s.kh; a++) {
            int row = p.row + s.top - a * s.dh;
            if (row < 0 || row % s.sh || row / s.sh >= s.oh) continue;
            for (int b = 0; b < s.kw; b++) {
                int column = p.column + s.left - b * s.dw;
                if (column < 0 || column % s.sw || column / s.sw >= s.ow) continue;
                i64 o = ((p.image * s.oh + row / s.sh) * s.ow + column / s.sw) * s.c + p.c;
                if (kind == 0) {
                    if ((int) places[o] == a * s.kw + b) sum += get(dy[o]);
                } else if (kind == 1) {
                    sum += get(dy[o]) / (s.kh * s.kw);
                } else {
                    int inside = 0;
                    for (int e = 0; e < s.kh; e++) {
                        int r = row / s.sh * s.sh - s.top + e * s.dh;
                        for (int f = 0; f < s.kw; f++) {
                            int c = column / s.sw * s.sw - s.left + f * s.dw;
                            inside += r >= 0 && r < s.h && c >= 0 && c < s.w;
                        }
                    }
                    sum += get(dy[o]) / inside;
                }
            }
        }
        put(dx + i, sum);
    }
}

// dy = dx at the (first) maximum of x in each window.
extern "C" __global__ void maximum_tangent(const T* x, const T* dx, T* dy, i64 n, Images s) {
    for (i64 i = first(); i < n; i += step()) {
        Pixel p = pixel(i, s.oh, s.ow, s.c);
        float most = 0;
        i64 best = -1;
        for (int a = 0; a < s.kh; a++) {
            int row = p.row * s.sh - s.top + a * s.dh;
            for (int b = 0; b < s.kw; b++) {
                int column = p.column * s.sw - s.left + b * s.dw;
                if (row < 0 || row >= s.h || column < 0 || column >= s.w) continue;
                i64 at = ((p.image * s.h + row) * s.w + column) * s.c + p.c;
                if (best < 0 || get(x[at]) > most) {
                    most = get(x[at]);
                    best = at;
                }
            }
        }
        dy[i] = dx[best];
    }
}
