using System.Buffers;
using System.Runtime.Intrinsics;
using QuadTurbo.Learning.Numerics;

namespace QuadTurbo.Learning.Drift;

/// <summary>Sorts values that are spread out, in one pass of buckets and one of insertions; other values by <see cref="Sorting"/>.</summary>
/// <remarks>
/// A value's bucket is linear in the value (Dobosiewicz 1978), so no two buckets need comparing; buckets hold one or two values where the
/// distribution is smooth. Outliers that crowd the rest into few buckets are noticed by Σ count², before anything is moved.
/// 0 and −0 are equal here, in any order.
/// </remarks>
internal static class SpreadSort
{
    private const int Small = 32;

    // Mean number of values in the bucket of a value, above which insertion would cost more than a radix sort.
    private const int Crowded = 12;

    /// <summary>Sorts <paramref name="values"/> ascending.</summary>
    /// <exception cref="ArgumentException">A value is NaN.</exception>
    public static void Sort(Span<double> values)
    {
        (double low, double high) = Range(values);
        int buckets = 2 * values.Length;
        double scale = (buckets - 1) / (high - low);
        // Not so for NaN, infinities, equal values and ranges beyond the largest double.
        if (values.Length <= Small || !(scale > 0 && double.IsFinite(scale)))
        {
            Sorting.Sort(values);
            return;
        }
        int[] ends = ArrayPool<int>.Shared.Rent(buckets);
        double[] copy = ArrayPool<double>.Shared.Rent(values.Length);
        if (Count(values, ends.AsSpan(0, buckets), low, scale)) Spread(values, copy.AsSpan(0, values.Length), ends, low, scale);
        else Sorting.Sort(values);
        ArrayPool<int>.Shared.Return(ends);
        ArrayPool<double>.Shared.Return(copy);
    }

    // NaN makes both ends NaN.
    private static (double Low, double High) Range(ReadOnlySpan<double> values)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        int i = 0;
        if (values.Length >= Vector256<double>.Count)
        {
            Vector256<double> lows = Vector256.Create(low), highs = Vector256.Create(high);
            for (; i <= values.Length - Vector256<double>.Count; i += Vector256<double>.Count)
            {
                Vector256<double> next = Vector256.Create(values[i..]);
                (lows, highs) = (Vector256.Min(lows, next), Vector256.Max(highs, next));
            }
            for (int lane = 0; lane < Vector256<double>.Count; lane++) (low, high) = (Math.Min(low, lows[lane]), Math.Max(high, highs[lane]));
        }
        for (; i < values.Length; i++) (low, high) = (Math.Min(low, values[i]), Math.Max(high, values[i]));
        return (low, high);
    }

    // Where each bucket ends; false when the values crowd in few of them.
    private static bool Count(ReadOnlySpan<double> values, Span<int> ends, double low, double scale)
    {
        ends.Clear();
        foreach (double value in values) ends[Bucket(value, low, scale)]++;
        long pairs = 0;
        int end = 0;
        foreach (ref int count in ends)
        {
            pairs += (long)count * count;
            end += count;
            count = end;
        }
        return pairs <= (long)Crowded * values.Length;
    }

    private static void Spread(Span<double> values, Span<double> copy, Span<int> ends, double low, double scale)
    {
        values.CopyTo(copy);
        foreach (double value in copy) values[--ends[Bucket(value, low, scale)]] = value;
        for (int i = 1; i < values.Length; i++)
        {
            double value = values[i];
            int at = i;
            for (; at > 0 && values[at - 1] > value; at--) values[at] = values[at - 1];
            values[at] = value;
        }
    }

    private static int Bucket(double value, double low, double scale) => double.ConvertToIntegerNative<int>((value - low) * scale);
}
