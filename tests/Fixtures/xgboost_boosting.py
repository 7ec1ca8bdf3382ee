"""Margins of xgboost's hist trainer, grown depth-wise, on the rows it learnt from: cuts that part these alike may lie anywhere between two values."""
import numpy as np
import xgboost
from common import SplitMix64, float32

FEATURES = 5
ROWS = 400


def table(random):
    x = [[float("nan") if f == 4 and random.uniform() < 0.3 else round(random.bell(), 1) for f in range(FEATURES)] for _ in range(ROWS)]
    signal = [r[0] + (0.8 if r[1] > 0.3 else -0.3) * r[2] + (0.7 if r[4] != r[4] else 0.5 * r[4]) for r in x]
    return x, [float32(round(s + 0.7 * random.bell(), 2)) for s in signal]


def margins(x, y, weights, parameters):
    parameters = {"tree_method": "hist", "max_bin": 256, "nthread": 1, "eta": 0.3, "max_depth": 4, **parameters}
    data = xgboost.DMatrix(np.array(x, np.float32), y, weight=weights)
    return [float(round(m, 6)) for m in xgboost.train(parameters, data, 12).predict(data, output_margin=True).astype(float)]


def fixture():
    xgboost.set_config(verbosity=0)
    random = SplitMix64(5)
    x, y = table(random)
    labels = [1.0 if v > 0 else 0.0 for v in y]
    weights = [float32(0.5 + round(random.uniform(), 2)) for _ in range(ROWS)]
    logistic = {"objective": "binary:logistic", "base_score": sum(w * v for w, v in zip(weights, labels)) / sum(weights), "min_child_weight": 2}
    squared = {"objective": "reg:squarederror", "base_score": sum(w * v for w, v in zip(weights, y)) / sum(weights), "min_child_weight": 8}
    return {
        "inputs": {"x": sum(x, []), "y": y, "labels": labels, "weights": weights},
        "results": {
            "logistic": margins(x, labels, weights, logistic),
            "penalised": margins(x, labels, weights, {**logistic, "alpha": 0.5, "lambda": 3, "gamma": 1}),
            "capped": margins(x, labels, weights, {**logistic, "max_delta_step": 0.4}),
            "squared": margins(x, y, weights, squared),
            "monotone": margins(x, y, weights, {**squared, "monotone_constraints": "(1,1,-1,0,0)"}),
        },
    }
