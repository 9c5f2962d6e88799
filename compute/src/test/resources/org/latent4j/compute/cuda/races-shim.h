// Finds races: two threads at one place of shared or global memory, one of which writes, with nothing in between that orders them. Compiled
// for that, the kernels call the functions at the end before each access: g++ -fsanitize=thread, without that sanitizer's own library.
#define UNWATCHED __attribute__((no_sanitize("thread"), noinline))

extern char __start_shared_memory[] __attribute__((weak, visibility("hidden")));
extern char __stop_shared_memory[] __attribute__((weak, visibility("hidden")));

static char problem[512];

// The thread whose turn it is. Intervals lie between barriers; numbers of a block and of a launch tell old accesses from present ones.
static int ownThread, ownBlock, ownInterval;
static long blockNumber, launchNumber;

// The card's memory: pairs of address and bytes, ascending.
static const long long* cardMemory;
static int cardMemoryCount;

// Not what is done here, nor before and after a launch.
static bool watching;

enum Kind { READ, WRITE, ATOMIC };
static const char* const KINDS[] = {"reads", "writes", "changes atomically"};

// Who came to a place in the same way, last of all; and whether others did before in this interval, or other blocks.
struct Visits {
    long number = 0;
    int block, interval, thread;
    bool otherThreads, otherBlocks;

    UNWATCHED bool conflict(long now) const {
        return number == now
                && (otherBlocks || block != ownBlock || interval == ownInterval && (otherThreads || thread != ownThread));
    }

    UNWATCHED void add(long now) {
        if (number != now) {
            number = now;
            otherThreads = otherBlocks = false;
        } else if (block != ownBlock) {
            otherBlocks = true;
        } else if (interval != ownInterval) {
            otherThreads = false;
        } else if (thread != ownThread) {
            otherThreads = true;
        }
        block = ownBlock;
        interval = ownInterval;
        thread = ownThread;
    }
};

// A byte's, by kind.
struct Place {
    Visits visits[3];
};
struct Page {
    static const int BYTES = 1024;
    Place places[BYTES];
};
static std::unordered_map<size_t, std::unique_ptr<Page>> pages;

UNWATCHED static bool in_shared(size_t address) {
    return address >= (size_t) __start_shared_memory && address < (size_t) __stop_shared_memory;
}

UNWATCHED static bool in_card(size_t address) {
    int low = 0, high = cardMemoryCount;
    while (low < high) {
        int middle = (low + high) / 2;
        if (address < (size_t) cardMemory[2 * middle]) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low > 0 && address < (size_t) (cardMemory[2 * low - 2] + cardMemory[2 * low - 1]);
}

UNWATCHED static void visit(size_t address, Kind kind, bool shared) {
    static size_t lastNumber = ~(size_t) 0;
    static Page* last;
    if (address / Page::BYTES != lastNumber || pages.empty()) {
        lastNumber = address / Page::BYTES;
        auto& page = pages[lastNumber];
        if (!page) page.reset(new Page());
        last = page.get();
    }
    Place& place = last->places[address % Page::BYTES];
    long now = shared ? blockNumber : launchNumber;
    const char* memory = shared ? "shared" : "global";
    // Reads don't disturb each other, nor do atomic changes.
    for (int other = READ; other <= ATOMIC; other++) {
        const Visits& visits = place.visits[other];
        if (other == kind && kind != WRITE || !visits.conflict(now)) continue;
        snprintf(problem, sizeof(problem), "thread %d of block %d %s a place of %s memory that thread %d of block %d %s, too, with no barrier between",
                ownThread, ownBlock, KINDS[kind], memory, visits.thread, visits.block, KINDS[other]);
        return;
    }
    if (shared && kind == READ && place.visits[WRITE].number != now && place.visits[ATOMIC].number != now) {
        snprintf(problem, sizeof(problem), "thread %d of block %d reads a place of shared memory that nobody wrote", ownThread, ownBlock);
        return;
    }
    place.visits[kind].add(now);
}

// Ends the thread if it is a fibre: what comes of a race could lead it anywhere.
static void give_up();

UNWATCHED static void touch(const volatile void* at, size_t bytes, Kind kind) {
    if (!watching) return;
    size_t address = (size_t) at;
    bool shared = in_shared(address);
    if (!shared && !in_card(address)) return;
    watching = false;
    for (size_t i = 0; i < bytes && !problem[0]; i++) visit(address + i, kind, shared);
    watching = true;
    if (problem[0]) give_up();
}

UNWATCHED static void watch_launch(const long long* memory, int count) {
    problem[0] = 0;
    cardMemory = memory;
    cardMemoryCount = count;
    launchNumber++;
    if (pages.size() > 1000) pages.clear();
    watching = true;
}

// What lies in shared memory before a block writes there may be anything.
UNWATCHED static void watch_block(int block) {
    ownBlock = block;
    ownInterval = 0;
    blockNumber++;
    memset(__start_shared_memory, 0x7f, __stop_shared_memory - __start_shared_memory);
}

template <class X> UNWATCHED static X atomicAdd(X* at, X x) {
    touch(at, sizeof(X), ATOMIC);
    X old = *at;
    *at += x;
    return old;
}
template <class X> UNWATCHED static X atomicMin(X* at, X x) {
    touch(at, sizeof(X), ATOMIC);
    X old = *at;
    if (x < old) *at = x;
    return old;
}
template <class X> UNWATCHED static X atomicMax(X* at, X x) {
    touch(at, sizeof(X), ATOMIC);
    X old = *at;
    if (old < x) *at = x;
    return old;
}

#ifdef WATCH_RACES
#define HOOK(NAME, BYTES, KIND) \
    extern "C" UNWATCHED __attribute__((visibility("hidden"))) void __tsan_##NAME(void* at) { touch(at, BYTES, KIND); }
#define HOOKS(BYTES) \
    HOOK(read##BYTES, BYTES, READ) \
    HOOK(write##BYTES, BYTES, WRITE) \
    HOOK(unaligned_read##BYTES, BYTES, READ) \
    HOOK(unaligned_write##BYTES, BYTES, WRITE) \
    HOOK(volatile_read##BYTES, BYTES, ATOMIC) \
    HOOK(volatile_write##BYTES, BYTES, ATOMIC)
HOOKS(1)
HOOKS(2)
HOOKS(4)
HOOKS(8)
HOOKS(16)
extern "C" {
#define UNSEEN UNWATCHED __attribute__((visibility("hidden")))
UNSEEN void __tsan_read_range(void* at, long bytes) { touch(at, bytes, READ); }
UNSEEN void __tsan_write_range(void* at, long bytes) { touch(at, bytes, WRITE); }
UNSEEN void __tsan_init() {}
UNSEEN void __tsan_func_entry(void*) {}
UNSEEN void __tsan_func_exit() {}
UNSEEN void __tsan_vptr_update(void*, void*) {}
}
#endif

