"""Figures by scikit-learn and scipy; those that they lack by definition, in numpy: DeLong over all pairs, calibration errors bin by bin."""
import numpy as np
from scipy import stats
from sklearn import metrics as sk
from common import SplitMix64

N, M = 160, 15


def inputs():
    random = SplitMix64(2024)
    rows = []
    for _ in range(N):
        score = min(max(round(0.45 + 0.2 * random.bell(), 2), 0.01), 0.99)
        other = min(max(round(0.6 * score + 0.2 + 0.1 * random.bell(), 2), 0.01), 0.99)
        label = random.uniform() < 0.3 + 0.5 * score
        weight = round(0.25 * random.below(9), 2)
        target = round(random.bell(), 2)
        prediction = round(0.7 * target + 0.5 * random.bell(), 2)
        rows.append((score, other, bool(label), weight, target, prediction))
    names = ("scores", "others", "labels", "weights", "targets", "predictions")
    given = {name: list(column) for name, column in zip(names, zip(*rows))}
    given["returns"] = [round(0.1 + random.bell() + 0.3 * random.bell() * random.uniform(), 3) for _ in range(60)]
    given["levels"] = [0.5, 0.8, 0.9, 0.95, 0.99, 0.999]
    return given


def auc_of_pairs(s, y, w):
    """AUC and structural components over all pairs, weighted."""
    p, q, wp, wq = s[y], s[~y], w[y], w[~y]
    won = (p[:, None] > q) + 0.5 * (p[:, None] == q)
    ofp, ofq = won @ wq / wq.sum(), wp @ won / wp.sum()
    return wp @ ofp / wp.sum(), ofp, ofq


def spread(v, w):
    return (w**2 * v**2).sum() / (w.sum() ** 2 - (w**2).sum())


def delong(s, y, w):
    a, p, q = auc_of_pairs(s, y, w)
    return a, np.sqrt(spread(p - a, w[y]) + spread(q - a, w[~y]))


def compare(s, t, y, w):
    (a, p, q), (b, r, u) = auc_of_pairs(s, y, w), auc_of_pairs(t, y, w)
    error = np.sqrt(spread(p - r - (a - b), w[y]) + spread(q - u - (a - b), w[~y]))
    z = (a - b) / error
    return {"difference": a - b, "error": error, "z": z, "p": 2 * stats.norm.sf(abs(z))}


def bins_of_width(s):
    edges = np.array([m / M for m in range(M + 1)])
    return np.clip(np.searchsorted(edges, s, side="left") - 1, 0, M - 1)


def bins_of_mass(s, w):
    below, own = (np.array([w[f(s, x)].sum() for x in s]) for f in (np.less, np.equal))
    return np.minimum(((below + own / 2) * M / w.sum()).astype(int), M - 1)


def calibration(s, y, w, bins):
    total, ece, mce, square, points = w.sum(), 0.0, 0.0, 0.0, []
    for k in range(M):
        at = (bins == k) & (w > 0)
        if not at.any():
            continue
        mass, p, l = w[at].sum(), np.average(s[at], weights=w[at]), np.average(y[at], weights=w[at])
        effective = mass**2 / (w[at] ** 2).sum()
        ece += mass * abs(l - p) / total
        mce = max(mce, abs(l - p))
        square += mass / total * ((l - p) ** 2 - (l * (1 - l) / (effective - 1) if at.sum() > 1 else 0))
        points.append([p, l, at.sum(), mass])
    return {"ece": ece, "mce": mce, "square": square, "points": points}


def murphy(s, y, w, bins):
    total, rate, found = w.sum(), np.average(y, weights=w), np.zeros(5)
    found[2] = rate * (1 - rate)
    for k in set(bins[w > 0]):
        at = bins == k
        p, l = np.average(s[at], weights=w[at]), np.average(y[at], weights=w[at])
        found[0] += w[at].sum() * (p - l) ** 2 / total
        found[1] += w[at].sum() * (l - rate) ** 2 / total
        found[3] += (w[at] * (s[at] - p) ** 2).sum() / total
        found[4] += 2 * (w[at] * (s[at] - p) * (y[at] - l)).sum() / total
    return found


