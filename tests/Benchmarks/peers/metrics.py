"""scikit-learn's AUC and numpy's sorts on the scores of MetricsBench.cs; one line in, one line out.

    draw N              the scores and labels, the same bits as there
    value               their AUC
    auc | order | sort CALLS    cpu milliseconds of a call
"""
import sys
import time

import numpy as np
from sklearn.metrics import roc_auc_score

GOLDEN = 0x9E3779B97F4A7C15


def draw(n):
    """SplitMix64 of seed 1, two draws a row; numbers of 64 bits wrap."""
    x = np.uint64(1) + np.arange(1, 2 * n + 1, dtype=np.uint64) * np.uint64(GOLDEN)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    x ^= x >> np.uint64(31)
    # floor(3 bits / 2**64) is 0 for the lowest third.
    labels = x[0::2] <= np.uint64((1 << 64) // 3)
    scores = 0.8 * ((x[1::2] >> np.uint64(11)) * (1.0 / (1 << 53))) + np.where(labels, 0.2, 0.0)
    return scores, labels


def main():
    scores = labels = None
    work = {
        "auc": lambda: roc_auc_score(labels, scores),
        "order": lambda: np.argsort(scores, kind="stable"),
        "sort": lambda: np.sort(scores),
    }
    for line in sys.stdin:
        command, *arguments = line.split()
        if command == "draw":
            scores, labels = draw(int(arguments[0]))
            answer = len(scores)
        elif command == "value":
            answer = repr(float(roc_auc_score(labels, scores)))
        else:
            began = time.process_time()
            for _ in range(int(arguments[0])):
                work[command]()
            answer = (time.process_time() - began) * 1e3 / int(arguments[0])
        print(answer, flush=True)


main()
