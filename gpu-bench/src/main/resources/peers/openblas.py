"""Which kernels NumPy's OpenBLAS should take: one that is older than the processor may take its oldest.

Answers before any question: "own" names what it takes by itself, "kernels" what is at least a fifth faster (a value of OPENBLAS_CORETYPE), null for
none, "times" how much faster that is.
"""
import json
import os
import subprocess
import sys

PRODUCT = """
import ctypes, time
import numpy as np
a = np.ones((1024, 1024), np.float32)
best = 1e9
for _ in range(7):
    start = time.perf_counter()
    a @ a
    best = min(best, time.perf_counter() - start)
path = next(line.split()[-1] for line in open("/proc/self/maps") if "openblas" in line)
try:
    name = ctypes.CDLL(path).openblas_get_corename
    name.restype = ctypes.c_char_p
    name = name().decode()
except AttributeError:  # wheels add prefixes to their symbols
    name = "its own"
print(best, name.replace(" ", "_"))
"""


def product(kernels):
    environment = dict(os.environ, **({"OPENBLAS_CORETYPE": kernels} if kernels else {}))
    done = subprocess.run([sys.executable, "-c", PRODUCT], env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        return None  # no OpenBLAS, or no NumPy
    seconds, name = done.stdout.split()
    return float(seconds), name.replace("_", " ")


def flags():
    try:
        with open("/proc/cpuinfo") as info:
            return next((set(line.split()) for line in info if line.startswith("flags")), set())
    except OSError:
        return set()


answer = {"ready": True, "own": None, "kernels": None}
own = product(None)
if own:
    answer["own"] = own[1]
    known = flags()
    for kernels in ["SKYLAKEX"] * ("avx512bw" in known) + ["HASWELL"] * ("avx2" in known):
        other = product(kernels)
        if other and own[0] / other[0] > max(1.2, answer.get("times", 0)):
            answer["kernels"] = kernels
            answer["times"] = own[0] / other[0]
print(json.dumps(answer), flush=True)
sys.stdin.read()
