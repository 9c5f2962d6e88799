"""Principal components by scikit-learn and NumPy, or by PyTorch on a card, as their users would call them: the peers of `latent4j bench pca`.

Tasks of sklearn: full, covariance_eigh and randomized are sklearn.decomposition.PCA with that solver on a float32 matrix; batched is
numpy.linalg.svd in a loop over small matrices, each centred first (numpy.linalg.svd of the whole stack runs the same loop
in C and is timed by the task stacked). Of torch: full is a singular value decomposition of the centred rows, covariance_eigh an eigendecomposition of
their covariance in float64, randomized torch.pca_lowrank with four iterations, stacked one decomposition of many small matrices; times are from rows
in the host's memory to components there, with products in float32, without TF32.

Speaks the protocol of the benchmarks: a first line {"ready": true, "peer": ..., "missing": whether this version has no such solver}, then to each line "run N" one line {"ms": median, ...}. To
"save FOLDER" it writes components.npy (k, p) or (b, k, p) and variance.npy of the last run there, in float64, and answers with the mean squared
distance of the rows from what k components keep of them.
"""
import argparse
import json
import os
import statistics
import sys
import time

import numpy as np


def arguments():
    p = argparse.ArgumentParser()
    p.add_argument("--library", choices=["sklearn", "torch"], required=True)
    p.add_argument("--task", choices=["full", "covariance_eigh", "randomized", "batched", "stacked"], required=True)
    p.add_argument("--data", required=True)
    p.add_argument("--components", type=int, default=0, help="0: all")
    p.add_argument("--device", default="cpu", help="of torch")
    return p.parse_args()


def batched(x):
    variance = np.empty(x.shape[:1] + x.shape[2:], dtype=x.dtype)
    components = np.empty((len(x), x.shape[2], x.shape[2]), dtype=x.dtype)
    for i, matrix in enumerate(x):
        _, s, vt = np.linalg.svd(matrix - matrix.mean(0), full_matrices=False)
        variance[i] = s * s / (x.shape[1] - 1)
        components[i] = vt
    return components, variance


def stacked(x):
    _, s, vt = np.linalg.svd(x - x.mean(1, keepdims=True), full_matrices=False)
    return vt, s * s / (x.shape[1] - 1)


def by_sklearn(args, x):
    """The name, whether this version lacks the task, and the work: components and variances."""
    import sklearn
    from sklearn.decomposition import PCA

    if args.task == "batched":
        return f"NumPy {np.__version__} svd, batched", False, lambda: batched(x)
    if args.task == "stacked":
        return f"NumPy {np.__version__} svd, stacked", False, lambda: stacked(x)

    def work():
        model = PCA(n_components=args.components or None, svd_solver=args.task, random_state=0).fit(x)
        return model.components_, model.explained_variance_

    missing = args.task == "covariance_eigh" and tuple(map(int, sklearn.__version__.split(".")[:2])) < (1, 5)
    return f"scikit-learn {sklearn.__version__} PCA({args.task})", missing, work


def by_torch(args, x):
    import torch

    torch.manual_seed(0)
    host = torch.from_numpy(x)
    rows, columns = host.shape[-2:]
    k = args.components or min(rows, columns)

    def work():
        on_device = host.to(args.device)
        centred = on_device - on_device.mean(-2, keepdim=True)
        if args.task == "covariance_eigh":
            variance, vectors = torch.linalg.eigh((centred.T @ centred).double() / (rows - 1))
            components, variance = vectors.flip(1).T, variance.flip(0)
        elif args.task == "randomized":
            _, s, v = torch.pca_lowrank(centred, q=k + 10, center=False, niter=4)
            components, variance = v.T, s.square() / (rows - 1)
        else:
            _, s, components = torch.linalg.svd(centred, full_matrices=False)
            variance = s.square() / (rows - 1)
        return components[..., :k, :].cpu().numpy(), variance[..., :k].cpu().numpy()

    return f"PyTorch {torch.__version__}, {args.task} on {args.device}, from host memory", False, work


def main():
    args = arguments()
    x = np.load(args.data)
    name, missing, work = by_torch(args, x) if args.library == "torch" else by_sklearn(args, x)
    print(json.dumps({"ready": True, "peer": name, "missing": missing}), flush=True)
    result = None
    for line in sys.stdin:
        words = line.split(maxsplit=1)
        if len(words) == 2 and words[0] == "run":
            times = []
            for _ in range(int(words[1])):
                start = time.perf_counter()
                result = work()
                times.append((time.perf_counter() - start) * 1e3)
            print(json.dumps({"ms": statistics.median(times), "least_ms": min(times)}), flush=True)
        elif len(words) == 2 and words[0] == "save" and result is not None:
            folder = words[1].strip()
            components, variance = (np.asarray(a, dtype=np.float64) for a in result)
            np.save(os.path.join(folder, "components.npy"), components.reshape(-1, components.shape[-1]))
            np.save(os.path.join(folder, "variance.npy"), variance.reshape(-1, variance.shape[-1]))
            error = None
            if x.ndim == 2:
                mean = x.mean(0, dtype=np.float64)
                error = 0.0
                for rows in np.array_split(x, 16):
                    centred = rows - mean
                    rest = centred - (centred @ components.T) @ components
                    error += float((rest * rest).sum())
                error /= len(x)
            print(json.dumps({"error_per_row": error}), flush=True)
        else:
            print(json.dumps({"error": f"expected 'run N' or 'save FOLDER', but got {line.strip()!r}"}), flush=True)


if __name__ == "__main__":
    main()
