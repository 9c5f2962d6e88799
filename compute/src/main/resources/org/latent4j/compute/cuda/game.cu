#include "common.cuh"
// The adversarial game's losses of logits, their slopes, and sums of what updates report: in double, as on the host; one block each, so
// that sums have one order. What is done to samples and their gradients between the networks.

// GameKernels.Kind, in its order.
enum { MINIMAX, NON_SATURATING, HINGE, LEAST_SQUARES, WASSERSTEIN, RELATIVISTIC };

// What is summed over updates, and how many there were.
enum { D_LOSS, VALUE, REAL, FAKE, D_NORM, G_LOSS, G_FAKE, G_NORM, LEAD, PAIRS_WON, D_COUNT, G_COUNT };

__device__ inline double softplus(double x) { return (x > 0 ? x : x == x ? 0 : x) + log1p(exp(-fabs(x))); }

__device__ inline double probability(double x) { return x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x)); }

struct Term {
    double value, slope;
};

__device__ inline Term of_real(int kind, double a) {
    switch (kind) {
        case HINGE: return {a < 1 ? 1 - a : a == a ? 0 : a, a < 1 ? -1.0 : 0.0};
        case LEAST_SQUARES: return {(a - 1) * (a - 1) / 2, a - 1};
        case WASSERSTEIN: return {-a, -1};
        default: return {softplus(-a), -probability(-a)};
    }
}

__device__ inline Term of_fake(int kind, double b) {
    switch (kind) {
        case HINGE: return {b > -1 ? 1 + b : b == b ? 0 : b, b > -1 ? 1.0 : 0.0};
        case LEAST_SQUARES: return {b * b / 2, b};
        case WASSERSTEIN: return {b, 1};
        default: return {softplus(b), probability(b)};
    }
}

__device__ inline Term of_generator(int kind, double b) {
    switch (kind) {
        case MINIMAX: return {-softplus(b), -probability(b)};
        case NON_SATURATING: return {softplus(-b), -probability(-b)};
        case LEAST_SQUARES: return {(b - 1) * (b - 1) / 2, b - 1};
        default: return {-b, -1};
    }
}

// Where sample i's logit lies among (m, width): the one there is, or that of its class.
__device__ inline i64 chosen(const float* classes, int i, int width) {
    return classes ? (i64) i * width + (int) classes[i] : i;
}

// A slope to (m, 1), or to (m, width) with zeros where a logit was not chosen.
__device__ inline void put_slope(float* slopes, const float* classes, int i, int width, double slope) {
    if (width == 1) {
        slopes[i] = (float) slope;
        return;
    }
    for (int k = 0; k < width; k++) slopes[(i64) i * width + k] = k == (int) classes[i] ? (float) slope : 0.0f;
}

// Logits (m, width), slopes (m, slopeWidth); classes (m), or none.
extern "C" __global__ void discriminator_loss(
        const float* real, const float* fake, const float* classes, float* realSlopes, float* fakeSlopes, int m, int width,
        int slopeWidth, int kind, double* sums) {
    __shared__ double shared[256];
    double loss = 0, value = 0, meanReal = 0, meanFake = 0, lead = 0, won = 0;
    for (int i = threadIdx.x; i < m; i += blockDim.x) {
        i64 at = chosen(classes, i, width);
        double a = real[at], b = fake[at];
        if (kind == RELATIVISTIC) {
            loss += softplus(b - a);
            put_slope(realSlopes, classes, i, slopeWidth, -probability(b - a));
            put_slope(fakeSlopes, classes, i, slopeWidth, probability(b - a));
        } else {
            Term one = of_real(kind, a), other = of_fake(kind, b);
            loss += one.value + other.value;
            put_slope(realSlopes, classes, i, slopeWidth, one.slope);
            put_slope(fakeSlopes, classes, i, slopeWidth, other.slope);
        }
        value -= softplus(-a) + softplus(b);
        meanReal += probability(a);
        meanFake += probability(b);
        lead += a - b;
        won += a > b ? 1 : a == b ? 0.5 : 0;
    }
    loss = block_sum(loss, shared);
    value = block_sum(value, shared);
    meanReal = block_sum(meanReal, shared);
    meanFake = block_sum(meanFake, shared);
    lead = block_sum(lead, shared);
    won = block_sum(won, shared);
    if (threadIdx.x == 0) {
        sums[D_LOSS] += loss / m;
        sums[VALUE] += value / m;
        sums[REAL] += meanReal / m;
        sums[FAKE] += meanFake / m;
        sums[LEAD] += lead / m;
        sums[PAIRS_WON] += won / m;
        sums[D_COUNT] += 1;
    }
}

