namespace QuadTurbo.Learning.Numerics;

/// <summary>Sorts arrays of numbers; the order of −0 and 0 is that of their bits, NaN is refused.</summary>
public static class Sorting
{
    /// <summary>The positions of <paramref name="keys"/> in ascending order; equal keys keep their order.</summary>
    /// <exception cref="ArgumentException">A key is NaN.</exception>
    public static int[] Order(ReadOnlySpan<double> keys)
    {
        Refuse(keys.IndexOf(double.NaN));
        var order = new int[keys.Length];
        for (int i = 0; i < order.Length; i++) order[i] = i;
        double[] copy = keys.ToArray();
        Array.Sort(order, (a, b) => copy[a].CompareTo(copy[b]) is var c && c != 0 ? c : a.CompareTo(b));
        return order;
    }

    /// <summary>Sorts <paramref name="values"/> ascending.</summary>
    /// <exception cref="ArgumentException">A value is NaN.</exception>
    public static void Sort(Span<double> values)
    {
        Refuse(values.IndexOf(double.NaN));
        values.Sort();
    }

    /// <summary>Sorts <paramref name="values"/> ascending.</summary>
    /// <exception cref="ArgumentException">A value is NaN.</exception>
    public static void Sort(Span<float> values)
    {
        Refuse(values.IndexOf(float.NaN));
        values.Sort();
    }

    private static void Refuse(int at)
    {
        if (at >= 0) throw new ArgumentException($"value {at} is NaN: leave out what is not known");
    }
}
