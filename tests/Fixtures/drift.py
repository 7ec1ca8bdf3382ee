"""Two-sample distances and their p-values by scipy, PSI by numpy.

Samples are named by their seed and drawn again by the test: sums of 12 uniforms of common.SplitMix64 less 6, the second moved by `shift`, then
put on a grid of 1 / `grid` (0: none) and, where a uniform is below `missing`, made NaN.
"""
import math

import numpy as np
from common import SplitMix64
from scipy import stats
from scipy.stats import _stats_py

# n, m, seed, shift, grid, missing
SAMPLES = [
    (1, 1, 1, 0.0, 0, 0.0), (1, 9, 2, 0.5, 0, 0.0), (5, 7, 3, 0.0, 0, 0.0), (20, 20, 4, 0.25, 0, 0.0), (37, 61, 5, 0.0, 4, 0.0),
    (100, 100, 6, 0.5, 8, 0.0), (150, 400, 7, 0.125, 0, 0.0), (1000, 100, 8, 0.25, 0, 0.0), (1000, 999, 9, 0.0, 16, 0.0),
    (10000, 100, 10, 0.0, 0, 0.0), (10000, 100, 11, 1.0, 4, 0.0), (10000, 500, 12, 0.25, 0, 0.0), (10000, 10000, 13, 0.03125, 0, 0.0),
    (3000, 2000, 14, 0.0625, 2, 0.0), (12000, 700, 15, 0.0625, 0, 0.0), (10000, 100, 16, 0.0, 0, 0.125), (2000, 500, 17, 0.5, 1, 0.25),
    (500, 100, 18, 60000.0, 0, 0.0),
]
PAIRS = [(10000, 100), (10000, 10000), (10000, 500), (100, 100), (7, 12), (300, 299), (2000, 1999), (64, 48), (6000, 4000)]
ONE_SAMPLE = [1, 2, 5, 20, 99, 140, 141, 500, 1000, 5000, 60000, 200000]
TABLES = [(0, 10000, 0, 100), (0, 10000, 1, 100), (500, 10000, 5, 100), (500, 10000, 17, 100), (3, 10, 9, 10), (10000, 10000, 90, 100),
          (10, 100, 400, 500), (1, 1, 0, 1), (200, 10000, 100, 100)]


def draw(random, count, shift, grid, missing):
    values = []
    for _ in range(count):
        x = shift - 6.0
        for _ in range(12):  # not sum(): newer Pythons carry its rounding errors
            x += random.uniform()
        if grid:
            x = math.floor(x * grid) / grid
        values.append(math.nan if random.uniform() < missing else x)
    return np.array(values)


def psi(reference, window):
    known = reference[~np.isnan(reference)]
    now = window[~np.isnan(window)]
    edges = np.unique(np.quantile(known, [k / 10 for k in range(1, 10)]))
    counts = [np.bincount(np.searchsorted(edges, v, side="right"), minlength=len(edges) + 1) for v in (known, now)]
    gone = [len(reference) - len(known), len(window) - len(now)]
    if sum(gone):
        counts = [np.append(c, g) for c, g in zip(counts, gone)]
    p, q = ((c + 0.5) / (c.sum() + 0.5 * len(c)) for c in counts)
    return float(np.sum((q - p) * np.log(q / p))), edges


def compare(n, m, seed, shift, grid, missing):
    random = SplitMix64(seed)
    reference, window = draw(random, n, 0.0, grid, missing), draw(random, m, shift, grid, missing)
    known, now = reference[~np.isnan(reference)], window[~np.isnan(window)]
    one = stats.ks_2samp(known, now, method="asymp")
    value, edges = psi(reference, window)
    return {"d": one.statistic, "auto": stats.ks_2samp(known, now).pvalue, "one": one.pvalue, "psi": value, "edges": edges,
            "w1": stats.wasserstein_distance(known, now), "iqr": float(np.quantile(known, 0.75) - np.quantile(known, 0.25))}


def exact(n, m):
    """Of distances in steps of 1 / lcm, from sure to hardly possible."""
    steps = n * m // math.gcd(n, m)
    root = math.sqrt((n + m) / (n * m))
    found = []
    for z in (0.2, 0.5, 0.8, 1.2, 1.7, 2.5, 4.0):
        h = round(min(z * root, 1.0) * steps)
        ok, d, p = _stats_py._attempt_exact_2kssamp(n, m, math.gcd(n, m), h / steps, "two-sided")
        assert ok
        found.append([d, p])
    return found


def one_sample(n):
    found = []
    for z in (0.1, 0.3, 0.5, 0.7, 0.9, 1.2, 1.45, 1.5, 1.9, 2.1, 3.0, 6.0):
        d = z / math.sqrt(n)
        if d < 1.2:
            found.append([d, float(stats.kstwo.sf(d, n))])
    return found


def benjamini_hochberg(p, q):
    order = np.argsort(p)
    below = np.nonzero(p[order] <= q * np.arange(1, len(p) + 1) / len(p))[0]
    rejected = np.zeros(len(p), dtype=bool)
    if len(below):
        rejected[order[: below[-1] + 1]] = True
    return rejected


def fixture():
    random = SplitMix64(99)
    p = np.array([random.uniform() ** 3 if i % 3 else random.uniform() / 1024 for i in range(60)])
    return {
        "inputs": {"samples": SAMPLES, "pairs": PAIRS, "oneSample": ONE_SAMPLE, "tables": TABLES, "p": p},
        "results": {
            "samples": [compare(*s) for s in SAMPLES],
            "pairs": [exact(*s) for s in PAIRS],
            "oneSample": [one_sample(n) for n in ONE_SAMPLE],
            "tables": [float(stats.fisher_exact([[a, n - a], [b, m - b]])[1]) for a, n, b, m in TABLES],
            "rejected": [benjamini_hochberg(p, q) for q in (0.001, 0.01, 0.1, 0.5)],
        },
    }
