using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Learning.Drift;

/// <summary>Both distances of two samples, from one walk through their merged order.</summary>
/// <param name="Steps">max |F − G| in steps of 1 / lcm(n, m): a whole number, so that no rounding decides a p-value.</param>
/// <param name="Area">∫ |F − G| dx, in the unit of the values.</param>
internal readonly record struct SampleDistance(long Steps, double Area)
{
    /// <summary>Steps between F = 0 and F = 1.</summary>
    public static long Scale(int n, int m) => (long)(n / Divisor(n, m)) * m;

    /// <summary>Largest number that divides both.</summary>
    public static int Divisor(int n, int m)
    {
        while (m != 0) (n, m) = (m, n % m);
        return n;
    }

    /// <summary>Distances of two samples in any order, neither empty. O(n log n).</summary>
    /// <exception cref="ArgumentException">A sample is empty, or holds NaN or an infinity.</exception>
    public static SampleDistance Of(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double[] first = Sorted(a), second = Sorted(b);
        SampleDistance distance = Walk(first, a.Length, second, b.Length);
        ArrayPool<double>.Shared.Return(first);
        ArrayPool<double>.Shared.Return(second);
        return distance;
    }

    // A rented copy in ascending order, with +∞ behind the last value so that the walk needs no bounds.
    private static double[] Sorted(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty) throw new ArgumentException("a sample is empty: a distance needs one value at least on each side");
        double[] sorted = ArrayPool<double>.Shared.Rent(values.Length + 1);
        values.CopyTo(sorted);
        Sorting.Sort(sorted.AsSpan(0, values.Length));
        if (double.IsInfinity(sorted[0]) || double.IsInfinity(sorted[values.Length - 1]))
            throw new ArgumentException("a sample holds an infinity: a distance needs finite values");
        sorted[values.Length] = double.PositiveInfinity;
        return sorted;
    }

    // F − G is measured where a group of equal values ends, never inside it. Advancing by 0 or 1 leaves no branch to mispredict.
    private static SampleDistance Walk(double[] first, int n, double[] second, int m)
    {
        ref double a = ref MemoryMarshal.GetArrayDataReference(first);
        ref double b = ref MemoryMarshal.GetArrayDataReference(second);
        int divisor = Divisor(n, m);
        long up = m / divisor, down = n / divisor, height = 0, most = 0;
        double area = 0, at = Math.Min(a, b);
        while (at < double.PositiveInfinity)
        {
            bool fromA = a <= at, fromB = b <= at;
            height += (fromA ? up : 0) - (fromB ? down : 0);
            a = ref Unsafe.Add(ref a, fromA ? 1 : 0);
            b = ref Unsafe.Add(ref b, fromB ? 1 : 0);
            double next = Math.Min(a, b);
            if (next > at)
            {
                long distance = Math.Abs(height);
                most = Math.Max(most, distance);
                if (next < double.PositiveInfinity) area += distance * (next - at);
                at = next;
            }
        }
        return new SampleDistance(most, area / ((double)up * n));
    }
}
