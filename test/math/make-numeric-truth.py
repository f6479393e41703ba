"""Writes numeric-truth.json: expected values for random streams, sums, quantiles, linear algebra and densities.

Run: python3 test/math/make-numeric-truth.py   (pip install numpy). The random stream is a second, independent implementation of the
documented algorithm (FNV-1a 64, SplitMix64, xoshiro128**), itself checked below against published values; the rest is numpy and math.fsum.
"""
import json
import math
import pathlib

import numpy as np

M64 = (1 << 64) - 1


def fnv1a(data):
    h = 0xCBF29CE484222325
    for byte in data:
        h = ((h ^ byte) * 0x100000001B3) & M64
    return h


def splitmix(state):
    while True:
        state = (state + 0x9E3779B97F4A7C15) & M64
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & M64
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & M64
        yield z ^ (z >> 31)


def rotl(x, k):
    return ((x << k) | (x >> (32 - k))) & 0xFFFFFFFF


def xoshiro(s):
    while True:
        yield (rotl(s[1] * 5 & 0xFFFFFFFF, 7) * 9) & 0xFFFFFFFF
        t = (s[1] << 9) & 0xFFFFFFFF
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotl(s[3], 11)


# Published values: FNV test vectors; Vigna's splitmix64 with seed 1234567; xoshiro128** from state 1, 2, 3, 4 (rand_xoshiro's tests).
assert fnv1a(b"foobar") == 0x85944171F73967E8
g = splitmix(1234567)
assert [next(g) for _ in range(2)] == [6457827717110365317, 3203168211198807973]
g = xoshiro([1, 2, 3, 4])
assert [next(g) for _ in range(4)] == [11520, 0, 5927040, 70819200]


class Stream:
    def __init__(self, seed):
        mix = splitmix(fnv1a(seed.encode()))
        a, b = next(mix), next(mix)
        self.bits = xoshiro([a & 0xFFFFFFFF, a >> 32, b & 0xFFFFFFFF, b >> 32])
        self.spare = None

    def bits53(self):
        high = next(self.bits) >> 5
        return (high << 26) | (next(self.bits) >> 6)

    def next(self):
        return self.bits53() / 2**53

    def integer(self, n):
        limit = 2**53 - 2**53 % n
        while True:
            v = self.bits53()
            if v < limit:
                return v % n

    def normal(self):
        if self.spare is not None:
            v, self.spare = self.spare, None
            return v
        while True:
            u, v = 2 * self.next() - 1, 2 * self.next() - 1
            s = u * u + v * v
            if 0 < s < 1:
                factor = math.sqrt(-2 * math.log(s) / s)
                self.spare = v * factor
                return u * factor


streams = []
for seed in ["", "immunogate", "trial-7/µ–π"]:
    s = Stream(seed)
    row = {"seed": seed, "next": [s.next() for _ in range(6)]}
    row["integers"] = [[n, [s.integer(n) for _ in range(6)]] for n in (1, 6, 1000, 2**32 + 1, 2**53 - 1, 6004799503160662)]
    row["normal"] = [s.normal() for _ in range(7)]
    row["fork"] = Stream(seed + "\x1f" + "part").next()
    streams.append(row)

rng = np.random.default_rng(5)
cancelling = (rng.normal(size=60) * 10.0 ** rng.integers(-8, 16, 60)).tolist()
cancelling += [-v for v in cancelling[:55]] + [1e-9, 3.5]
sums = [
    {"values": cancelling, "sum": math.fsum(cancelling)},
    {"values": [1e100, 1.0, -1e100], "sum": 1.0},
    {"values": [0.1] * 10, "sum": 1.0},
]

samples = {"odd": rng.normal(size=41).tolist(), "even": rng.normal(size=40).tolist(), "tied": rng.integers(0, 6, 50).astype(float).tolist(),
           "one": [3.25], "two": [1.0, 4.0], "long": np.round(rng.normal(size=3000), 3).tolist()}
