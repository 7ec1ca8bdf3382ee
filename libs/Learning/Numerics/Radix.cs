using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace QuadTurbo.Learning.Numerics;

/// <summary>Least-significant-digit radix sort of unsigned integers, at most 11 bits a pass (Knuth, TAOCP 3, 5.2.5).</summary>
internal static class Radix
{
    private const int DigitBits = 11;

    // Below this a comparison sort is faster than clearing and summing the counters of a pass.
    private const int Small = 256;

    /// <summary>
    /// Sorts <paramref name="items"/> by their bits from <paramref name="low"/> up, <paramref name="bits"/> of them; those above are 0 everywhere.
    /// Items that agree there keep their order, or come in order of their lower bits when they are few.
    /// </summary>
    /// <param name="items">Unsigned integers.</param>
    /// <param name="buffer">As many; overwritten.</param>
    /// <param name="low">Lowest bit that counts.</param>
    /// <param name="bits">How many bits count; with 0 nothing moves.</param>
    public static void Sort<T>(Span<T> items, Span<T> buffer, int low, int bits)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (bits == 0) return;
        if (items.Length < Small)
        {
            items.Sort();
            return;
        }
        int passes = (bits + DigitBits - 1) / DigitBits, width = (bits + passes - 1) / passes;
        Span<int> counts = stackalloc int[1 << width];
        Span<T> from = items, to = buffer;
        for (int p = 0; p < passes; p++)
        {
            if (!Pass(from, to, counts, low + p * width)) continue;
            Span<T> sorted = to;
            to = from;
            from = sorted;
        }
        if (from != items) from.CopyTo(items);
    }

    // Stable: items with equal digits are written in the order in which they are read. False, and nothing is written, when all digits are equal.
    private static bool Pass<T>(Span<T> from, Span<T> to, Span<int> counts, int shift)
        where T : unmanaged, IBinaryInteger<T>
    {
        counts.Clear();
        int mask = counts.Length - 1;
        ref int count = ref MemoryMarshal.GetReference(counts);
        // Digits are masked to the counters' length and the counters sum to the items', so no index below can leave its span.
        foreach (T item in from) Unsafe.Add(ref count, int.CreateTruncating(item >>> shift) & mask)++;
        if (counts[int.CreateTruncating(from[0] >>> shift) & mask] == from.Length) return false;
        int next = 0;
        foreach (ref int c in counts) (c, next) = (next, next + c);
        ref T target = ref MemoryMarshal.GetReference(to);
        foreach (T item in from) Unsafe.Add(ref target, Unsafe.Add(ref count, int.CreateTruncating(item >>> shift) & mask)++) = item;
        return true;
    }
}
