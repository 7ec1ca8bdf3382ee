"""Fixed-horizon tests, sample ratio and sample sizes by scipy."""
import math
from scipy import stats
from common import SplitMix64


def sizes(p, effect, alpha, power):
    q, mean = p + effect, p + effect / 2
    z = stats.norm.isf(alpha / 2) * math.sqrt(2 * mean * (1 - mean)) + stats.norm.ppf(power) * math.sqrt(p * (1 - p) + q * (1 - q))
    return z * z / (effect * effect)


def fixture():
    random = SplitMix64(31)
    samples = []
    for n_a, n_b, shift in ((5, 9, 0.0), (40, 12, 0.75), (200, 150, 0.125), (30, 30, 3.0), (2, 2, 0.5)):
        a = [round(random.bell(), 3) for _ in range(n_a)]
        b = [round(shift + 2.0 * random.bell(), 3) for _ in range(n_b)]
        samples.append({"a": a, "b": b})
    welch = [stats.ttest_ind_from_stats(
        sum(s["b"]) / len(s["b"]), stats.tstd(s["b"]), len(s["b"]), sum(s["a"]) / len(s["a"]), stats.tstd(s["a"]), len(s["a"]), equal_var=False)
        for s in samples]

    proportions = [[12, 100, 19, 90], [500, 10000, 560, 10000], [3, 7, 3, 7], [100, 1000, 300, 1000]]
    z = []
    for hits_a, n_a, hits_b, n_b in proportions:
        p = (hits_a + hits_b) / (n_a + n_b)
        z.append((hits_b / n_b - hits_a / n_a) / math.sqrt(p * (1 - p) * (1 / n_a + 1 / n_b)))

    ratios = [{"counts": [8010, 1990], "shares": [0.8, 0.2]}, {"counts": [8200, 1800], "shares": [0.8, 0.2]},
              {"counts": [330, 350, 320], "shares": [1.0, 1.0, 1.0]}, {"counts": [9, 12, 30, 7, 15], "shares": [1.0, 2.0, 3.0, 1.0, 1.0]},
              {"counts": [60000, 40000], "shares": [0.5, 0.5]}]
    chi = []
    for r in ratios:
        total, whole = sum(r["counts"]), sum(r["shares"])
        chi.append(stats.chisquare(r["counts"], [total * s / whole for s in r["shares"]]))

    means = [[1.0, 1.0, 0.1, 0.05, 0.8], [3.0, 5.0, 0.25, 0.01, 0.95], [0.5, 0.25, -0.02, 0.1, 0.9]]
    shares = [[0.1, 0.02, 0.05, 0.8], [0.5, -0.05, 0.01, 0.9], [0.02, 0.005, 0.05, 0.95]]
    return {
        "inputs": {"samples": samples, "proportions": proportions, "ratios": ratios, "means": means, "shares": shares},
        "results": {
            "welch_t": [w.statistic for w in welch], "welch_p": [w.pvalue for w in welch],
            "z": z, "z_p": [2 * stats.norm.sf(abs(v)) for v in z],
            "chi": [c.statistic for c in chi], "chi_p": [c.pvalue for c in chi],
            "mean_sizes": [math.ceil((a * a + b * b) * (stats.norm.isf(alpha / 2) + stats.norm.ppf(power)) ** 2 / (e * e)) for a, b, e, alpha, power in means],
            "share_sizes": [math.ceil(sizes(*s)) for s in shares],
        },
    }
