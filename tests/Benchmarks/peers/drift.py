"""scipy's side of DriftBench: reads a workload's name from standard input, answers with its CPU seconds per pass."""
import os
import sys

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"
import time

import numpy as np
from scipy import stats

RANDOM = np.random.default_rng(1)
A, B = RANDOM.standard_normal(10_000), RANDOM.standard_normal(10_000) + 0.05
REFERENCE = [np.sort(RANDOM.standard_normal(10_000)) for _ in range(32)]
EDGES = [np.quantile(r, [k / 10 for k in range(1, 10)]) for r in REFERENCE]
SHARES = [(np.bincount(np.searchsorted(e, r, side="right"), minlength=10) + 0.5) / 10_005 for r, e in zip(REFERENCE, EDGES)]


def compare(window):
    for reference, edges, p in zip(REFERENCE, EDGES, SHARES):
        now = RANDOM.standard_normal(window)
        stats.ks_2samp(reference, now, method="asymp")
        stats.wasserstein_distance(reference, now)
        q = (np.bincount(np.searchsorted(edges, now, side="right"), minlength=10) + 0.5) / (window + 5)
        np.sum((q - p) * np.log(q / p))


WORK = {
    "pass": (5, lambda: compare(100)),
    "pass500": (5, lambda: compare(500)),
    "ks": (50, lambda: stats.ks_2samp(A, B)),
    "w1": (50, lambda: stats.wasserstein_distance(A, B)),
    "both": (30, lambda: (stats.ks_2samp(A, B), stats.wasserstein_distance(A, B))),
}
for line in sys.stdin:
    repeats, work = WORK[line.strip()]
    before = time.process_time()
    for _ in range(repeats):
        work()
    print((time.process_time() - before) / repeats, flush=True)
