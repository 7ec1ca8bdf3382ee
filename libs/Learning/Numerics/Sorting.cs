using System.Buffers;
using System.Numerics;

namespace QuadTurbo.Learning.Numerics;

/// <summary>Sorts arrays of numbers in time linear in their length.</summary>
/// <remarks>
/// −0 counts as 0: <c>Order</c> takes the two for a tie, <c>Sort</c> writes 0 for both. Infinities stand at the ends, NaN is refused.
/// Numbers become unsigned keys of the same order, of which <see cref="Radix"/> sorts the 32 leading bits that differ at all;
/// keys that agree in those are sorted by the bits below.
/// </remarks>
public static class Sorting
{
    private const ulong LowestKey = 0x000FFFFFFFFFFFFF, HighestKey = 0xFFF0000000000000;
    private const uint LowestFloatKey = 0x007FFFFF, HighestFloatKey = 0xFF800000;

    /// <summary>The positions of <paramref name="keys"/> in ascending order; equal keys keep their order.</summary>
    /// <exception cref="ArgumentException">A key is NaN.</exception>
    public static int[] Order(ReadOnlySpan<double> keys)
    {
        var order = new int[keys.Length];
        Order(keys, order);
        return order;
    }

    /// <summary>Writes the positions of <paramref name="keys"/> in ascending order; equal keys keep their order.</summary>
    /// <exception cref="ArgumentException">A key is NaN, or the lengths differ.</exception>
    public static void Order(ReadOnlySpan<double> keys, Span<int> order)
    {
        CheckLength(keys.Length, order.Length);
        ulong[] rented = ArrayPool<ulong>.Shared.Rent(2 * keys.Length);
        try
        {
            Span<ulong> items = rented.AsSpan(0, keys.Length);
            for (int i = 0; i < items.Length; i++) items[i] = (uint)i;
            OrderRun(keys, items, rented.AsSpan(keys.Length, keys.Length));
            for (int i = 0; i < items.Length; i++) order[i] = (int)(uint)items[i];
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(rented);
        }
    }

    /// <inheritdoc cref="Order(ReadOnlySpan{double})"/>
    public static int[] Order(ReadOnlySpan<float> keys)
    {
        var order = new int[keys.Length];
        Order(keys, order);
        return order;
    }

    /// <inheritdoc cref="Order(ReadOnlySpan{double}, Span{int})"/>
    public static void Order(ReadOnlySpan<float> keys, Span<int> order)
    {
        CheckLength(keys.Length, order.Length);
        ulong[] rented = ArrayPool<ulong>.Shared.Rent(2 * keys.Length);
        try
        {
            Span<ulong> items = rented.AsSpan(0, keys.Length);
            uint low = uint.MaxValue, high = 0;
            for (int i = 0; i < items.Length; i++)
            {
                uint key = Key(keys[i]);
                (low, high) = (Math.Min(low, key), Math.Max(high, key));
                items[i] = ((ulong)key << 32) | (uint)i;
            }
            if (low < LowestFloatKey || high > HighestFloatKey) Refuse(keys.IndexOf(float.NaN));
            for (int i = 0; i < items.Length; i++) items[i] -= (ulong)low << 32;
            Radix.Sort(items, rented.AsSpan(keys.Length, keys.Length), 32, BitsOf(low, high));
            for (int i = 0; i < items.Length; i++) order[i] = (int)(uint)items[i];
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(rented);
        }
    }

    /// <summary>Sorts <paramref name="values"/> ascending.</summary>
    /// <exception cref="ArgumentException">A value is NaN.</exception>
    public static void Sort(Span<double> values)
    {
        ulong[] rented = ArrayPool<ulong>.Shared.Rent(2 * values.Length);
        try
        {
            Span<ulong> keys = rented.AsSpan(0, values.Length);
            for (int i = 0; i < keys.Length; i++) keys[i] = Key(values[i]);
            (ulong low, ulong high) = SortRun(keys, rented.AsSpan(values.Length, values.Length));
            if (low < LowestKey || high > HighestKey) Refuse(values.IndexOf(double.NaN));
            for (int i = 0; i < keys.Length; i++) values[i] = Value(keys[i]);
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(rented);
        }
    }

