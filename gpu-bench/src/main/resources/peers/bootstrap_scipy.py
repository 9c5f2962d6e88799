"""Confidence intervals of scipy.stats.bootstrap: the peer of `latent4j bench bootstrap`.

Arguments: FOLDER STATISTIC METHOD RESAMPLES. FOLDER holds x.npy, of shape (n, 1), or (n, 2) of pairs for a correlation.
Questions: "verify" gives {"low", "high", "error"}; "run N" the median milliseconds of one bootstrap with its interval.
"""
import json
import os
import statistics
import sys
import time

import numpy as np
import scipy
from scipy import stats

folder, statistic, method, resamples = sys.argv[1:5]
columns = np.load(os.path.join(folder, "x.npy")).astype(float)
data = tuple(columns.T.copy())
batch = 2000  # keeps resamples in the caches: quicker than the default, all at once
rng = np.random.default_rng(1)


def correlation(x, y, axis=-1):
    x = x - x.mean(axis=axis, keepdims=True)
    y = y - y.mean(axis=axis, keepdims=True)
    return (x * y).sum(axis) / np.sqrt((x * x).sum(axis) * (y * y).sum(axis))


def once():
    function = np.mean if statistic == "mean" else correlation
    return stats.bootstrap(
        data, function, paired=len(data) > 1, vectorized=True, n_resamples=int(resamples), method=method, batch=batch, rng=rng
    )


print(json.dumps({"ready": True, "peer": f"SciPy {scipy.__version__} (vectorised, batch {batch})"}), flush=True)
for line in sys.stdin:
    question = line.split()
    if question[0] == "verify":
        result = once()
        low, high = result.confidence_interval
        print(json.dumps({"low": low, "high": high, "error": result.standard_error}), flush=True)
    else:
        times = []
        for _ in range(int(question[1])):
            start = time.perf_counter()
            once()
            times.append((time.perf_counter() - start) * 1e3)
        print(json.dumps({"ms": statistics.median(times)}), flush=True)
