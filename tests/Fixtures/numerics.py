"""Orders by numpy's stable sort."""
import numpy as np
from common import SplitMix64


def fixture():
    random = SplitMix64(11)
    keys = [round(random.bell(), 1) for _ in range(500)]
    return {"inputs": {"keys": keys}, "results": {"order": np.argsort(np.array(keys), kind="stable")}}