    /// <inheritdoc cref="Sort(Span{double})"/>
    public static void Sort(Span<float> values)
    {
        uint[] rented = ArrayPool<uint>.Shared.Rent(2 * values.Length);
        try
        {
            Span<uint> keys = rented.AsSpan(0, values.Length);
            uint low = uint.MaxValue, high = 0;
            for (int i = 0; i < keys.Length; i++)
            {
                uint key = keys[i] = Key(values[i]);
                (low, high) = (Math.Min(low, key), Math.Max(high, key));
            }
            if (low < LowestFloatKey || high > HighestFloatKey) Refuse(values.IndexOf(float.NaN));
            for (int i = 0; i < keys.Length; i++) keys[i] -= low;
            Radix.Sort(keys, rented.AsSpan(values.Length, values.Length), 0, BitsOf(low, high));
            for (int i = 0; i < keys.Length; i++) values[i] = Value(keys[i] + low);
        }
        finally
        {
            ArrayPool<uint>.Shared.Return(rented);
        }
    }

    // Items carry a position below and, once ordered, the leading bits of its key above: the position breaks ties and makes it stable.
    // Each level settles 32 bits, so the recursion is two deep at most.
    private static void OrderRun(ReadOnlySpan<double> keys, Span<ulong> items, Span<ulong> buffer)
    {
        ulong low = ulong.MaxValue, high = 0;
        foreach (ulong item in items)
        {
            ulong key = Key(keys[(int)(uint)item]);
            (low, high) = (Math.Min(low, key), Math.Max(high, key));
        }
        if (low < LowestKey || high > HighestKey) Refuse(keys.IndexOf(double.NaN));
        if (low >= high) return;
        int bits = BitsOf(low, high), below = Math.Max(0, bits - 32);
        foreach (ref ulong item in items) item = (((Key(keys[(int)(uint)item]) - low) >> below) << 32) | (uint)item;
        Radix.Sort(items, buffer, 32, bits - below);
        if (below == 0) return;
        for (int start = 0, end; start < items.Length; start = end)
        {
            for (end = start + 1; end < items.Length && items[end] >> 32 == items[start] >> 32;) end++;
            if (end > start + 1) OrderRun(keys, items[start..end], buffer[start..end]);
        }
    }

    private static (ulong Low, ulong High) SortRun(Span<ulong> keys, Span<ulong> buffer)
    {
        ulong low = ulong.MaxValue, high = 0;
        foreach (ulong key in keys) (low, high) = (Math.Min(low, key), Math.Max(high, key));
        if (low >= high) return (low, high);
        int bits = BitsOf(low, high), below = Math.Max(0, bits - 32);
        foreach (ref ulong key in keys) key -= low;
        Radix.Sort(keys, buffer, below, bits - below);
        for (int start = 0, end; below > 0 && start < keys.Length; start = end)
        {
            for (end = start + 1; end < keys.Length && keys[end] >> below == keys[start] >> below;) end++;
            if (end > start + 1) SortRun(keys[start..end], buffer[start..end]);
        }
        foreach (ref ulong key in keys) key += low;
        return (low, high);
    }

    // Adding 0 turns −0 into 0. Negative numbers have all bits turned, others the sign alone, so that keys compare as numbers do.
    private static ulong Key(double value)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value + 0.0);
        return bits ^ ((ulong)((long)bits >> 63) | 1UL << 63);
    }

    private static uint Key(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value + 0f);
        return bits ^ ((uint)((int)bits >> 31) | 1U << 31);
    }

    private static double Value(ulong key) => BitConverter.UInt64BitsToDouble(key ^ ((ulong)((long)~key >> 63) | 1UL << 63));

    private static float Value(uint key) => BitConverter.UInt32BitsToSingle(key ^ ((uint)((int)~key >> 31) | 1U << 31));

    private static int BitsOf(ulong low, ulong high) => low >= high ? 0 : 64 - BitOperations.LeadingZeroCount(high - low);

    private static void CheckLength(int keys, int order)
    {
        if (keys != order) throw new ArgumentException($"room for {order} positions of {keys} keys", nameof(order));
    }

    private static void Refuse(int at) => throw new ArgumentException($"value {at} is NaN: leave out what is not known");
}
