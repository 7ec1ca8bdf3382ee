using System.Numerics;

namespace QuadTurbo.Trading;

/// <summary>xoshiro256** with named streams: the only source of randomness of the platform.</summary>
/// <remarks>
/// Stream seed = SplitMix64(root seed xor FNV-1a(name)), learning.md section 12. Blackman and Vigna 2018. Not thread-safe: one stream, one thread.
/// </remarks>
public struct SeededRandom
{
    private ulong _a, _b, _c, _d;

    private SeededRandom(ulong seed)
    {
        _a = SplitMix(ref seed);
        _b = SplitMix(ref seed);
        _c = SplitMix(ref seed);
        _d = SplitMix(ref seed);
    }

    /// <summary>The stream <paramref name="name"/> under <paramref name="root"/>.</summary>
    public static SeededRandom Stream(long root, string name)
    {
        ulong hash = 14695981039346656037UL;
        foreach (char c in name) hash = (hash ^ c) * 1099511628211UL;
        return new SeededRandom((ulong)root ^ hash);
    }

    /// <summary>A stream of its own for each <paramref name="key"/>, so that draws do not depend on the order of work.</summary>
    public static SeededRandom Keyed(long root, ulong key)
    {
        ulong mixed = (ulong)root;
        return new SeededRandom(SplitMix(ref mixed) ^ key);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        ulong result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        ulong t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>Uniform on [0, 1).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform on 0 .. <paramref name="bound"/> − 1.</summary>
    public int NextInt(int bound) => (int)Math.BigMul(NextBits(), (ulong)bound, out _);

    /// <summary>Standard normal (Box and Muller 1958).</summary>
    public double NextNormal()
    {
        double u = 1.0 - NextDouble();
        return Math.Sqrt(-2.0 * Math.Log(u)) * Math.Cos(2.0 * Math.PI * NextDouble());
    }

    private static ulong SplitMix(ref ulong state)
    {
        ulong x = state += 0x9E3779B97F4A7C15UL;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
        return x ^ (x >> 31);
    }
}
