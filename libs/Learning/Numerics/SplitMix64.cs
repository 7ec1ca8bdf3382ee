namespace QuadTurbo.Learning.Numerics;

/// <summary>A small seeded stream of random bits (Steele, Lea and Flood 2014); the caller names the seed. Not thread-safe.</summary>
/// <remarks>One stream, one thread. Work that may run on several threads is keyed by what it works on: <see cref="Mix"/>.</remarks>
public struct SplitMix64(long seed)
{
    private ulong _state = (ulong)seed;

    /// <summary>The stream <paramref name="name"/> under <paramref name="root"/>: seed = root xor FNV-1a(name).</summary>
    public static SplitMix64 Stream(long root, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        ulong hash = 14695981039346656037UL;
        foreach (char c in name) hash = (hash ^ c) * 1099511628211UL;
        return new SplitMix64((long)Mix((ulong)root ^ hash));
    }

    /// <summary>64 bits that depend on every bit of <paramref name="x"/>: the same for the same x, whatever was drawn before.</summary>
    public static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15UL;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
        return x ^ (x >> 31);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        ulong bits = Mix(_state);
        _state += 0x9E3779B97F4A7C15UL;
        return bits;
    }

    /// <summary>Uniform on 0 .. <paramref name="bound"/> − 1.</summary>
    public int NextInt(int bound) => (int)Math.BigMul(NextBits(), (ulong)bound, out _);

    /// <summary>Uniform on [0, 1).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Standard normal (Box and Muller 1958).</summary>
    public double NextNormal()
    {
        double u = 1.0 - NextDouble();
        return Math.Sqrt(-2.0 * Math.Log(u)) * Math.Cos(2.0 * Math.PI * NextDouble());
    }

    /// <summary>Puts <paramref name="items"/> into a random order (Fisher and Yates; Durstenfeld 1964).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
