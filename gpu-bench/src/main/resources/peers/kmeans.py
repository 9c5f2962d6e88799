"""Lloyd's iterations from a given start, in scikit-learn, or in PyTorch as its users write them for a card: the peers of `latent4j bench kmeans`.

Arguments: sklearn|torch FOLDER ITERATIONS DEVICE. FOLDER holds x.npy (n, p) and start.npy (k, p), float32. DEVICE is PyTorch's; its times are from
points in the host's memory to labels there, with products in float32, without TF32.
Questions: "verify N" writes labels.npy of a fit of N iterations and answers the inertia; "run N" gives the median milliseconds of one fit.
"""
import json
import os
import statistics
import sys
import time
import warnings

import numpy as np

library, folder, iterations, device = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
x = np.load(os.path.join(folder, "x.npy"))
start = np.load(os.path.join(folder, "start.npy"))


def by_sklearn():
    """The name, and fits of some iterations: labels and inertia."""
    import sklearn
    from sklearn.cluster import KMeans

    warnings.filterwarnings("ignore")  # not converged: as asked

    def fit(times):
        model = KMeans(len(start), init=start, n_init=1, max_iter=times, tol=0, algorithm="lloyd").fit(x)
        return model.labels_, model.inertia_

    return "scikit-learn " + sklearn.__version__ + ", Lloyd", fit


def by_torch():
    import torch

    points, first = torch.from_numpy(x), torch.from_numpy(start)
    scores_at_once = 1 << 27

    def nearest(on_device, centres):
        """Labels by |c|^2 - 2 x c, and these scores."""
        squares = centres.square().sum(1)
        parts = on_device.split(max(1, scores_at_once // len(centres)))
        least = [torch.addmm(squares, part, centres.T, alpha=-2).min(1) for part in parts]
        return torch.cat([l.indices for l in least]), torch.cat([l.values for l in least])

    def fit(times):
        on_device, centres = points.to(device), first.to(device)
        for _ in range(times):
            labels, _ = nearest(on_device, centres)
            counts = torch.bincount(labels, minlength=len(centres)).to(centres.dtype)
            sums = torch.zeros_like(centres).index_add_(0, labels, on_device)
            centres = torch.where(counts[:, None] > 0, sums / counts.clamp(min=1)[:, None], centres)
        labels, scores = nearest(on_device, centres)
        inertia = scores.double().sum() + on_device.double().square().sum()
        return labels.cpu().numpy(), inertia.item()

    return f"PyTorch {torch.__version__}, Lloyd on {device}, from host memory", fit


name, fit = by_torch() if library == "torch" else by_sklearn()
print(json.dumps({"ready": True, "peer": name}), flush=True)
for line in sys.stdin:
    question = line.split()
    if question[0] == "verify":
        labels, inertia = fit(int(question[1]))
        np.save(os.path.join(folder, "labels.npy"), labels.astype(np.int32))
        print(json.dumps({"inertia": float(inertia)}), flush=True)
    else:
        times = []
        for _ in range(int(question[1])):
            begin = time.perf_counter()
            fit(iterations)
            times.append((time.perf_counter() - begin) * 1e3)
        print(json.dumps({"ms": statistics.median(times)}), flush=True)
