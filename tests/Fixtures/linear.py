"""L2 logistic regression by scikit-learn on columns standardised by its own scaler; missing values by its imputer.

Its solver stops where the gradient is below 1e-8; Newton steps by numpy.linalg carry its answer on to the last digits,
which are then the same on every machine. They must not move it by more than 1e-6.
"""
import numpy as np
from scipy.special import expit
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from common import SplitMix64, float32

ROWS = 240


def inputs():
    random = SplitMix64(77)
    rows, labels, weights = [], [], []
    for _ in range(ROWS):
        row = [random.bell(), 10 + 3 * random.bell(), random.below(4), 0.001 * random.bell()]
        score = row[0] - 0.3 * (row[1] - 10) + 0.5 * row[2] - 0.5 + 1.5 * random.bell()
        row = [float32(round(v, 5)) for v in row]
        if random.below(8) == 0:
            row[1] = float("nan")
            score += 1
        if random.below(15) == 0:
            row[3] = float("nan")
        rows.append(row)
        labels.append(score > 0)
        weights.append(round(0.1 + 2 * random.uniform(), 3) if random.below(20) else 0.0)
    return rows, labels, weights


def fit(rows, labels, weights, l2, marked):
    scaler = StandardScaler().fit(rows, sample_weight=weights)
    z = SimpleImputer(strategy="constant", fill_value=0.0).fit_transform(scaler.transform(rows))
    if marked:
        z = np.hstack([z, np.isnan(rows[:, [1, 3]])])
    model = LogisticRegression(C=1 / l2, solver="newton-cg", tol=1e-8, max_iter=1000).fit(z, labels, sample_weight=weights)
    found = np.append(model.intercept_, model.coef_[0])
    exact = polish(found, np.column_stack([np.ones(len(z)), z]), labels, weights, l2)
    assert np.max(np.abs(exact - found)) < 1e-6
    model.intercept_, model.coef_ = exact[:1], exact[None, 1:]
    return {
        "l2": l2, "marked": marked, "mean": scaler.mean_, "intercept": exact[0], "coefficients": exact[1:],
        "probabilities": model.predict_proba(z)[:20, 1],
    }


def polish(beta, z, labels, weights, l2):
    penalty = np.append(0.0, np.full(len(beta) - 1, l2))
    for _ in range(4):
        p = expit(z @ beta)
        gradient = z.T @ (weights * (p - labels)) + penalty * beta
        beta = beta - np.linalg.solve((z.T * (weights * p * (1 - p))) @ z + np.diag(penalty), gradient)
    return beta


def fixture():
    rows, labels, weights = inputs()
    x, y, w = np.array(rows), np.array(labels), np.array(weights)
    fits = [fit(x, y, s, l2, marked) for s, l2, marked in ((np.ones(ROWS), 1.0, False), (w, 1.0, True), (w, 0.01, True), (w, 50.0, False))]
    return {"inputs": {"rows": x.ravel(), "labels": y, "weights": w}, "results": {"fits": fits}}
