"""Writes transform-truth.json: scaled values from FlowUtils (C logicle and hyperlog, numpy asinh and log) and FlowKit's FlowJo table.

Run: python3 test/signal/make-transform-truth.py   (pip install flowutils==1.2.2 numpy). The biex table follows cytolib and FlowKit, whose
algorithm it repeats in numpy; the test compares it with a table written by FlowJo itself, too.
"""
import json
import math
import pathlib

import numpy as np
from flowutils import transforms as ft

x = np.concatenate([-np.logspace(5.5, -3, 25), [0.0], np.logspace(-3, 6.5, 50)])
cases = []
for t, w, m, a in [(262144, 0.5, 4.5, 0), (262144, 1, 4.5, 0), (1000, 1, 4, 0), (1000, 1, 4, 1), (262144, 0, 4.5, 0.5), (4194304, 1.7, 5.5, -0.5), (262144, 2.2, 4.5, 0)]:
    p = {"T": t, "W": w, "M": m, "A": a}
    cases.append({"scale": {"kind": "logicle", **p}, "x": x.tolist(), "y": ft.logicle(x, None, t, m, w, a).tolist()})
    if w > 0:
        cases.append({"scale": {"kind": "hyperlog", **p}, "x": x.tolist(), "y": ft.hyperlog(x, None, t, m, w, a).tolist()})
for t, m, a in [(262144, 4.5, 0), (1000, 4, 1), (1000, 5, 0.5)]:
    cases.append({"scale": {"kind": "asinh", "T": t, "M": m, "A": a}, "x": x.tolist(), "y": ft.asinh(x, None, t, m, a).tolist()})
for c in (5, 150):
    cases.append({"scale": {"kind": "asinhCofactor", "cofactor": c}, "x": x.tolist(), "y": np.arcsinh(x / c).tolist()})
positive = x[x > 0]
for t, m in [(262144, 4.5), (10000, 5)]:
    cases.append({"scale": {"kind": "log", "T": t, "M": m}, "x": positive.tolist(), "y": ft.log(positive, None, t, m).tolist()})
cases.append({"scale": {"kind": "linear", "T": 1000, "A": 100}, "x": x.tolist(), "y": ((x + 100) / 1100).tolist()})


def biex_table(pos, neg, width_basis, top, n=4096):
    width = math.log10(-width_basis)
    extra = max(0.0, neg) + width / 2
    decades = pos - width / 2
    zero = int(min(int(extra * n / (extra + decades)), n / 2))
    if zero > 0:
        decades = extra * n / zero
    w = width / (2 * decades)
    b = math.log(10) * decades
    lo, hi = 0.0, b
    for _ in range(200):
        d = (lo + hi) / 2
        lo, hi = (d, hi) if 2 * math.log(d / b) + w * (d + b) < 0 else (lo, d)
    if w == 0:
        d = b
    i = np.arange(n + 1) / (n + 1)
    curve = np.exp(i * b) - math.exp((b + d) * (w + extra / decades)) * np.exp(-i * d)
    y = top / math.exp(b) * (curve - curve[zero])
    y[:zero] = -y[2 * zero : zero : -1]
    return y


for pos, neg, width in [(4.418540, 0, -10), (4.418540, 1, -7.943282), (4.5, 0.5, -100), (4.418540, 0, -1), (5.2, 0, -630.957)]:
    top = 262144.000029
    table = biex_table(pos, neg, width, top)
    inside = x[(x > table[0]) & (x < table[-1])]
    scale = {"kind": "biex", "T": top, "neg": neg, "width": width, "pos": pos, "channels": 4096}
    cases.append({"scale": scale, "x": inside.tolist(), "y": np.interp(inside, table, np.arange(4097)).tolist()})

note = "Scaled values from flowutils 1.2.2 and numpy " + np.__version__ + ", made by make-transform-truth.py."
lines = ",\n".join("  " + json.dumps(c) for c in cases)
pathlib.Path(__file__).with_name("transform-truth.json").write_text(f'{{\n "note": {json.dumps(note)},\n "cases": [\n{lines}\n ]\n}}\n')