methods = {"2": "averaged_inverted_cdf", "6": "weibull", "7": "linear"}
probabilities = [0, 0.01, 0.05, 0.1, 0.25, 0.3, 0.5, 0.7, 0.75, 0.95, 0.995, 1]
quantiles = [
    {"name": name, "values": v, "expected": {t: [float(np.quantile(v, p, method=m)) for p in probabilities] for t, m in methods.items()}}
    for name, v in samples.items()
]

matrices = []
for name, a in {
    "compensation": np.eye(5) + np.abs(rng.normal(size=(5, 5))) * 0.1,
    "general": rng.normal(size=(7, 7)),
    "pivoting": np.array([[0.0, 2.0, 1.0], [1.0, 1e-17, 3.0], [4.0, 5.0, 6.0]]),
    "hilbert": np.array([[1 / (i + j + 1) for j in range(6)] for i in range(6)]),
}.items():
    b = rng.normal(size=len(a))
    inverse = np.linalg.inv(a)
    matrices.append({"name": name, "n": len(a), "a": a.ravel().tolist(), "b": b.tolist(), "x": np.linalg.solve(a, b).tolist(),
                     "inverse": inverse.ravel().tolist(), "determinant": float(np.linalg.det(a)), "condition": float(np.linalg.cond(a, 1))})
tall = rng.normal(size=(9, 4))
b = rng.normal(size=9)
least_squares = {"rows": 9, "columns": 4, "a": tall.ravel().tolist(), "b": b.tolist(), "x": np.linalg.lstsq(tall, b, rcond=None)[0].tolist(),
                 "pseudoInverse": np.linalg.pinv(tall).ravel().tolist()}
m = rng.normal(size=(6, 9))
spd = m @ m.T
values, vectors = np.linalg.eigh(spd)
symmetric = {"n": 6, "a": spd.ravel().tolist(), "values": values[::-1].tolist(), "cholesky": np.linalg.cholesky(spd).ravel().tolist(),
             "firstVector": (vectors[:, -1] * np.sign(vectors[np.argmax(np.abs(vectors[:, -1])), -1])).tolist()}

two = np.concatenate([rng.normal(0.5, 0.4, 300), rng.normal(4, 0.5, 120)])
iqr = np.subtract(*np.quantile(two, [0.75, 0.25]))
bandwidth = 0.9 * min(np.std(two, ddof=1), iqr / 1.34) * len(two) ** -0.2
x = np.linspace(-2, 7, 1024)
y = np.exp(-0.5 * ((x[:, None] - two) / bandwidth) ** 2).sum(1) / (len(two) * bandwidth * math.sqrt(2 * math.pi))
at = list(range(0, 1024, 16))
density = {"values": two.tolist(), "bandwidth": float(bandwidth), "from": -2, "to": 7, "points": 1024, "at": at, "y": y[at].tolist(),
           "peaks": [float(x[np.argmax(np.where(x < 2, y, 0))]), float(x[np.argmax(np.where(x > 2, y, 0))])],
           "valley": float(x[np.argmin(np.where((x > 1) & (x < 4), y, 9))])}


def half_sample_mode(v):
    v = sorted(v)
    while len(v) > 3:
        h = math.ceil(len(v) / 2)
        i = min(range(len(v) - h + 1), key=lambda i: v[i + h - 1] - v[i])
        v = v[i : i + h]
    if len(v) == 3:
        left, right = v[1] - v[0], v[2] - v[1]
        v = [v[1]] if left == right else v[:2] if left < right else v[1:]
    return sum(v) / len(v)


modes = [{"values": v, "mode": half_sample_mode(v)} for v in [two.tolist(), samples["tied"], samples["odd"], [1.0], [1.0, 2.0], [1.0, 2.0, 3.0], [1.0, 2.0, 2.5]]]

truth = {"note": "Made by make-numeric-truth.py with numpy " + np.__version__, "streams": streams, "sums": sums, "probabilities": probabilities,
         "quantiles": quantiles, "matrices": matrices, "leastSquares": least_squares, "symmetric": symmetric, "density": density, "modes": modes}
text = "{\n" + ",\n".join(f" {json.dumps(k)}: {json.dumps(v)}" for k, v in truth.items()) + "\n}\n"
pathlib.Path(__file__).with_name("numeric-truth.json").write_text(text)
