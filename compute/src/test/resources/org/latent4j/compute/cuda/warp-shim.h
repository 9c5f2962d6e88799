// What a warp's threads do together, on the host: fibres of 32 hand each other what they have. Behind threads-shim.h.
#define TENSOR_CORES

static char handed[2][1024][32];

// What each thread of the warp hands over; those of the next time lie elsewhere, so that one wait is enough.
static char (*hand_over(const void* own, size_t bytes))[32] {
    int thread = fibres.now;
    Warp& warp = warps[thread / 32];
    long mine = warp.generation;
    memcpy(handed[mine % 2][thread], own, bytes);
    if (++warp.waiting < 32) {
        wait_as(WITH_WARP);
    } else {
        warp.waiting = 0;
        warp.generation++;
        for (int i = 0; i < 32; i++) fibres.states[thread / 32 * 32 + i] = READY;
    }
    return handed[mine % 2] + thread / 32 * 32;
}

template <class X> static X __shfl_xor_sync(unsigned, X own, int other) {
    X theirs;
    memcpy(&theirs, hand_over(&own, sizeof(X))[fibres.now % 32 ^ other], sizeof(X));
    return theirs;
}

static unsigned __ballot_sync(unsigned, int own) {
    char (*all)[32] = hand_over(&own, sizeof(int));
    unsigned votes = 0;
    for (int i = 0; i < 32; i++) {
        int vote;
        memcpy(&vote, all[i], sizeof(int));
        votes |= (unsigned) (vote != 0) << i;
    }
    return votes;
}

static inline int __ffs(int bits) { return __builtin_ffs(bits); }

// mma.m16n8k8 of TF32 as the PTX manual lays its parts out over the threads; it reads 19 bits of each factor.
static void multiply_tf32(float* c, const unsigned* a, const unsigned* b) {
    unsigned own[6] = {a[0], a[1], a[2], a[3], b[0], b[1]};
    char (*all)[32] = hand_over(own, sizeof(own));
    auto factor = [&](int thread, int i) {
        unsigned bits;
        memcpy(&bits, all[thread] + 4 * i, 4);
        return __uint_as_float(bits & 0xffffe000u);
    };
    int group = fibres.now % 32 / 4, place = fibres.now % 4;
    for (int i = 0; i < 4; i++) {
        int below = i / 2, column = 2 * place + i % 2;
        for (int k = 0; k < 8; k++) {
            c[i] += factor(4 * group + k % 4, 2 * (k / 4) + below) * factor(4 * column + k % 4, 4 + k / 4);
        }
    }
}

static void copy_later(float* to, const float* from, int count, bool there) {
    for (int i = 0; i < count; i++) to[i] = NAN; // nobody may read them yet
    copies[fibres.now].push_back({to, from, count, there});
}
static void copy_four(float* to, const float* from, bool there) { copy_later(to, from, 4, there); }
static void copy_one(float* to, const float* from, bool there) { copy_later(to, from, 1, there); }

static void wait_for_copies() {
    for (const Copy& copy : copies[fibres.now]) {
        for (int i = 0; i < copy.count; i++) copy.to[i] = copy.there ? copy.from[i] : 0;
    }
    copies[fibres.now].clear();
}
