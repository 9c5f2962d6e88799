#include "common.cuh"
// Strided copies of boxes of up to four axes, from type X to type Y: changes of layout, type and place.

struct Box {
    i64 size[4];
    i64 from[4];
    i64 to[4];
};

// y = x, or y += x.
extern "C" __global__ void box(const X* x, Y* y, Box box, int add) {
    i64 n = box.size[0] * box.size[1] * box.size[2] * box.size[3];
    for (i64 i = first(); i < n; i += step()) {
        i64 rest = i, p = 0, q = 0;
        for (int axis = 3; axis >= 0; axis--) {
            i64 at = rest % box.size[axis];
            rest /= box.size[axis];
            p += at * box.from[axis];
            q += at * box.to[axis];
        }
        put(y + q, add ? get(y[q]) + get(x[p]) : get(x[p]));
    }
}

// The same without strides.
extern "C" __global__ void flat(const X* x, Y* y, i64 n, int add, int wide) {
    if (add) {
        map(x, y, y, n, wide, [](float a, float b) { return a + b; });
    } else {
        map(x, y, n, wide, [](float a) { return a; });
    }
}

// y (n, rows h, columns w, c) = each pixel of x (n, rows, columns, c), h by w times.
extern "C" __global__ void upsample(const X* x, Y* y, i64 n, int rows, int columns, int channels, int h, int w) {
    for (i64 i = first(); i < n; i += step()) {
        i64 rest = i;
        int c = (int) (rest % channels);
        rest /= channels;
        int column = (int) (rest % ((i64) columns * w));
        rest /= (i64) columns * w;
        int row = (int) (rest % ((i64) rows * h));
        i64 image = rest / ((i64) rows * h);
        put(y + i, get(x[((image * rows + row / h) * columns + column / w) * channels + c]));
    }
}

// dx (n, rows, columns, c) = the sums over h by w pixels of dy.
extern "C" __global__ void upsample_gradient(const X* dy, Y* dx, i64 n, int rows, int columns, int channels, int h, int w) {
    for (i64 i = first(); i < n; i += step()) {
        i64 rest = i;
        int c = (int) (rest % channels);
        rest /= channels;
        int column = (int) (rest % columns);
        rest /= columns;
        int row = (int) (rest % rows);
        i64 image = rest / rows;
        float sum = 0;
        for (int p = 0; p < h; p++) {
            for (int q = 0; q < w; q++) {
                sum += get(dy[((image * rows * h + (i64) row * h + p) * columns * w + (i64) column * w + q) * channels + c]);
            }
        }
        put(dx + i, sum);
    }
}
