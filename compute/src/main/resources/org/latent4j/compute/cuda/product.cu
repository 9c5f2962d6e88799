#include "common.cuh"
// y (m, n) = function(a (m, k) b (k, n) + bias), tiles of 16 by 16 in shared memory: what cuBLAS is compared with, and what runs where it
// has no algorithm. Steps from row to row and from column to column say how the matrices lie.

enum { TILE = 16 };

struct Steps {
    i64 aRow, aColumn, bRow, bColumn, yRow, yColumn;
};

extern "C" __global__ void product(
        const A* a, const B* b, const float* bias, Y* y, int m, int n, int k, Steps s, int kind, float alpha, int add) {
    __shared__ float left[TILE][TILE + 1];
    __shared__ float right[TILE][TILE + 1];
    int row = blockIdx.y * TILE + threadIdx.y;
    int column = blockIdx.x * TILE + threadIdx.x;
    float sum = 0;
    for (int from = 0; from < k; from += TILE) {
        int across = from + threadIdx.x;
        int down = from + threadIdx.y;
        left[threadIdx.y][threadIdx.x] = row < m && across < k ? get(a[row * s.aRow + across * s.aColumn]) : 0.0f;
        right[threadIdx.y][threadIdx.x] = down < k && column < n ? get(b[down * s.bRow + column * s.bColumn]) : 0.0f;
        __syncthreads();
        for (int i = 0; i < TILE; i++) sum += left[threadIdx.y][i] * right[i][threadIdx.x];
        __syncthreads();
    }
    if (row < m && column < n) {
        Y* place = y + row * s.yRow + column * s.yColumn;
        float result = activation(kind, alpha, sum + (bias ? bias[column] : 0.0f));
        put(place, add ? get(*place) + result : result);
    }
}
