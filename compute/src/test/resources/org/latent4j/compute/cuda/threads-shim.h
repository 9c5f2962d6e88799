// A grid's blocks one after the other, and a block's threads: one after the other, too, or, where they wait for each other, as fibres. In which
// order is the launch's choice: what it computes must not depend on it.

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

enum State : char { READY, AT_BARRIER, WITH_WARP, DONE };

struct Fibres {
    static const int STACK = 64 * 1024;
    std::vector<void*> at;
    std::vector<char> stacks;
    std::vector<State> states;
#if defined(__x86_64__)
    void* home = nullptr;
#else
    Context homeContext;
    void* home = &homeContext;
#endif
    int now = -1;
    const std::function<void()>* work = nullptr;
};
static Fibres fibres;

struct Warp {
    int waiting = 0;
    long generation = 0;
};
static Warp warps[32];

// An asynchronous copy, under way until its thread waits for it.
struct Copy {
    float* to;
    const float* from;
    int count;
    bool there;
};
static std::vector<Copy> copies[1024];

static void set_thread(int t) {
    ownThread = t;
    threadIdx = {t % blockDim.x, t / blockDim.x, 0};
}

// Leaves the fibre until there is again something for it to do.
static void wait_as(State state) {
    fibres.states[fibres.now] = state;
    switch_fibre(&fibres.at[fibres.now], fibres.home);
}

static void fibre_main() {
    (*fibres.work)();
    wait_as(DONE);
}

static void give_up() {
    if (fibres.now >= 0) wait_as(DONE);
}

static void __syncthreads() {
    if (fibres.now >= 0) wait_as(AT_BARRIER);
}

// Order 0 is ascending, 1 descending, others are seeds of shuffles.
static int order;
static unsigned long long shuffles;

static void put_in_order(std::vector<int>& numbers, int count) {
    numbers.resize(count);
    std::iota(numbers.begin(), numbers.end(), 0);
    if (order == 1) {
        for (int i = 0; i < count; i++) numbers[i] = count - 1 - i;
    }
    for (int i = count - 1; i > 0 && order > 1; i--) {
        shuffles = shuffles * 6364136223846793005ull + 1442695040888963407ull;
        std::swap(numbers[i], numbers[(shuffles >> 33) % (i + 1)]);
    }
}

// The order of warps, and of each warp's threads: a warp goes on as far as it can before the next one.
static std::vector<int> warpOrder, laneOrder;

static void order_threads() {
    put_in_order(warpOrder, (blockDim.x * blockDim.y + 31) / 32);
    put_in_order(laneOrder, 32);
}

// Each warp until all of its threads are done, or wait for others than themselves.
static void run_interval(int threads) {
    for (int warp : warpOrder) {
        for (bool ran = true; ran;) {
            ran = false;
            for (int lane : laneOrder) {
                int t = 32 * warp + lane;
                if (t >= threads || fibres.states[t] != READY) continue;
                if (problem[0]) return;
                ran = true;
                set_thread(t);
                fibres.now = t;
                switch_fibre(&fibres.home, fibres.at[t]);
                fibres.now = -1;
            }
        }
    }
}

static void run_fibres(const std::function<void()>& work) {
    int n = blockDim.x * blockDim.y;
    if ((int) fibres.at.size() < n) {
        fibres.at.resize(n);
        fibres.stacks.resize((size_t) n * Fibres::STACK);
    }
    fibres.states.assign(n, READY);
    fibres.work = &work;
    for (Warp& warp : warps) warp.waiting = 0;
    for (auto& own : copies) own.clear();
    for (int t = 0; t < n; t++) {
        fibres.at[t] = new_fibre(&fibres.stacks[(size_t) t * Fibres::STACK], Fibres::STACK, fibre_main);
    }
    for (bool alive = true; alive && !problem[0]; ownInterval++) {
        order_threads();
        run_interval(n);
        alive = false;
        for (State& state : fibres.states) {
            if (state == AT_BARRIER) {
                state = READY;
                alive = true;
            } else if (state == WITH_WARP) {
                snprintf(problem, sizeof(problem), "threads wait for others of their warp, which wait elsewhere");
            }
        }
    }
}

static void emulate(const int* numbers, const long long* memory, char* told, bool waits, const std::function<void()>& work) {
    gridDim = {(unsigned) numbers[0], (unsigned) numbers[1], (unsigned) numbers[2]};
    blockDim = {(unsigned) numbers[3], (unsigned) numbers[4], 1};
    order = numbers[5];
    shuffles = order;
    watch_launch(memory, numbers[6]);
    std::vector<int> blockOrder;
    put_in_order(blockOrder, gridDim.x * gridDim.y * gridDim.z);
    for (int block : blockOrder) {
        if (problem[0]) break;
        blockIdx = {block % gridDim.x, block / gridDim.x % gridDim.y, block / gridDim.x / gridDim.y};
        watch_block(block);
        if (waits) {
            run_fibres(work);
            continue;
        }
        order_threads();
        for (int warp : warpOrder) {
            for (int lane : laneOrder) {
                set_thread(32 * warp + lane);
                if (ownThread < (int) (blockDim.x * blockDim.y)) work();
            }
        }
    }
    watching = false;
    strcpy(told, problem);
}

template <class... A, size_t... I>
static void call_with(void (*kernel)(A...), void** a, std::index_sequence<I...>) {
    kernel(*(std::remove_reference_t<A>*) a[I]...);
}

template <class... A>
static void call(void (*kernel)(A...), void** a) {
    call_with(kernel, a, std::index_sequence_for<A...>());
}
