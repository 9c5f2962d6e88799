"""Whole adversarial steps in PyTorch, as its users would best write them: the peer of `latent4j bench gan`.

One step is k updates of the discriminator and l of the generator, each on a fresh minibatch, with data, noise and fused Adam included; or one
of each by the same minibatch (simultaneous). The networks are those of latent4j's `dcgan` at 64x64 (width 64, latent 100) and `mlp`
(784-512-256-1, and 3x256 on the plane), those of its presets `grid` (3x64 behind Fourier features) and `mnist`, and `r3` at 32x32 (width 32,
groups of 16 channels). Penalties R1 and R2 are by double backpropagation.

Speaks the protocol of the benchmarks: a first line {"ready": true, "peer": ...}, then to each line "run N" one line {"ms": median, ...}. To
"first FOLDER GAMMA RATE_G RATE_D" it plays one step from the parameters, samples and noise in the folder, leaves the gradients and the updated
parameters there, and answers with the losses.
"""
import argparse
import json
import statistics
import sys
import time

import numpy
import torch
import torch.nn.functional as F
from torch import nn


def arguments():
    p = argparse.ArgumentParser()
    p.add_argument("--network", choices=["dcgan64", "mlp784", "toy2d", "fourier64", "conv28", "r3"], default="dcgan64")
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--precision", choices=["fp32", "bf16"], default="fp32")
    p.add_argument("--device", default="cpu")
    p.add_argument("--loss", choices=["non-saturating", "relativistic"], default="non-saturating")
    p.add_argument("--penalties", choices=["none", "r1r2"], default="none")
    p.add_argument("--update", choices=["alternating", "simultaneous"], default="alternating")
    p.add_argument("--gamma", type=float, default=1.0)
    p.add_argument("--norm", choices=["batch", "none"], default="batch", help="of the dcgan discriminator")
    p.add_argument("--k", type=int, default=1)
    p.add_argument("--l", type=int, default=1)
    p.add_argument("--images", type=int, default=4096)
    p.add_argument("--warmup", type=int, default=3)
    p.add_argument(
        "--variant",
        choices=["eager", "compiled", "graphs"],
        default="eager",
        help="networks as they are, by torch.compile, or whole steps recorded in a CUDA graph",
    )
    p.add_argument("--tf32", action="store_true")
    return p.parse_args()


class Shape(nn.Module):
    def __init__(self, *shape):
        super().__init__()
        self.shape = shape

    def forward(self, x):
        return x.view(x.shape[0], *self.shape)


def dcgan(norm):
    """Biases in front of batch norm are left out: they have no effect, and PyTorch is quicker without."""
    g = [nn.Linear(100, 512 * 16, bias=False), Shape(512, 4, 4), nn.BatchNorm2d(512), nn.ReLU(inplace=True)]
    for a, b in ((512, 256), (256, 128), (128, 64)):
        g += [nn.ConvTranspose2d(a, b, 4, 2, 1, bias=False), nn.BatchNorm2d(b), nn.ReLU(inplace=True)]
    g += [nn.ConvTranspose2d(64, 3, 4, 2, 1), nn.Tanh()]
    d = [nn.Conv2d(3, 64, 4, 2, 1), nn.LeakyReLU(0.2, inplace=True)]
    for a, b in ((64, 128), (128, 256), (256, 512)):
        d += [nn.Conv2d(a, b, 4, 2, 1, bias=norm == "none")]
        if norm == "batch":
            d += [nn.BatchNorm2d(b)]
        d += [nn.LeakyReLU(0.2, inplace=True)]
    d += [nn.Flatten(), nn.Linear(512 * 16, 1)]
    return nn.Sequential(*g), nn.Sequential(*d)


