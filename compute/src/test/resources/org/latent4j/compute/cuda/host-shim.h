// What kernels need of CUDA, on the host: one block after the other. Threads that wait for each other are fibres.
#include <cmath>
#include <cstring>
#include <functional>
#include <tuple>
#include <ucontext.h>
#include <utility>
#include <vector>

#define __device__
#define __global__
#define __shared__ static
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
template <class X> static inline X atomicAdd(X* at, X x) { X old = *at; *at += x; return old; }
template <class X> static inline X atomicMin(X* at, X x) { X old = *at; if (x < old) *at = x; return old; }

// A fibre's own stack pointer is all that is kept of it: what else a call must keep lies on its stack.
#if defined(__x86_64__)
extern "C" void switch_fibre(void** from, void* to);
__asm__(R"(
.text
.type switch_fibre, @function
switch_fibre:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
)");

static void* new_fibre(char* stack, size_t bytes, void (*start)()) {
    void** top = (void**) (((size_t) stack + bytes) & ~(size_t) 15);
    *--top = nullptr;          // where start would return to, which it never does
    *--top = (void*) start;
    top -= 6;
    memset(top, 0, 6 * sizeof(void*));
    return top;
}
#else
struct Context {
    ucontext_t context;
};
static void switch_fibre(void** from, void* to) {
    swapcontext(&((Context*) *from)->context, &((Context*) to)->context);
}
static void* new_fibre(char* stack, size_t bytes, void (*start)()) {
    Context* made = (Context*) stack;
    getcontext(&made->context);
    made->context.uc_stack.ss_sp = stack + sizeof(Context);
    made->context.uc_stack.ss_size = bytes - sizeof(Context);
    made->context.uc_link = nullptr;
    makecontext(&made->context, start, 0);
    return made;
}
#endif

struct Fibres {
    static const int STACK = 64 * 1024;
    std::vector<void*> at;
    std::vector<char> stacks;
    std::vector<char> done;
#if defined(__x86_64__)
    void* home = nullptr;
#else
    Context homeContext;
    void* home = &homeContext;
#endif
    int now = -1, waiting = 0, alive = 0;
    long generation = 0;
    const std::function<void()>* work = nullptr;
};
static Fibres fibres;

static void fibre_main() {
    (*fibres.work)();
    fibres.done[fibres.now] = 1;
    fibres.alive--;
    switch_fibre(&fibres.at[fibres.now], fibres.home);
}

static void __syncthreads() {
    if (fibres.now < 0) return;
    long mine = fibres.generation;
    fibres.waiting++;
    do {
        if (fibres.waiting >= fibres.alive) {
            fibres.waiting = 0;
            fibres.generation++;
            break;
        }
        switch_fibre(&fibres.at[fibres.now], fibres.home);
    } while (fibres.generation == mine);
}

static void set_thread(int t) {
    threadIdx = {t % blockDim.x, t / blockDim.x, 0};
}

static void run_fibres(const std::function<void()>& work) {
    int n = blockDim.x * blockDim.y;
    if ((int) fibres.at.size() < n) {
        fibres.at.resize(n);
        fibres.stacks.resize((size_t) n * Fibres::STACK);
    }
    fibres.done.assign(n, 0);
    fibres.work = &work;
    fibres.alive = n;
    fibres.waiting = 0;
    for (int t = 0; t < n; t++) {
        fibres.at[t] = new_fibre(&fibres.stacks[(size_t) t * Fibres::STACK], Fibres::STACK, fibre_main);
    }
    while (fibres.alive > 0) {
        for (int t = 0; t < n; t++) {
            if (fibres.done[t]) continue;
            fibres.now = t;
            set_thread(t);
            switch_fibre(&fibres.home, fibres.at[t]);
        }
    }
    fibres.now = -1;
}

static void emulate(const int* grid, bool waits, const std::function<void()>& work) {
    gridDim = {(unsigned) grid[0], (unsigned) grid[1], (unsigned) grid[2]};
    blockDim = {(unsigned) grid[3], (unsigned) grid[4], 1};
    for (unsigned z = 0; z < gridDim.z; z++) {
        for (unsigned y = 0; y < gridDim.y; y++) {
            for (unsigned x = 0; x < gridDim.x; x++) {
                blockIdx = {x, y, z};
                if (waits) {
                    run_fibres(work);
                } else {
                    for (unsigned t = 0; t < blockDim.x * blockDim.y; t++) {
                        set_thread(t);
                        work();
                    }
                }
            }
        }
    }
}

template <class... A, size_t... I>
static void call_with(void (*kernel)(A...), void** a, std::index_sequence<I...>) {
    kernel(*(std::remove_reference_t<A>*) a[I]...);
}

template <class... A>
static void call(void (*kernel)(A...), void** a) {
    call_with(kernel, a, std::index_sequence_for<A...>());
}
