"""xgboost as the peer of InferenceBench: makes the models and rows of performance.md section 6, then times them when asked.

    inference.py FOLDER     writes model100.json, model500.json, rows.bin; then for each line MODEL on stdin prints ns per row, one thread
"""
import os
import sys
import time

os.environ["OMP_NUM_THREADS"] = "1"
import numpy as np  # noqa: E402
import xgboost as xgb  # noqa: E402

ROWS, BLOCK = 65536, 1024


def tab(n, seed):
    random = np.random.default_rng(seed)
    x = random.standard_normal((n, 32)).astype(np.float32)
    logit = 1.2 * x[:, 0] + np.sin(2 * x[:, 3]) + 0.7 * (x[:, 4] > 0.5) * x[:, 5] + 0.5 * np.abs(x[:, 6]) + 0.3 * x[:, 7:12].sum(1) - 0.4
    return x, (random.random(n) < 1 / (1 + np.exp(-logit))).astype(np.float32)


def main(folder):
    x, y = tab(100_000, 1)
    options = {"objective": "binary:logistic", "tree_method": "hist", "max_depth": 6, "eta": 0.1, "lambda": 1, "max_bin": 256, "nthread": 1}
    boosters = {}
    for trees in (100, 500):
        boosters[trees] = xgb.train(options, xgb.DMatrix(x, label=y), trees)
        boosters[trees].save_model(os.path.join(folder, f"model{trees}.json"))
    rows = tab(ROWS, 99)[0]
    rows.tofile(os.path.join(folder, "rows.bin"))
    boosters[100].predict(xgb.DMatrix(rows), output_margin=True).tofile(os.path.join(folder, "margins.bin"))
    print("ready", flush=True)
    for line in sys.stdin:
        booster = boosters[int(line)]
        start = time.process_time()
        for first in range(0, ROWS, BLOCK):
            booster.inplace_predict(rows[first:first + BLOCK], predict_type="margin")
        print((time.process_time() - start) / ROWS * 1e9, flush=True)


main(sys.argv[1])
