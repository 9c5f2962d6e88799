#include "common.cuh"
// Sums by bin over the rows of nodes (Histograms). A block for each histogram, that is a node and one of its features; a thread for each of
// the 256 bins, which adds what belongs to it in the order of the rows: no two threads write to one place, and sums have one order.

enum { BINS = 256 };

// The next rows of a node: each thread fetches one, with what it is to add. Returns how many there are.
__device__ inline int fetch(const u8* column, const int* rows, int start, int to, u8* code, int* row) {
    int length = to - start < BINS ? to - start : BINS;
    if (threadIdx.x < length) {
        row[threadIdx.x] = rows[start + threadIdx.x];
        code[threadIdx.x] = column[row[threadIdx.x]];
    }
    return length;
}

// sums (histograms, 256, classes) = weight by class. codes (features, n); node i owns rows[from[i] .. to[i]).
extern "C" __global__ void class_sums(
        const u8* codes, i64 n, const int* rows, const int* from, const int* to, const int* features, int each,
        const int* labels, const double* weights, int classes, double* sums) {
    __shared__ u8 code[BINS];
    __shared__ int row[BINS];
    __shared__ int label[BINS];
    __shared__ double weight[BINS];
    int node = blockIdx.x / each;
    const u8* column = codes + features[blockIdx.x] * n;
    double* own = sums + ((i64) blockIdx.x * BINS + threadIdx.x) * classes;
    for (int c = 0; c < classes; c++) own[c] = 0;
    for (int start = from[node]; start < to[node]; start += BINS) {
        int length = fetch(column, rows, start, to[node], code, row);
        if (threadIdx.x < length) {
            label[threadIdx.x] = labels[row[threadIdx.x]];
            weight[threadIdx.x] = weights[row[threadIdx.x]];
        }
        __syncthreads();
        for (int i = 0; i < length; i++) {
            if (code[i] == threadIdx.x) own[label[i]] += weight[i];
        }
        __syncthreads();
    }
}

// sums (histograms, 256, 2) = weight, and weight times value.
extern "C" __global__ void value_sums(
        const u8* codes, i64 n, const int* rows, const int* from, const int* to, const int* features, int each,
        const double* values, const double* weights, double* sums) {
    __shared__ u8 code[BINS];
    __shared__ int row[BINS];
    __shared__ double weighted[BINS];
    __shared__ double weight[BINS];
    int node = blockIdx.x / each;
    const u8* column = codes + features[blockIdx.x] * n;
    double first = 0, second = 0;
    for (int start = from[node]; start < to[node]; start += BINS) {
        int length = fetch(column, rows, start, to[node], code, row);
        if (threadIdx.x < length) {
            weight[threadIdx.x] = weights[row[threadIdx.x]];
            // Rounded before it is added, as everywhere else.
            weighted[threadIdx.x] = __dmul_rn(weight[threadIdx.x], values[row[threadIdx.x]]);
        }
        __syncthreads();
        for (int i = 0; i < length; i++) {
            if (code[i] == threadIdx.x) {
                first += weight[i];
                second = __dadd_rn(second, weighted[i]);
            }
        }
        __syncthreads();
    }
    i64 at = ((i64) blockIdx.x * BINS + threadIdx.x) * 2;
    sums[at] = first;
    sums[at + 1] = second;
}

// counts (histograms, 256).
extern "C" __global__ void bin_counts(
        const u8* codes, i64 n, const int* rows, const int* from, const int* to, const int* features, int each, int* counts) {
    __shared__ u8 code[BINS];
    __shared__ int row[BINS];
    int node = blockIdx.x / each;
    const u8* column = codes + features[blockIdx.x] * n;
    int count = 0;
    for (int start = from[node]; start < to[node]; start += BINS) {
        int length = fetch(column, rows, start, to[node], code, row);
        __syncthreads();
        for (int i = 0; i < length; i++) count += code[i] == threadIdx.x;
        __syncthreads();
    }
    counts[(i64) blockIdx.x * BINS + threadIdx.x] = count;
}
