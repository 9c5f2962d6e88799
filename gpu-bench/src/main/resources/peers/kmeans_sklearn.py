"""Lloyd's iterations in scikit-learn from a given start.

Arguments: FOLDER ITERATIONS. FOLDER holds x.npy (n, p) and start.npy (k, p), float32.
Questions: "verify N" writes labels.npy of a fit of N iterations and answers the inertia; "run N" gives the median milliseconds of one fit.
"""
import json
import os
import statistics
import sys
import time
import warnings

import numpy as np
import sklearn
from sklearn.cluster import KMeans

folder, iterations = sys.argv[1], int(sys.argv[2])
x = np.load(os.path.join(folder, "x.npy"))
start = np.load(os.path.join(folder, "start.npy"))
warnings.filterwarnings("ignore")  # not converged: as asked


def once(times=iterations):
    return KMeans(len(start), init=start, n_init=1, max_iter=times, tol=0, algorithm="lloyd").fit(x)


print(json.dumps({"ready": True, "peer": "scikit-learn " + sklearn.__version__ + ", Lloyd"}), flush=True)
for line in sys.stdin:
    question = line.split()
    if question[0] == "verify":
        model = once(int(question[1]))
        np.save(os.path.join(folder, "labels.npy"), model.labels_.astype(np.int32))
        print(json.dumps({"inertia": float(model.inertia_), "iterations": int(model.n_iter_)}), flush=True)
    else:
        times = []
        for _ in range(int(question[1])):
            begin = time.perf_counter()
            once()
            times.append((time.perf_counter() - begin) * 1e3)
        print(json.dumps({"ms": statistics.median(times)}), flush=True)