// real: read by RELATIVISTIC alone.
extern "C" __global__ void generator_loss(
        const float* real, const float* fake, const float* classes, float* slopes, int m, int width, int slopeWidth,
        int kind, double* sums) {
    __shared__ double shared[256];
    double loss = 0, mean = 0;
    for (int i = threadIdx.x; i < m; i += blockDim.x) {
        i64 at = chosen(classes, i, width);
        double b = fake[at];
        Term term;
        if (kind == RELATIVISTIC) {
            term.value = softplus(real[at] - b);
            term.slope = -probability(real[at] - b);
        } else {
            term = of_generator(kind, b);
        }
        loss += term.value;
        put_slope(slopes, classes, i, slopeWidth, term.slope);
        mean += probability(b);
    }
    loss = block_sum(loss, shared);
    mean = block_sum(mean, shared);
    if (threadIdx.x == 0) {
        sums[G_LOSS] += loss / m;
        sums[G_FAKE] += mean / m;
        sums[G_COUNT] += 1;
    }
}

// sum += sqrt(square) scale.
extern "C" __global__ void add_norm(const double* square, double* sum, double scale) {
    if (threadIdx.x == 0) *sum += sqrt(*square) * scale;
}

// y = x, each sample times its own number.
extern "C" __global__ void scale(const float* x, const float* factors, float* y, i64 n, i64 elements) {
    for (i64 i = first(); i < n; i += step()) y[i] = x[i] * factors[i / elements];
}

// y = b + share (a - b), each sample with its own share.
extern "C" __global__ void mix(const float* a, const float* b, const float* shares, float* y, i64 n, i64 elements) {
    for (i64 i = first(); i < n; i += step()) y[i] = b[i] + shares[i / elements] * (a[i] - b[i]);
}

// y = x + distance v / |v| for each sample, or x where v is 0; its logits' slopes (m, width) are gamma |v| / (2 distance). A block for each.
extern "C" __global__ void along_slopes(
        const float* x, const float* v, const float* gamma, const float* classes, float* y, float* slopes, i64 elements,
        int width, double distance) {
    __shared__ double shared[256];
    x += blockIdx.x * elements;
    v += blockIdx.x * elements;
    y += blockIdx.x * elements;
    double sum = 0;
    for (i64 i = threadIdx.x; i < elements; i += blockDim.x) sum += (double) v[i] * v[i];
    double norm = sqrt(block_sum(sum, shared));
    float scale = norm == 0 ? 0.0f : (float) (distance / norm);
    // As on the host, where nothing is contracted: differences of floats are sensitive to the places' last bits.
    for (i64 i = threadIdx.x; i < elements; i += blockDim.x) y[i] = __fadd_rn(x[i], __fmul_rn(v[i], scale));
    if (threadIdx.x == 0) put_slope(slopes, classes, (int) blockIdx.x, width, *gamma * norm / (2 * distance));
}

// One image of channels c, and what its view is (GameKernels.view).
struct View {
    int c, h, w, last;
    float brightness, saturation, contrast;
    int down, right, rollDown, rollRight, cutTop, cutLeft;

