"""One layer, forward and backward, in PyTorch.

Arguments: OP FOLDER PRECISION DEVICE. FOLDER holds x.npy, g.npy (the gradient of the output), and the layer's parameters in DL4J's shapes.
Questions: "verify" writes y.npy, dx.npy and d<parameter>.npy to FOLDER; "run N" gives the median milliseconds of one pass forward and back.
"""
import json
import os
import statistics
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

op, folder, precision, device = sys.argv[1:5]
if device == "cpu":
    torch.set_num_threads(len(os.sched_getaffinity(0)))
else:
    torch.backends.cuda.matmul.allow_tf32 = precision == "tf32"
    torch.backends.cudnn.allow_tf32 = precision == "tf32"
    torch.backends.cudnn.benchmark = True
dtype = torch.bfloat16 if precision == "bf16" else torch.float32


def load(name, as_type=None):
    array = torch.from_numpy(np.load(os.path.join(folder, name + ".npy"))).to(device, as_type or dtype)
    return array.contiguous(memory_format=torch.channels_last) if array.dim() == 4 else array


def parameter(name, as_type=None):
    return load(name, as_type).requires_grad_()


x = load("x").requires_grad_()
g = load("g")
kind, *sizes = op.split(":")  # conv:STRIDE:PADDING, deconv:STRIDE:PADDING, dense, batchnorm
stride, padding = map(int, sizes or ["1", "0"])
if kind == "batchnorm":
    parameters = {"gamma": parameter("gamma", torch.float32), "beta": parameter("beta", torch.float32)}
    mean, var = torch.zeros(x.shape[1], device=device), torch.ones(x.shape[1], device=device)
else:
    parameters = {"W": parameter("W"), "b": parameter("b")}


def layer():
    first, second = parameters.values()
    second = second.view(-1)
    if kind == "dense":
        return torch.addmm(second, x, first)
    if kind == "conv":
        return F.conv2d(x, first, second, stride, padding)
    if kind == "deconv":
        return F.conv_transpose2d(x, first, second, stride, padding)
    return F.leaky_relu(F.batch_norm(x, mean, var, first.view(-1), second, True, 0.1, 1e-5), 0.2)


def once():
    y = layer()
    return y, torch.autograd.grad(y, [x, *parameters.values()], g)


def wait():
    if device != "cpu":
        torch.cuda.synchronize()


print(json.dumps({"ready": True, "peer": "PyTorch " + torch.__version__ + ", channels_last"}), flush=True)
for line in sys.stdin:
    question = line.split()
    if question[0] == "verify":
        y, gradients = once()
        for name, value in zip(["y", "dx", *("d" + p for p in parameters)], [y, *gradients]):
            np.save(os.path.join(folder, name + ".npy"), value.detach().float().contiguous().cpu().numpy())
        print(json.dumps({"written": True}), flush=True)
    else:
        times = []
        for _ in range(int(question[1])):
            wait()
            start = time.perf_counter()
            once()
            wait()
            times.append((time.perf_counter() - start) * 1e3)
        print(json.dumps({"ms": statistics.median(times)}), flush=True)
