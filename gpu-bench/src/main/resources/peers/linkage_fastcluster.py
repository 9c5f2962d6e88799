"""Hierarchies by fastcluster: linkage_vector for single, ward and centroid, else linkage, which computes the distances first.

Arguments: FOLDER METHOD. FOLDER holds x.npy (n, p).
Questions: "verify" writes heights.npy; "run N" gives the median milliseconds of one hierarchy.
"""
import json
import os
import statistics
import sys
import time

import fastcluster
import numpy as np

folder, method = sys.argv[1:3]
x = np.load(os.path.join(folder, "x.npy")).astype(np.float64)
call = "linkage_vector" if method in ("single", "ward", "centroid") else "linkage"


def once():
    return getattr(fastcluster, call)(x, method)


print(json.dumps({"ready": True, "peer": "fastcluster " + fastcluster.__version__ + ", " + call}), flush=True)
for line in sys.stdin:
    question = line.split()
    if question[0] == "verify":
        np.save(os.path.join(folder, "heights.npy"), once()[:, 2])
        print(json.dumps({"written": True}), flush=True)
    else:
        times = []
        for _ in range(int(question[1])):
            begin = time.perf_counter()
            once()
            times.append((time.perf_counter() - begin) * 1e3)
        print(json.dumps({"ms": statistics.median(times)}), flush=True)