def distance(s, y, w):
    return max(abs(np.average(s[y] <= x, weights=w[y]) - np.average(s[~y] <= x, weights=w[~y])) for x in s)


def floor(s, seed):
    """The draws of ReliabilityCurve.Floor, from the same stream."""
    name = 14695981039346656037
    for c in "ece-floor":
        name = ((name ^ ord(c)) * 1099511628211) % (1 << 64)
    random = SplitMix64(SplitMix64(seed ^ name).bits())
    errors = []
    for _ in range(200):
        y = np.array([random.uniform() < p for p in s])
        errors.append(calibration(s, y, np.ones(N), bins_of_width(s))["ece"])
    return {"mean": np.mean(errors), "upper": np.sort(errors)[189]}


def classified(s, t, y, w):
    a, error = delong(s, y, w)
    called = s >= 0.5
    return {
        "auc": sk.roc_auc_score(y, s, sample_weight=w),
        "delong": {"auc": a, "error": error},
        "compare": compare(s, t, y, w),
        "precision": sk.precision_score(y, called, sample_weight=w),
        "recall": sk.recall_score(y, called, sample_weight=w),
        "f1": sk.f1_score(y, called, sample_weight=w),
        "accuracy": sk.accuracy_score(y, called, sample_weight=w),
        "matthews": sk.matthews_corrcoef(y, called, sample_weight=w),
        "average_precision": sk.average_precision_score(y, s, sample_weight=w),
        "log_loss": sk.log_loss(y, s, sample_weight=w, eps=1e-15),
        "brier": sk.brier_score_loss(y, s, sample_weight=w),
        "distance": distance(s, y, w),
        "width": calibration(s, y, w, bins_of_width(s)),
        "mass": calibration(s, y, w, bins_of_mass(s, w)),
        "murphy": murphy(s, y, w, bins_of_width(s)),
    }


def regressed(y, p, w):
    return {
        "rmse": np.sqrt(sk.mean_squared_error(y, p, sample_weight=w)),
        "mae": sk.mean_absolute_error(y, p, sample_weight=w),
        "r_squared": sk.r2_score(y, p, sample_weight=w),
        "pinball": [sk.mean_pinball_loss(y, p, alpha=a, sample_weight=w) for a in (0.05, 0.5, 0.95)],
        "coverage": np.average(y <= p, weights=w),
    }


def sharpe(r, trials):
    g3, g4, n, ratio = stats.skew(r), stats.kurtosis(r, fisher=False), len(r), r.mean() / r.std(ddof=1)
    noise = np.sqrt(1 - g3 * ratio + (g4 - 1) / 4 * ratio**2)
    best = trials.std(ddof=1) * (
        (1 - np.euler_gamma) * stats.norm.ppf(1 - 1 / len(trials)) + np.euler_gamma * stats.norm.ppf(1 - 1 / (len(trials) * np.e)))
    return {
        "ratio": ratio,
        "probabilistic": stats.norm.cdf(ratio * np.sqrt(n - 1) / noise),
        "expected_maximum": best,
        "deflated": stats.norm.cdf((ratio - best) * np.sqrt(n - 1) / noise),
    }


def fixture():
    given = inputs()
    s, t, y, w, u, p = (np.array(given[k]) for k in ("scores", "others", "labels", "weights", "targets", "predictions"))
    one, levels = np.ones(N), np.array(given["levels"])
    a, error = delong(s, y, one)
    logit, reach = np.log(a / (1 - a)), stats.norm.ppf(0.5 + levels / 2) * error / (a * (1 - a))
    return {
        "inputs": given,
        "results": {
            "plain": classified(s, t, y, one),
            "weighted": classified(s, t, y, w),
            "plain_regression": regressed(u, p, one),
            "weighted_regression": regressed(u, p, w),
            "scipy_distance": stats.ks_2samp(s[y], s[~y]).statistic,
            "low": 1 / (1 + np.exp(reach - logit)),
            "high": 1 / (1 + np.exp(-reach - logit)),
            "floor": floor(s, 5),
            "sharpe": sharpe(np.array(given["returns"]), np.array(given["returns"][:20]) / 10),
        },
    }
