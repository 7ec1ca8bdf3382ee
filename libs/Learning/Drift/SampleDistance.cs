using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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
        SpreadSort.Sort(sorted.AsSpan(0, values.Length));
        if (double.IsInfinity(sorted[0]) || double.IsInfinity(sorted[values.Length - 1]))
            throw new ArgumentException("a sample holds an infinity: a distance needs finite values");
        sorted[values.Length] = double.PositiveInfinity;
        return sorted;
    }

    // One value a step, from `first` while it is not above: i of it and s − i of `second` are behind after s steps, so F − G is known from i.
    // It is measured where a group of equal values ends, never inside it. Each step waits for the last, so the lower and the upper half are
    // walked side by side: the upper one starts at the median of `first` in both.
    private static SampleDistance Walk(double[] first, int n, double[] second, int m)
    {
        ref double a = ref MemoryMarshal.GetArrayDataReference(first);
        ref double b = ref MemoryMarshal.GetArrayDataReference(second);
        int divisor = Divisor(n, m);
        long up = m / divisor, down = n / divisor, most = 0;
        double area = 0, middle = first[n / 2];
        int low = 0, high = Below(first.AsSpan(0, n), middle), start = high + Below(second.AsSpan(0, m), middle);
        double lowAt = Math.Min(a, b), highAt = lowAt;
        if (high > 0) highAt = first[high - 1];
        if (start > high) highAt = Math.Max(highAt, second[start - high - 1]);
        int both = Math.Min(start, n + m - start);
        for (int s = 0; s < both; s++)
        {
            Step(ref a, ref b, s, ref low, ref lowAt, up, down, ref most, ref area);
            Step(ref a, ref b, start + s, ref high, ref highAt, up, down, ref most, ref area);
        }
        for (int s = both; s < start; s++) Step(ref a, ref b, s, ref low, ref lowAt, up, down, ref most, ref area);
        for (int s = start + both; s < n + m; s++) Step(ref a, ref b, s, ref high, ref highAt, up, down, ref most, ref area);
        return new SampleDistance(most, area / ((double)up * n));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(ref double a, ref double b, int s, ref int i, ref double at, long up, long down, ref long most, ref double area)
    {
        double x = Unsafe.Add(ref a, i), y = Unsafe.Add(ref b, s - i), value = double.MinNative(x, y);
        if (value > at)
        {
            long distance = Math.Abs(i * (up + down) - s * down);
            most = Math.Max(most, distance);
            area += distance * (value - at);
            at = value;
        }
        i += x <= y ? 1 : 0;
    }

    // How many of the sorted values are below `value`.
    private static int Below(ReadOnlySpan<double> sorted, double value)
    {
        int left = 0;
        for (int right = sorted.Length; left < right;)
        {
            int middle = (left + right) >>> 1;
            if (sorted[middle] < value) left = middle + 1;
            else right = middle;
        }
        return left;
    }
}
