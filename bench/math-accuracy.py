"""Judges the doubles of bench/math-accuracy.ts against MPFR (through gmpy2), which rounds correctly at any precision.

For each function: the largest distance of our double from the correctly rounded one, in ulps (whole numbers: 0, 1, ...), the share that is
not the correctly rounded one, and the largest true error in ulps of the result. Exits 1 when any result is more than 1 ulp off.
"""
import array
import math
import sys

import gmpy2

folder = sys.argv[1]
names = sys.argv[2:] or (
    "exp expm1 log log1p log2 log10 pow10 pow sinh cosh tanh asinh atanh sin cos atan atan2".split()
)
exact = gmpy2.context(precision=140, emax=5000, emin=-5000)
double = gmpy2.ieee(64)
reference = {"pow10": gmpy2.exp10, "pow": lambda x, y: x**y, "expm1": gmpy2.expm1}
bad = False
print("| function | inputs | largest distance from correctly rounded, ulp | not correctly rounded, % | largest true error, ulp |")
print("|---|--:|--:|--:|--:|")
for name in names:
    values = array.array("d")
    with open(f"{folder}/{name}.f64", "rb") as f:
        values.frombytes(f.read())
    columns = 3 if name in ("pow", "atan2") else 2
    function = reference.get(name) or getattr(gmpy2, name)
    n = len(values) // columns
    wrong = farthest = 0
    worst = 0.0
    for i in range(0, len(values), columns):
        gmpy2.set_context(exact)
        true = function(*(gmpy2.mpfr(v) for v in values[i : i + columns - 1]))
        gmpy2.set_context(double)
        right = float(gmpy2.mpfr(true))
        ours = values[i + columns - 1]
        if ours == right:
            continue
        wrong += 1
        ulp = math.ulp(right)
        distance = abs(ours - right) / ulp
        farthest = max(farthest, distance)
        gmpy2.set_context(exact)
        error = float(abs(gmpy2.mpfr(ours) - true) / gmpy2.mpfr(ulp))
        if error > worst:
            worst = error
    bad = bad or farthest > 1
    print(f"| {name} | {n} | {farthest:.0f} | {100 * wrong / n:.3f} | {worst:.3f} |", flush=True)
sys.exit(1 if bad else 0)