    __device__ View(const float* numbers, int c, int h, int w, int last) : c(c), h(h), w(w), last(last) {
        brightness = numbers[0];
        saturation = numbers[1];
        contrast = numbers[2];
        down = (int) numbers[3];
        right = (int) numbers[4];
        rollDown = (int) numbers[5];
        rollRight = (int) numbers[6];
        cutTop = (int) numbers[7];
        cutLeft = (int) numbers[8];
    }

    __device__ i64 at(int row, int column, int channel) const {
        return last ? ((i64) row * w + column) * c + channel : ((i64) channel * h + row) * w + column;
    }

    __device__ bool inside(int row, int column) const { return row >= 0 && row < h && column >= 0 && column < w; }

    // Of the view, not of the image.
    __device__ bool cut(int row, int column) const {
        return row >= cutTop && row < cutTop + (h + 1) / 2 && column >= cutLeft && column < cutLeft + (w + 1) / 2;
    }
};

// y: a view of each image of x. A block for each.
extern "C" __global__ void view(const float* x, const float* numbers, float* y, int c, int h, int w, int last) {
    __shared__ double shared[256];
    View v(numbers + 9 * (i64) blockIdx.x, c, h, w, last);
    i64 elements = (i64) c * h * w;
    x += blockIdx.x * elements;
    y += blockIdx.x * elements;
    double sum = 0;
    for (i64 i = threadIdx.x; i < elements; i += blockDim.x) sum += x[i];
    sum = block_sum(sum, shared);
    // Saturation leaves the mean as it is.
    float rest = (float) ((1 - v.contrast) * (sum / elements + v.brightness));
    for (int pixel = threadIdx.x; pixel < h * w; pixel += blockDim.x) {
        int row = pixel / w, column = pixel % w;
        int fromRow = row - v.down, fromColumn = column - v.right;
        if (!v.inside(fromRow, fromColumn) || v.cut(row, column)) {
            for (int k = 0; k < c; k++) y[v.at(row, column, k)] = 0;
            continue;
        }
        fromRow = (fromRow - v.rollDown + h) % h;
        fromColumn = (fromColumn - v.rollRight + w) % w;
        float total = 0;
        for (int k = 0; k < c; k++) total += x[v.at(fromRow, fromColumn, k)] + v.brightness;
        float pull = (1 - v.saturation) * total / c;
        for (int k = 0; k < c; k++) {
            float bright = x[v.at(fromRow, fromColumn, k)] + v.brightness;
            y[v.at(row, column, k)] = v.contrast * (v.saturation * bright + pull) + rest;
        }
    }
}

// y: the gradient with respect to each image, of x, that with respect to its view.
extern "C" __global__ void view_back(const float* x, const float* numbers, float* y, int c, int h, int w, int last) {
    __shared__ double shared[256];
    View v(numbers + 9 * (i64) blockIdx.x, c, h, w, last);
    i64 elements = (i64) c * h * w;
    x += blockIdx.x * elements;
    y += blockIdx.x * elements;
    double sum = 0;
    for (int pixel = threadIdx.x; pixel < h * w; pixel += blockDim.x) {
        int row = pixel / w, column = pixel % w;
        int atRow = (row + v.rollDown) % h + v.down, atColumn = (column + v.rollRight) % w + v.right;
        bool seen = v.inside(atRow, atColumn) && !v.cut(atRow, atColumn);
        for (int k = 0; k < c; k++) {
            float g = seen ? x[v.at(atRow, atColumn, k)] : 0.0f;
            y[v.at(row, column, k)] = g;
            sum += g;
        }
    }
    sum = block_sum(sum, shared);
    float rest = (float) ((1 - v.contrast) * sum / elements);
    // Each thread goes on with the pixels that it wrote.
    for (int pixel = threadIdx.x; pixel < h * w; pixel += blockDim.x) {
        int row = pixel / w, column = pixel % w;
        float total = 0;
        for (int k = 0; k < c; k++) total += v.contrast * y[v.at(row, column, k)] + rest;
        float pull = (1 - v.saturation) * total / c;
        for (int k = 0; k < c; k++) {
            float mixed = v.contrast * y[v.at(row, column, k)] + rest;
            y[v.at(row, column, k)] = v.saturation * mixed + pull;
        }
    }
}

