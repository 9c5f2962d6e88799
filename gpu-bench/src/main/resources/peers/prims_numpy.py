"""One primitive in NumPy, SciPy or scikit-learn, whichever its users would take.

Arguments: OP FOLDER. FOLDER holds the arguments as NPY files. Questions: "verify" writes the results to FOLDER as expected_<name>.npy; "run N"
gives the median milliseconds of one time.
"""
import json
import os
import statistics
import sys
import time

import numpy as np

op, folder = sys.argv[1:3]
kind, *options = op.split(":")


def load(name):
    return np.load(os.path.join(folder, name + ".npy"))


def nearest():
    import sklearn
    from sklearn.metrics import pairwise_distances_argmin

    x, c = load("x"), load("c")
    return "scikit-learn " + sklearn.__version__ + " pairwise_distances_argmin", lambda: {
        "labels": pairwise_distances_argmin(x, c)
    }


def lloyd():
    import sklearn
    from sklearn.cluster import KMeans

    x, c = load("x"), load("c")

    def work():
        found = KMeans(len(c), init=c, n_init=1, max_iter=int(options[0]), tol=0, algorithm="lloyd").fit(x)
        assert found.n_iter_ == int(options[0])
        return {"labels": found.labels_, "inertia": np.array([found.inertia_])}

    return "scikit-learn " + sklearn.__version__ + " KMeans", work


def distances():
    import scipy
    from scipy.spatial.distance import cdist

    x, y = load("x"), load("y")
    return "SciPy " + scipy.__version__ + " cdist", lambda: {"distances": cdist(x, y, options[0])}


def neighbours():
    import sklearn
    from sklearn.neighbors import NearestNeighbors

    x, q = load("x"), load("q")
    index = NearestNeighbors(n_neighbors=int(options[0]), algorithm="brute", n_jobs=-1).fit(x)

    def work():
        far, _ = index.kneighbors(q)
        return {"distances": far}

    return "scikit-learn " + sklearn.__version__ + " NearestNeighbors, brute", work


def sums():
    import scipy
    from scipy.sparse import csr_array

    x, labels = load("x"), load("labels")
    k = int(options[0])

    def work():
        member = csr_array((np.ones(len(x)), labels, np.arange(len(x) + 1)), shape=(len(x), k))
        return {"sums": member.T @ x, "counts": np.bincount(labels, minlength=k)}

    return "SciPy " + scipy.__version__ + " csr_array", work


def eigen():
    a = load("a")

    def work():
        values, vectors = np.linalg.eigh(a)
        return {"values": values[::-1], "vectors": vectors[:, ::-1]}

    return "NumPy " + np.__version__ + " eigh", work


def svd():
    a = load("a")

    def work():
        _, s, vt = np.linalg.svd(a, full_matrices=False)
        return {"values": s, "vectors": vt.T}

    return "NumPy " + np.__version__ + " svd", work


def batched_svd():
    a = load("a")

    def loop():
        factors = [np.linalg.svd(matrix, full_matrices=False) for matrix in a]
        return tuple(np.stack(same) for same in zip(*factors))

    def work():
        u, s, vt = loop() if options[0] == "loop" else np.linalg.svd(a, full_matrices=False)
        return {"values": s, "product": (u * s[:, None, :]) @ vt} if asked == "verify" else s

    return "NumPy " + np.__version__ + " svd, " + ("a loop" if options[0] == "loop" else "one call"), work


def product():
    a, b = load("a"), load("b")
    return "NumPy " + np.__version__, lambda: {"product": a @ b}


def gram():
    a = load("a")
    return "NumPy " + np.__version__, lambda: {"product": a.T @ a}


def qr():
    a = load("a")

    def work():
        q, r = np.linalg.qr(a)
        return {"q": q * np.sign(np.diag(r))} if asked == "verify" else q

    return "NumPy " + np.__version__ + " qr", work


def histograms():
    codes, labels, weights, rows = (load(name) for name in ("codes", "labels", "weights", "rows"))
    classes = int(options[0])

    def work():
        label, weight = labels[rows], weights[rows]
        return {
            "sums": np.stack(
                [np.bincount(c[rows].astype(np.intp) * classes + label, weight, 256 * classes) for c in codes]
            )
        }

    return "NumPy " + np.__version__ + " bincount", work


def resamples():
    x = load("x")
    count = int(options[0])
    random = np.random.default_rng(1)

    def work():
        means = np.empty((count, x.shape[1]))
        for first in range(0, count, 2000):  # as much as stays in the cache and in memory
            chosen = random.integers(0, len(x), (min(2000, count - first), len(x)), dtype=np.int32)
            means[first : first + 2000] = x[chosen].mean(axis=1)
        return {"mean": means.mean(axis=0), "error": means.std(axis=0)}

    return "NumPy " + np.__version__ + " integers, take, mean", work


asked = "verify"
name, work = globals()[kind]()
print(json.dumps({"ready": True, "peer": name}), flush=True)
for line in sys.stdin:
    asked, *numbers = line.split()
    if asked == "verify":
        for key, value in work().items():
            np.save(os.path.join(folder, "expected_" + key + ".npy"), np.ascontiguousarray(value))
        print(json.dumps({"written": True}), flush=True)
    else:
        times = []
        for _ in range(int(numbers[0])):
            start = time.perf_counter()
            work()
            times.append((time.perf_counter() - start) * 1e3)
        print(json.dumps({"ms": statistics.median(times)}), flush=True)
