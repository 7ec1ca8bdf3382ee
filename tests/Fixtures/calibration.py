"""Calibration by scikit-learn (isotonic, sigmoid) and scipy's minimisers (Platt, temperature, beta); ten significant digits of what was iterated to a minimum."""
import numpy as np
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.calibration import _sigmoid_calibration
from sklearn.isotonic import IsotonicRegression
from common import SplitMix64

ROWS = 240


def drawn(random, digits):
    margins, labels, weights = [], [], []
    for _ in range(ROWS):
        m = round(2.0 * random.bell(), digits)
        margins.append(m)
        labels.append(random.uniform() < 0.5 + 0.4 * m / (1.0 + abs(m)))
        weights.append(0.0 if random.below(12) == 0 else round(0.1 + 2.0 * random.uniform(), 3))
    return margins, labels, weights


def rounded(values, digits):
    return [float("%.*g" % (digits, v)) for v in values]


def targets(y, w):
    w1, w0 = w[y == 1].sum(), w[y == 0].sum()
    return np.where(y == 1, (w1 + 1) / (w1 + 2), 1 / (w0 + 2))


def logit_fit(columns, t, w):
    """The coefficients of least weighted log-loss: scipy's trust region with exact derivatives, far past its default tolerance."""
    x = np.column_stack(columns)

    def loss(theta):
        z = x @ theta
        return np.sum(w * (np.logaddexp(0, z) - t * z))

    def gradient(theta):
        return x.T @ (w * (expit(x @ theta) - t))

    def curvature(theta):
        p = expit(x @ theta)
        return x.T @ (x * (w * p * (1 - p))[:, None])

    fit = minimize(loss, np.zeros(x.shape[1]), jac=gradient, hess=curvature, method="trust-exact", options={"gtol": 1e-10})
    theta = fit.x
    for _ in range(3):
        theta = theta - np.linalg.solve(curvature(theta), gradient(theta))
    return theta


def beta(f, y, w):
    log_p, minus_log_rest = -np.logaddexp(0, -f), np.logaddexp(0, f)
    one = np.ones_like(f)
    a, b, c = logit_fit([log_p, minus_log_rest, one], y, w)
    if a < 0:
        a, (b, c) = 0.0, logit_fit([minus_log_rest, one], y, w)
    elif b < 0:
        b, (a, c) = 0.0, logit_fit([log_p, one], y, w)
    return [a, b, c] if min(a, b) >= 0 else [0.0, 0.0, np.log(w[y == 1].sum() / w[y == 0].sum())]


def fixture():
    inputs, results = {}, {}
    for name, seed, digits in (("ties", 21, 1), ("distinct", 22, 6)):
        margins, labels, weights = drawn(SplitMix64(seed), digits)
        inputs[name] = {"margins": margins, "labels": [int(v) for v in labels], "weights": weights}
        f, y = np.array(margins), np.array(labels, dtype=float)
        out = results[name] = {}
        for kind, w in (("plain", np.ones(ROWS)), ("weighted", np.array(weights))):
            isotonic = IsotonicRegression(out_of_bounds="clip").fit(f, y, sample_weight=w)
            at = np.arange(-90, 91) / 10.0 + 0.03125
            a, b = _sigmoid_calibration(f, y, sample_weight=w)
            platt = logit_fit([f, np.ones(ROWS)], targets(y, w), w)
            out[kind] = {
                "x": isotonic.X_thresholds_, "y": isotonic.y_thresholds_, "at": at, "predicted": isotonic.predict(at),
                "sklearn_platt": rounded([-a, -b], 4), "platt": rounded(platt, 10),
                "slope": rounded(logit_fit([f], targets(y, w), w), 10)[0], "beta": rounded(beta(f, y, w), 10),
            }
        # Labels that fall where the margin is high, or low, or everywhere: a coefficient of beta would be negative.
        one = np.ones(ROWS)
        out["falls_high"] = rounded(beta(f, np.where(f > 3, 0, y), one), 10)
        out["falls_low"] = rounded(beta(f, np.where(f < -3, 1, y), one), 10)
        out["falls"] = rounded(beta(f, 1 - y, one), 10)
    return {"inputs": inputs, "results": results}
