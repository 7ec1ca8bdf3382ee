"""What every fixture script shares: inputs that any machine draws bit for bit, and how numbers are written."""
import math
import struct

MASK = (1 << 64) - 1


class SplitMix64:
    """The stream of libs/Learning/Numerics/SplitMix64.cs (Steele, Lea and Flood 2014)."""

    def __init__(self, seed):
        self.state = seed & MASK

    def bits(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        x = self.state
        x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
        return x ^ (x >> 31)

    def uniform(self):
        return (self.bits() >> 11) * (1.0 / (1 << 53))

    def below(self, bound):
        return (self.bits() * bound) >> 64

    def bell(self):
        """Nearly normal and the same bits everywhere: the sum of 12 uniforms less 6."""
        return sum(self.uniform() for _ in range(12)) - 6.0


def float32(x):
    """x rounded to float32, as a double."""
    return struct.unpack("<f", struct.pack("<f", x))[0]


def plain(x):
    """Numbers, lists and dicts as JSON can hold them; NaN and infinities become strings."""
    if isinstance(x, dict):
        return {k: plain(v) for k, v in x.items()}
    if hasattr(x, "tolist"):
        return plain(x.tolist())
    if isinstance(x, (list, tuple)):
        return [plain(v) for v in x]
    if isinstance(x, float) and not math.isfinite(x):
        return "NaN" if math.isnan(x) else ("Infinity" if x > 0 else "-Infinity")
    return x
