"""A Gaussian hidden Markov model by the textbook: alpha and beta in logarithms, densities by scipy."""
import numpy as np
from scipy.stats import multivariate_normal
from common import SplitMix64

K, D, ROWS = 3, 2, 250
CENTRES = [(0.0, -1.0), (1.5, 0.0), (-0.5, 2.0)]
SPREADS = [(0.5, 0.4), (0.5, 0.75), (2.0, 0.5)]
STAY = 0.9


def inputs():
    random = SplitMix64(901)
    rows, state = [], 0
    for _ in range(ROWS):
        if random.uniform() > STAY:
            state = (state + 1 + random.below(K - 1)) % K
        a, b = random.bell(), random.bell()
        row = [CENTRES[state][0] + SPREADS[state][0] * a, CENTRES[state][1] + SPREADS[state][1] * (0.8 * b + 0.6 * a)]
        rows.append([round(v, 4) for v in row])
    for t in (0, 57, 58, 200):
        rows[t][t % D] = float("nan")
    return rows


def logsumexp(x, axis=None, keepdims=False):
    most = x.max(axis=axis, keepdims=True)
    sums = most + np.log(np.exp(x - most).sum(axis=axis, keepdims=True))
    return sums if keepdims else sums.squeeze(axis)


def densities(z, means, covariances):
    logs = np.column_stack([multivariate_normal.logpdf(z, means[k], covariances[k]) for k in range(K)])
    logs[np.isnan(logs)] = 0.0
    return logs


def forward(logs, start, transition):
    alpha = np.empty_like(logs)
    alpha[0] = np.log(start) + logs[0]
    for t in range(1, len(logs)):
        alpha[t] = logs[t] + logsumexp(alpha[t - 1][:, None] + np.log(transition), axis=0)
    return alpha


def backward(logs, transition):
    beta = np.zeros_like(logs)
    for t in range(len(logs) - 2, -1, -1):
        beta[t] = logsumexp(np.log(transition) + logs[t + 1] + beta[t + 1], axis=1)
    return beta


def step(z, known, start, transition, means, covariances):
    logs = densities(z, means, covariances)
    alpha, beta = forward(logs, start, transition), backward(logs, transition)
    total = logsumexp(alpha[-1])
    gamma = np.exp(alpha + beta - total)
    xi = np.exp(alpha[:-1, :, None] + np.log(transition) + (logs[1:] + beta[1:])[:, None, :] - total).sum(axis=0)
    weights, x = gamma[known], z[known]
    means = (weights.T @ x) / weights.sum(axis=0)[:, None]
    covariances = np.array([np.cov(x.T, aweights=weights[:, k], ddof=0) for k in range(K)])
    return total, xi / xi.sum(axis=1, keepdims=True), means, covariances


def fixture():
    rows = np.array(inputs())
    known = ~np.isnan(rows).any(axis=1)
    centre, deviation = rows[known].mean(axis=0), rows[known].std(axis=0)
    z = (rows - centre) / deviation
    z[~known] = np.nan
    start = np.full(K, 1.0 / K)
    transition = np.full((K, K), 0.05) + 0.85 * np.eye(K)
    means = (np.array(CENTRES) - centre) / deviation
    covariances = np.array([[[1.0, 0.25], [0.25, 0.5]]] * K)
    planted = {"start": start, "transition": transition, "means": means, "covariances": covariances}
    alpha = forward(densities(z, means, covariances), start, transition)
    filtered = np.exp(alpha - logsumexp(alpha, axis=1, keepdims=True))
    first = logsumexp(alpha[-1])
    fitted = (transition, means, covariances)
    for _ in range(150):
        total, *fitted = step(z, known, start, *fitted)
    order = np.argsort(fitted[1][:, 0])
    return {
        "inputs": {"rows": rows.ravel()},
        "results": {
            "centre": centre, "inverse_deviation": 1 / deviation,
            "model": {k: np.asarray(v).ravel() for k, v in planted.items()},
            "log_likelihood": first, "filtered": filtered[::10],
            "fitted": {
                "log_likelihood": total, "transition": fitted[0][np.ix_(order, order)].ravel(),
                "means": fitted[1][order].ravel(), "covariances": fitted[2][order].ravel(),
            },
        },
    }
