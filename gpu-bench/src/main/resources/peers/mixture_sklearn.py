"""Iterations of scikit-learn's Gaussian mixtures from the clusters of given labels.

Arguments: FOLDER COVARIANCE K ITERATIONS. FOLDER holds x.npy (n, p) and labels.npy (n, 1).
Questions: "verify" answers the log-likelihood of all points after ITERATIONS + 1 iterations; "run N" gives the median milliseconds of one
iteration: what ITERATIONS more than one take longer, by their number.
"""
import json
import os
import statistics
import sys
import time
import warnings

import numpy as np
import sklearn
from sklearn.mixture import GaussianMixture

folder, covariance, k, iterations = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
x = np.load(os.path.join(folder, "x.npy")).astype(np.float64)
labels = np.load(os.path.join(folder, "labels.npy")).ravel().astype(int)
warnings.filterwarnings("ignore")  # not converged: as asked

weights = np.bincount(labels, minlength=k) / len(x)
means = np.array([x[labels == c].mean(0) for c in range(k)])
if covariance == "full":
    precisions = np.array([np.linalg.inv(np.cov(x[labels == c].T, bias=True)) for c in range(k)])
else:
    precisions = np.array([1 / x[labels == c].var(0) for c in range(k)])


def fit(times):
    return GaussianMixture(
        k, covariance_type=covariance, tol=0, reg_covar=0, max_iter=times,
        weights_init=weights, means_init=means, precisions_init=precisions,
    ).fit(x)


def seconds(times):
    begin = time.perf_counter()
    fit(times)
    return time.perf_counter() - begin


print(json.dumps({"ready": True, "peer": "scikit-learn " + sklearn.__version__}), flush=True)
for line in sys.stdin:
    question = line.split()
    if question[0] == "verify":
        print(json.dumps({"logLikelihood": float(fit(iterations + 1).lower_bound_) * len(x)}), flush=True)
    else:
        times = []
        for _ in range(int(question[1])):
            short = seconds(1)
            times.append((seconds(iterations + 1) - short) / iterations * 1e3)
        print(json.dumps({"ms": statistics.median(times)}), flush=True)