// y (n numbers): images of a set (.., h, w, c) in the networks' scale, in their order or with their channels first. which: index, or
// ~index of one that is mirrored.
extern "C" __global__ void gather(const u8* set, const int* which, float* y, i64 n, int c, int h, int w, int last) {
    for (i64 i = first(); i < n; i += step()) {
        i64 rest = i;
        int channel = 0, row, column;
        if (last) {
            channel = (int) (rest % c);
            rest /= c;
        }
        column = (int) (rest % w);
        rest /= w;
        row = (int) (rest % h);
        rest /= h;
        if (!last) {
            channel = (int) (rest % c);
            rest /= c;
        }
        int image = which[rest];
        if (image < 0) {
            image = ~image;
            column = w - 1 - column;
        }
        y[i] = set[(((i64) image * h + row) * w + column) * c + channel] / 127.5f - 1.0f;
    }
}

// Spectral norms, in double and in one order of summation. Weights (rows, columns), row after row.

// v = W^T u, a thread for each column.
extern "C" __global__ void spectral_pull(const float* w, const double* u, double* v, int rows, int columns) {
    for (i64 column = first(); column < columns; column += step()) {
        double sum = 0;
        for (int row = 0; row < rows; row++) sum = __dadd_rn(sum, __dmul_rn(u[row], (double) w[(i64) row * columns + column]));
        v[column] = sum;
    }
}

// u (rows) = W v, or the products of the rows of W and G where v is none. A block for each row.
extern "C" __global__ void spectral_push(const float* w, const double* v, const float* g, double* u, int columns) {
    __shared__ double shared[256];
    const float* row = w + (i64) blockIdx.x * columns;
    const float* other = g ? g + (i64) blockIdx.x * columns : 0;
    double sum = 0;
    for (int i = threadIdx.x; i < columns; i += blockDim.x) sum += row[i] * (g ? (double) other[i] : v[i]);
    sum = block_sum(sum, shared);
    if (threadIdx.x == 0) u[blockIdx.x] = sum;
}

// x = x / |x|, unless that is 0; length = |x|. One block.
extern "C" __global__ void spectral_unit(double* x, int n, double* length) {
    __shared__ double shared[256];
    double sum = 0;
    for (int i = threadIdx.x; i < n; i += blockDim.x) sum += x[i] * x[i];
    double norm = sqrt(block_sum(sum, shared));
    for (int i = threadIdx.x; i < n && norm > 0; i += blockDim.x) x[i] /= norm;
    if (threadIdx.x == 0) *length = norm;
}

// sum = the sum of n numbers. One block.
extern "C" __global__ void spectral_sum(const double* x, int n, double* sum) {
    __shared__ double shared[256];
    double own = 0;
    for (int i = threadIdx.x; i < n; i += blockDim.x) own += x[i];
    own = block_sum(own, shared);
    if (threadIdx.x == 0) *sum = own;
}

// G -= along u v^T: the gradient through the normalisation.
extern "C" __global__ void spectral_gradient(
        float* g, const double* u, const double* v, const double* along, i64 n, int columns) {
    for (i64 i = first(); i < n; i += step()) {
        g[i] -= (float) __dmul_rn(__dmul_rn(*along, u[i / columns]), v[i % columns]);
    }
}

// W = W / sigma, unless that is 0 or no number.
extern "C" __global__ void spectral_divide(float* w, const double* sigma, i64 n) {
    double s = *sigma;
    if (!(s > 0) || s == INFINITY) return;
    for (i64 i = first(); i < n; i += step()) w[i] = (float) (w[i] / s);
}
