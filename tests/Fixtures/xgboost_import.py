"""Small xgboost models as JSON, with what xgboost itself predicts and how it attributes it (1 thread; Debian's python3-xgboost 1.7)."""
import json
import os
import tempfile

import numpy as np
import xgboost as xgb
from common import SplitMix64, float32

FEATURES = 4
MODELS = {
    "logistic": {"objective": "binary:logistic", "max_depth": 3, "eta": 0.4, "gamma": 0.4, "tree_method": "exact", "base_score": 0.3},
    "squared": {"objective": "reg:squarederror", "max_depth": 4, "eta": 0.3, "tree_method": "hist", "base_score": 1.25},
    "leafwise": {"objective": "binary:logistic", "max_leaves": 12, "max_depth": 0, "grow_policy": "lossguide", "tree_method": "hist", "alpha": 0.1},
}


def table(random, rows):
    """Rows with a tenth of their cells missing, values on a coarse grid so that some lie exactly on cuts."""
    return [[float("nan") if random.below(10) == 0 else float32(round(4 * random.bell()) / 4 + f / 8) for f in range(FEATURES)] for _ in range(rows)]


def fixture():
    random = SplitMix64(4)
    train, test = table(random, 250), table(random, 60)
    known = np.nan_to_num(np.array(train))
    signal = known[:, 0] + (known[:, 1] > 0.4) * known[:, 2] + np.array([random.bell() / 2 for _ in train])
    results = {}
    for name, options in MODELS.items():
        label = signal > 0 if options["objective"] == "binary:logistic" else signal
        data = xgb.DMatrix(np.array(train, dtype=np.float32), label=label.astype(np.float32))
        booster = xgb.train({"nthread": 1, "seed": 1, **options}, data, num_boost_round=6)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "model.json")
            booster.save_model(path)
            with open(path, encoding="utf-8") as text:
                model = json.load(text)
        rows = xgb.DMatrix(np.array(test, dtype=np.float32))
        results[name] = {
            "model": model,
            "margins": booster.predict(rows, output_margin=True).astype(float),
            "contributions": booster.predict(rows, pred_contribs=True).astype(float),
        }
    return {"inputs": {"train": train, "test": test}, "results": results}