def small_conv():
    g = [nn.Linear(16, 128 * 49), Shape(128, 7, 7), nn.BatchNorm2d(128), nn.ReLU(inplace=True)]
    g += [nn.ConvTranspose2d(128, 64, 4, 2, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU(inplace=True)]
    g += [nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Tanh()]
    d = []
    for a, b, kernel in ((1, 32, 4), (32, 64, 4), (64, 128, 3)):
        d += [nn.Conv2d(a, b, kernel, 2, 1), nn.LeakyReLU(0.2, inplace=True)]
    d += [nn.Flatten(), nn.Linear(128 * 16, 1)]
    return nn.Sequential(*g), nn.Sequential(*d)


class Blur(nn.Module):
    """Means over 2 x 2 pixels, of those inside of the image; the fastest of six ways to say so that were tried on a CPU."""

    def __init__(self, size):
        super().__init__()
        scale = torch.ones(1, 1, size, size)
        scale[..., -1, :] *= 2
        scale[..., -1] *= 2
        self.register_buffer("scale", scale)

    def forward(self, x):
        return F.avg_pool2d(F.pad(x, (0, 1, 0, 1)), 2, 1) * self.scale


class Block(nn.Module):
    """x + F(x) as in R3GAN: 1x1 to twice the channels, 3x3 in groups, 1x1 back."""

    def __init__(self, channels, group):
        super().__init__()
        wide = 2 * channels
        self.inner = nn.Sequential(
            nn.Conv2d(channels, wide, 1),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(wide, wide, 3, 1, 1, groups=wide // group),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(wide, channels, 1),
        )

    def forward(self, x):
        return x + self.inner(x)


def residual(width=32, group=16, latent=64, size=32, levels=3):
    channels = [width << level for level in range(levels + 1)]
    least = size >> levels
    g = [nn.Linear(latent, channels[-1] * least * least), Shape(channels[-1], least, least), Block(channels[-1], group)]
    for level in range(levels - 1, -1, -1):
        g += [nn.Upsample(scale_factor=2), Blur(size >> level), nn.Conv2d(channels[level + 1], channels[level], 1)]
        g += [Block(channels[level], group)]
    g += [nn.Conv2d(width, 3, 1)]
    d = [nn.Conv2d(3, width, 1), Block(width, group)]
    for level in range(1, levels + 1):
        d += [Blur(size >> level - 1), nn.AvgPool2d(2), nn.Conv2d(channels[level - 1], channels[level], 1)]
        d += [Block(channels[level], group)]
    d += [nn.Flatten(), nn.Linear(channels[-1] * least * least, 1)]
    return nn.Sequential(*g), nn.Sequential(*d)


class Fourier(nn.Module):
    """[x, sin f_k x, cos f_k x], f_k = pi / 2 * 2^k."""

    def __init__(self, octaves):
        super().__init__()
        self.register_buffer("frequencies", torch.pi / 2 * 2.0 ** torch.arange(octaves))

    def forward(self, x):
        angles = (x[:, None, :] * self.frequencies[:, None]).flatten(1)
        return torch.cat((x, angles.sin(), angles.cos()), 1)

    def places(self, size):
        """Of each feature among latent4j's, which have sine and cosine of one octave side by side."""
        octaves = len(self.frequencies)
        return list(range(size)) + [
            size * (1 + 2 * k + function) + i for function in (0, 1) for k in range(octaves) for i in range(size)
        ]


def chain(sizes, last):
    layers = []
    for a, b in zip(sizes[:-2], sizes[1:-1]):
        layers += [nn.Linear(a, b), nn.LeakyReLU(0.2, inplace=True)]
    layers += [nn.Linear(sizes[-2], sizes[-1])]
    return nn.Sequential(*layers, *last)


def main():
    o = arguments()
    device = torch.device(o.device)
    if device.type == "cuda":
        torch.backends.cudnn.benchmark = True
        torch.backends.cuda.matmul.allow_tf32 = o.tf32
        torch.backends.cudnn.allow_tf32 = o.tf32
    torch.manual_seed(1)

    def plane():
        axis = torch.tensor([-4.0, -2.0, 0.0, 2.0, 4.0])
        return torch.cartesian_prod(axis, axis).to(device) / 2.8284

    images = o.network in ("dcgan64", "conv28", "r3")
    if o.network == "conv28":
        g, d = small_conv()
        latent = 16
        store = torch.randint(0, 256, (o.images, 1, 28, 28), dtype=torch.uint8, device=device)
    elif o.network == "r3":
        g, d = residual()
        latent = 64
        store = torch.randint(0, 256, (o.images, 3, 32, 32), dtype=torch.uint8, device=device)
        store = store.contiguous(memory_format=torch.channels_last)
    elif images:
        g, d = dcgan(o.norm)
        latent = 100
        store = torch.randint(0, 256, (o.images, 3, 64, 64), dtype=torch.uint8, device=device)
        store = store.contiguous(memory_format=torch.channels_last)
    elif o.network == "mlp784":
        g, d = chain((100, 256, 512, 784), [nn.Tanh()]), chain((784, 512, 256, 1), [])
        latent = 100
        store = torch.randint(0, 256, (o.images, 784), dtype=torch.uint8, device=device)
    elif o.network == "fourier64":
        g, d = chain((12, 64, 64, 64, 2), []), nn.Sequential(Fourier(6), *chain((26, 64, 64, 64, 1), []))
        latent = 12
        means = plane()
        store = None
    else:
        g, d = chain((2, 256, 256, 256, 2), []), chain((2, 256, 256, 256, 1), [])
        latent = 2
        means = plane()
        store = None
    g, d = g.to(device), d.to(device)
    if images:
        g, d = g.to(memory_format=torch.channels_last), d.to(memory_format=torch.channels_last)
    parameters = sum(p.numel() for net in (g, d) for p in net.parameters())
    mixes = any(isinstance(layer, nn.BatchNorm2d) for layer in d)
    fused = {"fused": True, "capturable": o.variant == "graphs", "betas": (0.5, 0.999), "lr": 2e-4}
    adam_g, adam_d = torch.optim.Adam(g.parameters(), **fused), torch.optim.Adam(d.parameters(), **fused)
    forward_g, forward_d = (torch.compile(g), torch.compile(d)) if o.variant == "compiled" else (g, d)
    m = o.batch
    layout = torch.channels_last if images else torch.contiguous_format
    pairs = o.loss == "relativistic"

    given = {"real": [], "latents": []}  # of a first step that is compared
    losses = {}

    def real():
        if given["real"]:
            x = given["real"].pop(0)
            return x if store is None else x.view(m, *store.shape[1:]).to(memory_format=layout)
        if store is None:
            modes = torch.randint(0, len(means), (m,), device=device)
            return means[modes] + 0.05 / 2.8284 * torch.randn(m, 2, device=device)
        return store[torch.randint(0, len(store), (m,), device=device)].float().div_(127.5).sub_(1)

    def noise():
        if given["latents"]:
            return given["latents"].pop(0)
        z = torch.randn(m, latent, device=device)
        return torch.cat((z[:, :2], z[:, 2:].sign()), 1) if o.network == "fourier64" else z

    def autocast():
        return torch.autocast(device.type, torch.bfloat16, enabled=o.precision == "bf16")

    def judge(x, y):
        """Logits of both: in one pass unless the discriminator mixes samples."""
        if mixes:
            return forward_d(x), forward_d(y)
        return forward_d(torch.cat((x, y))).split(m)

    def update_d():
        for p in d.parameters():
            p.requires_grad_(True)
        adam_d.zero_grad(set_to_none=True)
        with autocast():
            with torch.no_grad():
                y = forward_g(noise())
            x = real()
            y = y.to(x.dtype)
            if o.penalties == "r1r2":
                x.requires_grad_(True)
                y.requires_grad_(True)
            a, b = judge(x, y)
            a, b = a.float(), b.float()
            loss = F.softplus(b - a).mean() if pairs else (F.softplus(-a) + F.softplus(b)).mean()
            losses["d"] = loss
            if o.penalties == "r1r2":
                vx, vy = torch.autograd.grad(a.sum() + b.sum(), (x, y), create_graph=True)
                loss = loss + o.gamma / 2 * (vx.square().sum() + vy.square().sum()) / m
        loss.backward()
        adam_d.step()

    def update_g():
        for p in d.parameters():
            p.requires_grad_(False)
        adam_g.zero_grad(set_to_none=True)
        with autocast():
            b = forward_d(forward_g(noise())).float()
            if pairs:
                with torch.no_grad():
                    a = forward_d(real()).float()
                loss = F.softplus(a - b).mean()
            else:
                loss = F.softplus(-b).mean()
            losses["g"] = loss
        loss.backward()
        adam_g.step()

    def update_both():
        """Both gradients by one minibatch: the generator's loss goes back through the discriminator's graph of the same samples."""
        adam_d.zero_grad(set_to_none=True)
        adam_g.zero_grad(set_to_none=True)
        with autocast():
            x = real()
            made = forward_g(noise())
            y = made.detach().to(x.dtype)
            x.requires_grad_(o.penalties == "r1r2")
            y.requires_grad_(True)
            a, b = judge(x, y)
            a, b = a.float(), b.float()
            loss = F.softplus(b - a).mean() if pairs else (F.softplus(-a) + F.softplus(b)).mean()
            losses["d"] = loss
            if o.penalties == "r1r2":
                vx, vy = torch.autograd.grad(a.sum() + b.sum(), (x, y), create_graph=True)
                loss = loss + o.gamma / 2 * (vx.square().sum() + vy.square().sum()) / m
                losses["g"] = (a, b)
                c = -torch.sigmoid(a - b) if pairs else -torch.sigmoid(-b)  # samples are judged one by one: vy is dD/dy
                slope = c.detach().view(-1, *[1] * (y.dim() - 1)) / m * vy.detach()
            else:
                losses["g"] = (a, b)
                loss_g = F.softplus(a - b).mean() if pairs else F.softplus(-b).mean()
                (slope,) = torch.autograd.grad(loss_g, y, retain_graph=True)
        made.backward(slope.to(made.dtype))
        loss.backward()
        adam_d.step()
        adam_g.step()

    def step():
        if o.update == "simultaneous":
            update_both()
            return
        for _ in range(o.k):
            update_d()
        for _ in range(o.l):
            update_g()

    recorded = None

    def record():
        """The step as one CUDA graph, recorded as PyTorch's manual says: after some on a stream of their own."""
        nonlocal recorded
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(o.warmup):
                step()
        torch.cuda.current_stream().wait_stream(side)
        losses.clear()
        adam_g.zero_grad(set_to_none=True)
        adam_d.zero_grad(set_to_none=True)
        recorded = torch.cuda.CUDAGraph()
        with torch.cuda.graph(recorded):
            step()

    def play():
        if recorded is None:
            step()
        else:
            recorded.replay()

    def first(folder, gamma, rate_g, rate_d):
        """One step from what lies in the folder, to be compared."""

        places = d[0].places(2) if isinstance(d[0], Fourier) else None

        def load(name):
            x = torch.from_numpy(numpy.load(f"{folder}/{name}.npy")).to(device)
            return x[:, places] if places and name == "d_0" else x

        def leave(name, value):
            x = value.detach().float().cpu().contiguous()
            if places and name.endswith("_d_0"):
                x[:, places] = x.clone()
            numpy.save(f"{folder}/expected_{name}.npy", x.numpy())

        nonlocal recorded
        recorded = None  # it works on the state of the updaters that is thrown away here
        kept = o.gamma, adam_g.param_groups[0]["lr"], adam_d.param_groups[0]["lr"]
        o.gamma, adam_g.param_groups[0]["lr"], adam_d.param_groups[0]["lr"] = float(gamma), float(rate_g), float(rate_d)
        for name, net, adam in (("g", g, adam_g), ("d", d, adam_d)):
            adam.state.clear()
            with torch.no_grad():
                for i, p in enumerate(net.parameters()):
                    p.copy_(load(f"{name}_{i}"))
        given["real"] = [load("real_0"), load("real_1")]
        given["latents"] = [load("latents_0"), load("latents_1")]
        step()
        given["real"], given["latents"] = [], []
        for name, net in (("g", g), ("d", d)):
            for i, p in enumerate(net.parameters()):
                leave(f"updated_{name}_{i}", p)
                if p.grad is not None:
                    leave(f"gradient_{name}_{i}", p.grad)
        o.gamma, adam_g.param_groups[0]["lr"], adam_d.param_groups[0]["lr"] = kept
        answer = {"loss_d": losses["d"].item()}
        if "g" in losses:
            of_g = losses["g"]
            if isinstance(of_g, tuple):  # where the slope was taken by hand
                a, b = of_g
                of_g = F.softplus(a - b).mean() if pairs else F.softplus(-b).mean()
            answer["loss_g"] = of_g.item()
        return answer

    def described(net):
        """Parameters by DL4J's names."""
        return [
            {"kind": kinds[name], "shape": list(p.shape)}
            for layer in net.modules()
            for kinds in [{"weight": "gamma", "bias": "beta"} if isinstance(layer, nn.BatchNorm2d) else {"weight": "W", "bias": "b"}]
            for name, p in layer.named_parameters(recurse=False)
        ]

    def sync():
        if device.type == "cuda":
            torch.cuda.synchronize()

    for _ in range(o.warmup):
        step()
    sync()
    ways = {"eager": "eager", "compiled": "torch.compile", "graphs": "CUDA graph of a step"}
    way = ways[o.variant] + (", channels_last" if images else "") + ", fused Adam"
    way += ", bf16 autocast" if o.precision == "bf16" else ""
    print(
        json.dumps(
            {
                "ready": True,
                "peer": f"PyTorch {torch.__version__} ({way})",
                "torch": torch.__version__,
                "parameters": parameters,
                "g": described(g),
                "d": described(d),
                "threads": torch.get_num_threads(),
            }
        ),
        flush=True,
    )
    for line in sys.stdin:
        words = line.split()
        if len(words) == 5 and words[0] == "first":
            print(json.dumps(first(*words[1:])), flush=True)
            continue
        if len(words) != 2 or words[0] != "run":
            print(json.dumps({"error": f"expected 'run N' or 'first FOLDER GAMMA RATE_G RATE_D', but got {line.strip()!r}"}), flush=True)
            continue
        times = []
        n = int(words[1])
        if device.type == "cuda":  # steps overlap there: the time of many, with one wait at the end
            if o.variant == "graphs" and recorded is None:
                record()
            sync()
            start = time.perf_counter()
            for _ in range(n):
                play()
            sync()
            times = [(time.perf_counter() - start) * 1e3 / n]
        else:
            for _ in range(n):
                start = time.perf_counter()
                step()
                times.append((time.perf_counter() - start) * 1e3)
        print(json.dumps({"ms": statistics.median(times), "least_ms": min(times), "steps": n}), flush=True)


if __name__ == "__main__":
    main()
