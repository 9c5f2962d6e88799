#include "common.cuh"
// The adversarial game's losses of logits, their slopes, and sums of what updates report. In double, as on the host; one block each, so
// that sums have one order.

// GameLosses.Kind, in its order.
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

extern "C" __global__ void discriminator_loss(
        const float* real, const float* fake, float* realSlopes, float* fakeSlopes, int m, int kind, double* sums) {
    __shared__ double shared[256];
    double loss = 0, value = 0, meanReal = 0, meanFake = 0, lead = 0, won = 0;
    for (int i = threadIdx.x; i < m; i += blockDim.x) {
        double a = real[i], b = fake[i];
        if (kind == RELATIVISTIC) {
            loss += softplus(b - a);
            realSlopes[i] = (float) -probability(b - a);
            fakeSlopes[i] = (float) probability(b - a);
        } else {
            Term one = of_real(kind, a), other = of_fake(kind, b);
            loss += one.value + other.value;
            realSlopes[i] = (float) one.slope;
            fakeSlopes[i] = (float) other.slope;
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
        const float* real, const float* fake, float* slopes, int m, int kind, double* sums) {
    __shared__ double shared[256];
    double loss = 0, mean = 0;
    for (int i = threadIdx.x; i < m; i += blockDim.x) {
        double b = fake[i];
        Term term;
        if (kind == RELATIVISTIC) {
            term.value = softplus(real[i] - b);
            term.slope = -probability(real[i] - b);
        } else {
            term = of_generator(kind, b);
        }
        loss += term.value;
        slopes[i] = (float) term.slope;
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
