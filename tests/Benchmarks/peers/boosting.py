"""Trains xgboost (hist) and scikit-learn's HistGradientBoosting on float32 rows of 32 features; one line in, one line out.

    load PATH           reads PATH.x and PATH.y; answers the number of rows
    xgb | hgb           trains model G once; answers its cpu seconds
    auc PATH            xgboost's area under the curve on PATH, of the last xgb
"""
import sys
import time

import numpy as np
import xgboost
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

FEATURES = 32
xgboost.set_config(verbosity=0)


def read(path):
    return np.fromfile(path + ".x", np.float32).reshape(-1, FEATURES), np.fromfile(path + ".y", np.float32)


def train_xgb(x, y):
    parameters = {"objective": "binary:logistic", "tree_method": "hist", "max_depth": 6, "eta": 0.1, "lambda": 1, "max_bin": 256, "nthread": 1}
    return xgboost.train(parameters, xgboost.DMatrix(x, y, nthread=1), 100)


def train_hgb(x, y):
    return HistGradientBoostingClassifier(max_iter=100, max_depth=6, max_leaf_nodes=64, learning_rate=0.1, l2_regularization=1, max_bins=255,
                                          early_stopping=False).fit(x, y)


def main():
    x = y = model = None
    for line in sys.stdin:
        command, *arguments = line.split()
        if command == "load":
            x, y = read(arguments[0])
            answer = len(y)
        elif command == "auc":
            tx, ty = read(arguments[0])
            answer = roc_auc_score(ty, model.predict(xgboost.DMatrix(tx)))
        else:
            began = time.process_time()
            fitted = (train_xgb if command == "xgb" else train_hgb)(x, y)
            answer = time.process_time() - began
            model = fitted if command == "xgb" else model
        print(answer, flush=True)


main()
