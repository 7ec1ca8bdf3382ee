"""scikit-learn's calibration fits on the margins of CalibrationBench.cs; one line in, one line out.

    draw N                                the margins and labels, the same bits as there
    sum | slope                           of isotonic's values at its thresholds; of the sigmoid
    isotonic | platt | logistic CALLS     cpu milliseconds of a fit
"""
import sys
import time

import numpy as np
from sklearn.calibration import _sigmoid_calibration
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

GOLDEN = 0x9E3779B97F4A7C15


def draw(n):
    """SplitMix64 of seed 1, two draws a row; numbers of 64 bits wrap."""
    x = np.uint64(1) + np.arange(2 * n, dtype=np.uint64) * np.uint64(GOLDEN)
    x = x + np.uint64(GOLDEN)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    x ^= x >> np.uint64(31)
    u = (x >> np.uint64(11)) * (1.0 / (1 << 53))
    margins = 8 * u[0::2] - 4
    labels = u[1::2] < 0.5 + 0.45 * (margins / (1 + np.abs(margins)))
    return margins, labels.astype(np.float64)


def main():
    margins = labels = None
    work = {
        "isotonic": lambda: IsotonicRegression(out_of_bounds="clip").fit(margins, labels),
        "platt": lambda: _sigmoid_calibration(margins, labels),
        "logistic": lambda: LogisticRegression(C=1e10).fit(margins[:, None], labels),
    }
    for line in sys.stdin:
        command, *arguments = line.split()
        if command == "draw":
            margins, labels = draw(int(arguments[0]))
            answer = len(margins)
        elif command == "sum":
            answer = repr(float(work["isotonic"]().y_thresholds_.sum()))
        elif command == "slope":
            answer = repr(float(-work["platt"]()[0]))
        else:
            began = time.process_time()
            for _ in range(int(arguments[0])):
                work[command]()
            answer = (time.process_time() - began) * 1e3 / int(arguments[0])
        print(answer, flush=True)


main()
