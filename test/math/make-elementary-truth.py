"""Writes elementary-truth.json: arguments and correctly rounded results of the elementary functions, by MPFR through gmpy2.

Run: python3 test/math/make-elementary-truth.py   (pip install gmpy2). Results: 140-bit MPFR, then one rounding to a double.
Special values are written as text: "NaN", "Infinity", "-Infinity", "-0". pow follows ECMAScript where it differs from C: 1^NaN and
1^Infinity are NaN.
"""
import json
import math
import pathlib
import random

import gmpy2

rng = random.Random(20240601)
exact = gmpy2.context(precision=140, emax=5000, emin=-5000)
double = gmpy2.ieee(64)
inf, nan = math.inf, math.nan
edges = [0.0, -0.0, inf, -inf, nan, 1.0, -1.0, 0.5, -0.5, 2.0, 5e-324, -5e-324, 2.2250738585072014e-308, 1e-310, -1e-310,
         1e-20, -1e-20, 1e-9, -1e-9, 1e-8, 1e16, -1e16, 1.7976931348623157e308, -1.7976931348623157e308,
         math.nextafter(1, 2), math.nextafter(1, 0), math.pi, math.pi / 2, math.e, 10.0, 100.0, 1000.0, 1e22]
near = {
    "exp": [709.782712893384, 709.7827128933841, -745.1332191019411, -745.1332191019412, -745.14, -708.4, -720.5, math.log(2), 0.35],
    "expm1": [709.782712893384, 709.79, -37.5, -40.0, 0.25, -0.25, 0.2499999, -0.2499999, 36.7, 709.1, 709.5],
    "log": [math.sqrt(2), math.sqrt(0.5), 0.999999999, 1.000000001, 1e-300, 3e-320],
    "log1p": [-0.5, -0.999999999999, -1.0000001, 9007199254740992.0, 9007199254740994.0, 1e-16, -1e-16, 1e300],
    "log2": [2.0**k for k in (-1074, -1073, -1022, -3, 1, 30, 1023)] + [3.0, 0.1],
    "log10": [10.0**k for k in range(-3, 23)] + [3e-320, 2.0],
    "pow10": [float(k) for k in range(-24, 25)] + [308.25, 308.26, -307.7, -323.2, -323.9, -324.5, 0.3, 2.5, 4.5],
    "sinh": [0.5, 0.49999, 22.0, 22.1, 710.4758600739439, 710.4758600739440, 711.0, -710.0, 709.9, -711.5],
    "cosh": [0.5, 22.0, 22.1, 710.4758600739439, 711.0, -710.2, 709.9],
    "tanh": [0.55, 0.5499, -0.55, 19.0, 22.0, 22.1, -30.0],
    "asinh": [1e9, 1.0000000001e9, 1e8, 150.0, 2097152.0 / 150, 0.7, -3.0, 1e300],
    "atanh": [0.999999999999, -0.999999999999, 0.3, 1.5, -1.5, math.nextafter(1, 0)],
    "sin": [1e5, 100001.5, 1e22, 1e300, -1e300, 355.0, 3.141592653589793, 6.283185307179586, 0.7853981633974483, 0.7853981633974484, 11.0, 2.0**60],
    "cos": [1e5, 100001.5, 1e22, 1e300, 355.0, 1.5707963267948966, 4.71238898038469, 0.7853981633974483, 11.0, 2.0**60],
    "atan": [0.4375, 0.6875, 1.1875, 2.4375, 0.43749, 0.6874, 1e19, 1e20, -1e20],
}
draw = {
    "exp": lambda: rng.uniform(-30, 30), "expm1": lambda: rng.uniform(-3, 3), "log": lambda: 10 ** rng.uniform(-10, 10),
    "log1p": lambda: 10 ** rng.uniform(-10, 6) * rng.choice([1, 1, -0.0001]), "log2": lambda: 10 ** rng.uniform(-10, 10),
    "log10": lambda: 10 ** rng.uniform(-10, 10), "pow10": lambda: rng.uniform(-10, 10), "sinh": lambda: rng.uniform(-12, 12),
    "cosh": lambda: rng.uniform(-12, 12), "tanh": lambda: rng.uniform(-4, 4),
    "asinh": lambda: rng.choice([-1, 1]) * 10 ** rng.uniform(-6, 6), "atanh": lambda: rng.uniform(-1, 1),
    "sin": lambda: rng.uniform(-50, 50), "cos": lambda: rng.uniform(-50, 50), "atan": lambda: rng.choice([-1, 1]) * 10 ** rng.uniform(-3, 3),
}


def true(name, *args):
    gmpy2.set_context(exact)
    function = {"pow10": gmpy2.exp10, "pow": lambda x, y: x**y}.get(name) or getattr(gmpy2, name)
    value = function(*(gmpy2.mpfr(a) for a in args))
    gmpy2.set_context(double)
    return float(gmpy2.mpfr(value))


def text(v):
    if math.isnan(v):
        return "NaN"
    if math.isinf(v):
        return "Infinity" if v > 0 else "-Infinity"
    return "-0" if v == 0 and math.copysign(1, v) < 0 else v


table = {}
for name in near:
    xs = edges + near[name] + [draw[name]() for _ in range(150)]
    table[name] = [[text(x), text(true(name, x))] for x in xs]

signs = [0.0, -0.0, inf, -inf, 1.0, -1.0, 2.5, -2.5, nan, 1e-300, -1e300]
pairs = [(y, x) for y in signs for x in signs] + [(rng.uniform(-9, 9), rng.uniform(-9, 9)) for _ in range(120)]
table["atan2"] = [[text(y), text(x), text(true("atan2", y, x))] for y, x in pairs]
bases = [0.0, -0.0, inf, -inf, nan, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 10.0, 5e-324, 1.7976931348623157e308, math.nextafter(1, 2)]
powers = [0.0, -0.0, inf, -inf, nan, 1.0, -1.0, 2.0, 3.0, -3.0, 0.5, -0.5, 1 / 3, 1e10, -1e10, 9007199254740991.0, 1e300, 1074.0, -1074.0, -1075.0]
pairs = [(x, y) for x in bases for y in powers]
pairs += [(10 ** rng.uniform(-8, 8), rng.uniform(-15, 15)) for _ in range(150)]
pairs += [(1 + rng.uniform(-1e-9, 1e-9), rng.uniform(-5e10, 5e10)) for _ in range(30)]
table["pow"] = [
    [text(x), text(y), "NaN" if (abs(x) == 1 and math.isinf(y)) or (x == 1 and math.isnan(y)) else text(true("pow", x, y))] for x, y in pairs
]

out = pathlib.Path(__file__).with_name("elementary-truth.json")
lines = [f'  "{name}": [\n' + ",\n".join("    " + json.dumps(row) for row in rows) + "\n  ]" for name, rows in table.items()]
note = "Correctly rounded results by MPFR (gmpy2), made by make-elementary-truth.py; each row is the arguments, then the result."
out.write_text('{\n  "note": ' + json.dumps(note) + ",\n" + ",\n".join(lines) + "\n}\n")
